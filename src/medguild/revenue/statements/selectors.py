"""What an account owes and why: for staff of its entity, and for the guarantor."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import IntegerField, Max, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from medguild.foundation.codesets.rules import System
from medguild.foundation.codesets.selectors import lookup_many
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import today
from medguild.foundation.kernel.money import Cents
from medguild.foundation.kernel.scoping import ScopedQuerySet
from medguild.foundation.ledger.models import Posting
from medguild.foundation.ledger.rules import Chart
from medguild.foundation.ledger.selectors import balances_of
from medguild.patients.accounts.models import GuarantorAccount
from medguild.revenue.charges.models import Charge
from medguild.revenue.receipts.models import Receipt
from medguild.revenue.receipts.scope import account_in_scope, accounts_in_scope
from medguild.revenue.receipts.standing import ChargeStanding, standings
from medguild.revenue.remittances.models import RemittanceLine
from medguild.revenue.statements import rules
from medguild.revenue.statements.models import Statement
from medguild.revenue.statements.permissions import StatementsRight
from medguild.revenue.statements.rules import Why

_KNOWN = "the caller has found this account in its own scope"
_PATIENT = "patient"  # the effect of an adjustment that came to the patient


@dataclass(frozen=True, slots=True)
class Balance:
    """An account in cents: owed by the guarantor, still with payers, received and not applied yet."""

    patient_owes: Cents
    insurance_pending: Cents
    unapplied: Cents


@dataclass(frozen=True, slots=True)
class Reason:
    """A part of the patient's share and why it is the patient's."""

    why: Why
    amount: Cents


@dataclass(frozen=True, slots=True)
class BalanceLine:
    """One service, told so that it adds up: charged = insurance paid + adjusted + patient paid + left + pending."""

    standing: ChargeStanding
    label: str
    why: Why
    reasons: Sequence[Reason]

    @property
    def charge(self) -> Charge | None:
        return self.standing.charge

    @property
    def insurance_paid(self) -> Cents:
        one = self.standing
        if one.charge is None:
            return 0
        return rules.insurance_paid(charged=one.charged, pending=one.pending, adjusted=one.adjusted, share=one.share)

    @property
    def left(self) -> Cents:
        return self.standing.left


def account_for(actor: Actor, account_id: UUID, right: str = StatementsRight.READ) -> GuarantorAccount:
    """An account of the actor's entities, or of the own record. Raises NotVisible."""
    return account_in_scope(actor, account_id, right)


def account_balance(account_id: UUID) -> Balance:
    """Asks no scope: the caller has found the account in its own."""
    stands = balances_of([account_id])[account_id]
    return Balance(stands.patient, stands.insurance, stands.unapplied)


def balance_lines(account_id: UUID) -> list[BalanceLine]:
    """Every service of an account with what became of its charge, oldest first; what no charge explains comes first.

    What is left sums to the account's `patient_owes`. Asks no scope.
    """
    found = standings(account_id)
    charges = [one.charge for one in found if one.charge is not None]
    labels = lookup_many(System.PROCEDURE, {charge.code for charge in charges}, today())
    shares = patient_shares([charge.pk for charge in charges])
    lines = []
    for one in found:
        charge = one.charge
        label = labels[charge.code].label if charge and charge.code in labels else (charge.code if charge else "")
        reasons = shares.get(charge.pk, ()) if charge else ()
        lines.append(_line(one, label, reasons))
    return lines


def _line(standing: ChargeStanding, label: str, reasons: Sequence[Reason]) -> BalanceLine:
    if standing.charge is None:
        return BalanceLine(standing, label, Why.BROUGHT_FORWARD, ())
    why = rules.standing_reason(
        insured=standing.charge.coverage_id is not None,
        pending=standing.pending,
        share=standing.share,
        left=standing.left,
    )
    told = reasons if sum(reason.amount for reason in reasons) == standing.share else ()
    if why is Why.AFTER_INSURANCE and len(told) == 1:
        why = told[0].why
    return BalanceLine(standing, label, why, told)


