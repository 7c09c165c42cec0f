"""From one service of a balance down to its records: claim lines, what payers said of them, payments, postings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q

from medguild.foundation.codesets.rules import System
from medguild.foundation.codesets.selectors import lookup_many
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import today
from medguild.foundation.kernel.errors import NotVisible
from medguild.foundation.kernel.money import Cents
from medguild.foundation.ledger.models import Posting
from medguild.foundation.ledger.rules import Chart
from medguild.patients.accounts.models import GuarantorAccount
from medguild.revenue.claims.models import ClaimLine
from medguild.revenue.receipts.models import Allocation, Receipt
from medguild.revenue.receipts.standing import ADJUSTMENTS, SOURCE
from medguild.revenue.remittances.models import RemittanceLine
from medguild.revenue.statements.selectors import BalanceLine, balance_lines

_KNOWN = "the account was found in the actor's scope"
_SHOWN = (Chart.CHARGES, Chart.INSURANCE_AR, Chart.PATIENT_AR, *ADJUSTMENTS)


@dataclass(frozen=True, slots=True)
class SaidLine:
    """What a payer said of a service: paid, and each adjustment with its words."""

    line: RemittanceLine
    adjustments: Sequence[tuple[str, str, Cents]]


@dataclass(frozen=True, slots=True)
class Service:
    """A line of a balance with everything behind it. `postings` is empty for those who may not read the books."""

    line: BalanceLine
    claim_lines: Sequence[ClaimLine]
    said: Sequence[SaidLine]
    payments: Sequence[Allocation]
    postings: Sequence[Posting]
    visible_receipts: frozenset[UUID]


def service(actor: Actor, account: GuarantorAccount, charge_id: UUID | None) -> Service:
    """One line of an account that a selector gave out; `charge_id` None: what no charge explains. Raises NotVisible."""
    line = next(
        (one for one in balance_lines(account.pk) if (one.charge.pk if one.charge else None) == charge_id), None
    )
    if line is None:
        raise NotVisible
    claim_lines = _claim_lines(charge_id)
    payments = _payments(account, charge_id)
    receipts = Receipt.objects.visible_to(actor).filter(pk__in={one.receipt_id for one in payments})
    return Service(
        line=line,
        claim_lines=claim_lines,
        said=_said(claim_lines),
        payments=payments,
        postings=_postings(actor, account, charge_id, claim_lines, payments),
        visible_receipts=frozenset(receipts.values_list("pk", flat=True)),
    )


def _claim_lines(charge_id: UUID | None) -> list[ClaimLine]:
    if charge_id is None:
        return []
    rows = ClaimLine.objects.unscoped(_KNOWN).filter(charge_id=charge_id)
    return list(rows.select_related("claim__payer").order_by("claim__created_at", "pk"))


def _said(claim_lines: Sequence[ClaimLine]) -> list[SaidLine]:
    rows = RemittanceLine.objects.unscoped(_KNOWN).filter(claim_line__in=[line.pk for line in claim_lines])
    lines = list(rows.select_related("remittance_claim__remittance__payer").order_by("remittance_claim__applied_at"))
    codes = {str(one["reason"]) for line in lines for one in line.adjustments}
    words = lookup_many(System.CARC, codes, today())
    return [SaidLine(line, [_adjustment(one, words) for one in line.adjustments]) for line in lines]


def _adjustment(one: Mapping[str, Any], words: Mapping[str, Any]) -> tuple[str, str, Cents]:
    code = str(one["reason"])
    return (f"{one['group']}-{code}", words[code].label if code in words else "", int(one["amount"]))


def _payments(account: GuarantorAccount, charge_id: UUID | None) -> list[Allocation]:
    rows = Allocation.objects.unscoped(_KNOWN).filter(account=account)
    rows = rows.filter(charge_id=charge_id) if charge_id else rows.filter(charge_id__isnull=True)
    return list(rows.select_related("receipt__site__site").order_by("made_at", "pk"))


def _postings(
    actor: Actor,
    account: GuarantorAccount,
    charge_id: UUID | None,
    claim_lines: Sequence[ClaimLine],
    payments: Sequence[Allocation],
) -> list[Posting]:
    """Postings of the service in the books, as far as the actor may read them."""
    rows = Posting.objects.visible_to(actor).filter(entity_id=account.entity_id)
    rows = rows.filter(ledger_account__code__in=[code.value for code in _SHOWN])
    rows = rows.select_related("entry", "ledger_account").order_by("booked_on", "pk")
    if charge_id is None:
        of_charges = Q(claim_line_id__isnull=False) | Q(entry__source_type__in=["charge", SOURCE])
        paid = {(one.entry_id, -one.amount) for one in payments}
        others = rows.filter(account_id=account.pk, entry_id__in=[one.entry_id for one in payments])
        return [*rows.filter(account_id=account.pk).exclude(of_charges), *_paying(others, paid)]
    by_line = Q(claim_line_id__in=[line.pk for line in claim_lines])
    by_source = Q(entry__source_type="charge", entry__source_id=charge_id)
    on_claim = {posting.pk: posting for posting in rows.filter(by_line | by_source)}
    # What was paid on a service without claim is known by its allocation alone.
    paid = {(one.entry_id, -one.amount) for one in payments}
    others = rows.filter(entry_id__in=[one.entry_id for one in payments], claim_line_id__isnull=True)
    found = on_claim | {posting.pk: posting for posting in _paying(others, paid)}
    return sorted(found.values(), key=lambda posting: (posting.booked_on, str(posting.pk)))


def _paying(rows: Iterable[Posting], paid: set[tuple[UUID, Cents]]) -> list[Posting]:
    return [row for row in rows if row.ledger_account.code == Chart.PATIENT_AR and (row.entry_id, row.amount) in paid]
