"""Steps of the check-in list that are about money, and the flag of who owes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.ids import new_id
from medguild.foundation.kernel.money import Cents, dollars, plain
from medguild.foundation.kernel.verdict import Verdict, no, unknown, yes
from medguild.foundation.ledger.selectors import balances_of
from medguild.operations.visits.ports import (
    ChecklistStep,
    Flag,
    FlagSource,
    FlagTone,
    VisitRef,
    checklist_steps,
    flag_sources,
)
from medguild.revenue.receipts.permissions import ReceiptsRight
from medguild.revenue.receipts.rules import Purpose
from medguild.revenue.receipts.selectors import accounts_on, copay_taken, expected_copay, my_drawer
from medguild.revenue.receipts.words import METHOD_CHOICES

COPAY, BALANCE = "co-pay", "balance"


def copay_left(ref: VisitRef) -> Cents:
    """What of the visit's co-pay is still to be taken."""
    expected = expected_copay(ref)
    return max(0, expected - copay_taken(ref.visit_id)) if expected else 0


def owed_now(ref: VisitRef) -> Cents:
    """What the account of the patient at the visit's entity owes; money that waits for a co-pay does not lower it."""
    account_id = accounts_on([ref]).get(ref)
    return 0 if account_id is None else max(0, balances_of([account_id])[account_id].patient)


def copay_state(actor: Actor, ref: VisitRef) -> Verdict:
    if not expected_copay(ref):
        return unknown("no_copay", _("No co-pay is expected."))
    left = copay_left(ref)
    if not left:
        return yes("copay_taken", _("%(amount)s taken") % {"amount": dollars(copay_taken(ref.visit_id))})
    return no("copay_due", _("%(amount)s to pay") % {"amount": dollars(left)})


def balance_state(actor: Actor, ref: VisitRef) -> Verdict:
    owed = owed_now(ref)
    if not owed:
        return unknown("nothing_owed", _("Nothing is owed."))
    return no("balance_due", _("%(amount)s of earlier visits to pay") % {"amount": dollars(owed)})


def _paying(actor: Actor, ref: VisitRef, amount: Cents, purpose: Purpose) -> Mapping[str, Any]:
    return {
        "amount": amount,
        "typed": plain(amount),
        "purpose": purpose.value,
        "dialog": f"pay-{purpose.value}",
        "receipt_id": new_id(),
        "methods": METHOD_CHOICES,
        "account_id": accounts_on([ref]).get(ref),
        "drawer": my_drawer(actor, ref.site_id),
        "site_id": ref.site_id,
    }


def _copay(actor: Actor, ref: VisitRef) -> Mapping[str, Any]:
    return _paying(actor, ref, copay_left(ref), Purpose.COPAY)


def _balance(actor: Actor, ref: VisitRef) -> Mapping[str, Any]:
    return _paying(actor, ref, owed_now(ref), Purpose.BALANCE)


def balance_flags(actor: Actor, refs: Sequence[VisitRef]) -> dict[VisitRef, Sequence[Flag]]:
    """Who owes something from earlier; two queries for the whole list."""
    accounts = accounts_on(refs)
    balances = balances_of(set(accounts.values()))
    owed = {ref: balances[account_id].patient for ref, account_id in accounts.items()}
    return {ref: [_owes(cents)] for ref, cents in owed.items() if cents > 0}


def _owes(cents: Cents) -> Flag:
    return Flag("balance", _("Owes %(amount)s") % {"amount": dollars(cents)}, FlagTone.WARN, icon="cash")


checklist_steps.register(
    COPAY,
    ChecklistStep(
        key=COPAY,
        label=gettext_lazy("Take the co-pay"),
        order=40,
        state=copay_state,
        template="receipts/_step_pay.html",
        context=_copay,
        right=ReceiptsRight.TAKE,
    ),
)
checklist_steps.register(
    BALANCE,
    ChecklistStep(
        key=BALANCE,
        label=gettext_lazy("Ask for the old balance"),
        order=50,
        state=balance_state,
        template="receipts/_step_pay.html",
        context=_balance,
        right=ReceiptsRight.TAKE,
    ),
)
flag_sources.register("balance", FlagSource("balance", balance_flags, right=ReceiptsRight.TAKE))