def patient_shares(charge_ids: Collection[UUID]) -> dict[UUID, list[Reason]]:
    """What payers said is the patient's, by charge and reason; reversals take back what they reverse."""
    rows = RemittanceLine.objects.unscoped(_KNOWN).filter(claim_line__charge_id__in=list(charge_ids))
    sums: dict[UUID, dict[Why, Cents]] = {}
    for charge_id, adjustments in rows.values_list("claim_line__charge_id", "adjustments"):
        of_charge = sums.setdefault(charge_id, {})
        for one in adjustments:
            if one.get("effect") == _PATIENT:
                why = rules.share_reason(one["reason"])
                of_charge[why] = of_charge.get(why, 0) + int(one["amount"])
    return {
        charge_id: [Reason(why, cents) for why, cents in parts.items() if cents] for charge_id, parts in sums.items()
    }


def patients_of(lines: Iterable[BalanceLine]) -> set[UUID]:
    return {line.charge.patient_id for line in lines if line.charge is not None}


def accounts_with_balance(
    actor: Actor, right: str = StatementsRight.READ, *, code: str = Chart.PATIENT_AR
) -> ScopedQuerySet[GuarantorAccount]:
    """Accounts on which something is owed by the guarantor, with `owes`, `pending` and `last_statement`."""
    sums = Posting.objects.unscoped(_KNOWN).filter(account_id__isnull=False)
    owing = sums.filter(ledger_account__code=code).order_by().values("account_id")
    owing = owing.annotate(total=Sum("amount")).filter(total__gt=0).values("account_id")
    told = Statement.objects.unscoped(_KNOWN).filter(account_id=OuterRef("pk")).order_by().values("account_id")
    rows = accounts_in_scope(actor, right).select_related("guarantor_patient", "entity").filter(pk__in=owing)
    numbers: dict[str, Any] = {
        "owes": _sum_of(Chart.PATIENT_AR),
        "pending": _sum_of(Chart.INSURANCE_AR),
        "last_statement": Subquery(told.annotate(last=Max("made_on")).values("last")),
    }
    return rows.annotate(**numbers)


def _sum_of(code: str) -> Coalesce:
    rows = Posting.objects.unscoped(_KNOWN).filter(account_id=OuterRef("pk"), ledger_account__code=code)
    sums = rows.order_by().values("account_id").annotate(total=Sum("amount")).values("total")
    return Coalesce(Subquery(sums, output_field=IntegerField()), 0)


def statements_of(account_id: UUID) -> list[Statement]:
    """Asks no scope. Newest first."""
    rows = Statement.objects.unscoped(_KNOWN).filter(account_id=account_id)
    return list(rows.order_by("-made_on", "-pk"))


def receipts_of(account_id: UUID) -> list[Receipt]:
    """Payments of an account with `applied`, newest first. Asks no scope."""
    rows = Receipt.objects.unscoped(_KNOWN).filter(account_id=account_id).select_related("site__site", "patient")
    applied = Coalesce(Sum("allocations__amount"), 0)
    return list(rows.annotate(applied=applied).order_by("-taken_at", "-pk"))


def readable(actor: Actor, ids: Collection[UUID]) -> set[UUID]:
    """Statements whose account the actor may see."""
    mine = accounts_in_scope(actor, StatementsRight.READ).values("pk")
    rows = Statement.objects.unscoped("narrowed to accounts in scope").filter(pk__in=list(ids), account_id__in=mine)
    return set(rows.values_list("pk", flat=True))


def accounts_named(actor: Actor, account_ids: Collection[UUID]) -> dict[UUID | None, str]:
    """Number and guarantor of accounts whose balances the actor may read."""
    rows = accounts_in_scope(actor, StatementsRight.READ).filter(pk__in=account_ids)
    return {one.pk: f"{one.number} {one.guarantor_name()}" for one in rows.select_related("guarantor_patient")}
