"""Applying money to what is owed: at once when it is taken, or later when a debt arises."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import Coalesce

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import day_of, now
from medguild.foundation.kernel.money import Cents
from medguild.foundation.ledger.models import Entry
from medguild.foundation.ledger.ports import TRANSFER
from medguild.foundation.ledger.rules import Line
from medguild.foundation.ledger.selectors import Standing, balances_of
from medguild.foundation.ledger.services import post
from medguild.revenue.receipts import rules
from medguild.revenue.receipts.lines import kept, settling
from medguild.revenue.receipts.models import Allocation, Receipt
from medguild.revenue.receipts.recording import APPLIED, lock_account, tell
from medguild.revenue.receipts.rules import Debt, Share
from medguild.revenue.receipts.standing import SOURCE, by_charge, debts

_HELD = "the account is locked by the caller"


@transaction.atomic
def apply_unapplied(*, account_id: UUID, by: Actor, at: dt.datetime | None = None) -> list[Entry]:
    """Bring an account's receipts in line with what is owed now; returns the entries made, none when nothing changed.

    What stands above a debt that became smaller comes free again, then free money settles debts in their order. Under
    the account's lock, so that each cent is applied once however often and from wherever this is called.
    """
    moment = at or now()
    lock_account(account_id)
    owed = debts(account_id)
    freed = _free_overpaid(account_id, owed, by=by, at=moment)
    owed = rules.settle(owed, [Share(share.charge_id, -share.amount) for share in freed[1]])
    return freed[0] + _apply_free(account_id, owed, by=by, at=moment)


def _free_overpaid(
    account_id: UUID, owed: Sequence[Debt], *, by: Actor, at: dt.datetime
) -> tuple[list[Entry], list[Share]]:
    entries: list[Entry] = []
    all_freed: list[Share] = []
    if not any(debt.owed < 0 for debt in owed):
        return entries, all_freed
    for receipt in reversed(_receipts(account_id)):
        freed = rules.give_back(owed, placed_of(receipt))
        if freed:
            back = [Share(share.charge_id, -share.amount) for share in freed]
            entries.append(_post(receipt, back, by=by, at=at))
            owed = rules.settle(owed, back)
            all_freed += freed
    return entries, all_freed


def _apply_free(account_id: UUID, owed: Sequence[Debt], *, by: Actor, at: dt.datetime) -> list[Entry]:
    entries = []
    stands = standing_of(account_id)
    most, money = stands.patient, stands.unapplied
    for receipt in _receipts(account_id):
        free = min(receipt.amount - receipt.applied, money)  # type: ignore[attr-defined]
        reach = rules.within_reach(owed, purpose=receipt.purpose, visit_id=receipt.visit_id)
        shares = rules.allocate(free, reach, most=most)
        if shares:
            entries.append(_post(receipt, shares, by=by, at=at))
            owed = rules.settle(owed, shares)
            most, money = most - rules.total(shares), money - rules.total(shares)
    return entries


def _receipts(account_id: UUID) -> list[Receipt]:
    """Receipts in force with what of each is applied, oldest first."""
    rows = Receipt.objects.unscoped(_HELD).filter(account_id=account_id, voided_at__isnull=True)
    applied = Coalesce(Sum("allocations__amount"), 0)
    return list(rows.select_related("account").annotate(applied=applied).order_by("taken_at", "pk"))


def standing_of(account_id: UUID) -> Standing:
    return balances_of([account_id])[account_id]


def placed_of(receipt: Receipt) -> list[Share]:
    """What of a receipt is applied, the latest first."""
    rows = Allocation.objects.unscoped(_HELD).filter(receipt=receipt).order_by("-pk")
    sums = by_charge(rows.values_list("charge_id", "amount"))
    return [Share(charge_id, cents) for charge_id, cents in sums.items()]


def _post(receipt: Receipt, shares: Sequence[Share], *, by: Actor, at: dt.datetime) -> Entry:
    """From received and not applied to settled; back again where the shares are negative."""
    amount = rules.total(shares)
    lines: list[Line] = [kept(receipt, -amount), *settling(receipt, shares)]
    turn = Entry.objects.unscoped(_HELD).filter(source_type=SOURCE, source_id=receipt.pk).count()
    entry = post(
        entry_type=TRANSFER,
        lines=lines,
        occurred_on=day_of(at),
        source_key=f"receipt:{receipt.pk}:applied:{turn}",
        source_type=SOURCE,
        source_id=receipt.pk,
        by=by,
        at=at,
    )
    allocate(receipt, shares, entry, at)
    tell(APPLIED, receipt, by, at, applied=amount)
    return entry


def allocate(receipt: Receipt, shares: Sequence[Share], entry: Entry, at: dt.datetime) -> Cents:
    """Note which charges an entry settled; returns how much of the receipt it was."""
    Allocation.objects.bulk_create(
        Allocation(
            receipt=receipt, account_id=receipt.account_id, charge_id=share.charge_id, amount=share.amount,
            entry=entry, made_at=at,
        )
        for share in shares
    )  # fmt: skip
    return rules.total(shares)
