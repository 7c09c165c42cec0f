"""Drawers, receipts, and which debts a payment settles. Pure; money is integer cents."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from medguild.foundation.kernel.money import Cents


class DrawerStatus(enum.StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class Method(enum.StrEnum):
    CASH = "cash"
    CARD = "card"
    CHECK = "check"
    OTHER = "other"


class Purpose(enum.StrEnum):
    """For what the patient pays. A co-pay waits for the services of its visit, a prepayment for any."""

    COPAY = "copay"
    BALANCE = "balance"
    PREPAYMENT = "prepayment"


LARGEST = 10_000_000  # 100,000.00: more than that is a slip of the hand
_UNDATED = dt.date.min


@dataclass(frozen=True, slots=True)
class Debt:
    """What a patient owes for one charge, in cents; below zero where more was paid than is owed.

    `charge_id` None stands for what no charge explains, such as a balance taken over from an earlier system.
    `settled` says that no payer's answer is awaited any more.
    """

    charge_id: UUID | None
    owed: Cents
    service_date: dt.date | None = None
    visit_id: UUID | None = None
    settled: bool = True


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a payment and the debt that it settles."""

    charge_id: UUID | None
    amount: Cents


def oldest_first(debts: Iterable[Debt]) -> list[Debt]:
    """By date of service; what has none counts as oldest."""
    return sorted(debts, key=lambda debt: (debt.service_date or _UNDATED, str(debt.charge_id or "")))


def within_reach(debts: Iterable[Debt], *, purpose: str, visit_id: UUID | None) -> list[Debt]:
    """The debts that a payment may settle, in the order in which it does.

    A co-pay settles its own visit first, and waits for it: as long as the visit has no charge, or a payer has still to
    answer for one, it goes nowhere else. Any other money settles the oldest debt first.
    """
    ordered = oldest_first(debts)
    if purpose != Purpose.COPAY or visit_id is None:
        return ordered
    own = [debt for debt in ordered if debt.visit_id == visit_id]
    if not own or not all(debt.settled for debt in own):
        return own
    return own + [debt for debt in ordered if debt.visit_id != visit_id]


def allocate(money: Cents, debts: Sequence[Debt], *, most: Cents | None = None) -> list[Share]:
    """Share money over debts in their order: each is settled whole before the next begins.

    Never more than a debt, the money, or `most` (what the account owes in all). The rest is the caller's to keep.
    """
    left = max(0, money if most is None else min(money, most))
    shares = []
    for debt in debts:
        part = min(left, max(0, debt.owed))
        if part:
            shares.append(Share(debt.charge_id, part))
            left -= part
    return shares


def total(shares: Iterable[Share]) -> Cents:
    return sum(share.amount for share in shares)


def give_back(debts: Iterable[Debt], placed: Sequence[Share]) -> list[Share]:
    """Which of the placed payments (newest first) stand above what is owed and come free again.

    At most what was placed on a charge, and at most what its debt is overpaid by.
    """
    over = {debt.charge_id: -debt.owed for debt in debts if debt.owed < 0}
    freed = []
    for share in placed:
        part = min(over.get(share.charge_id, 0), share.amount)
        if part > 0:
            freed.append(Share(share.charge_id, part))
            over[share.charge_id] -= part
    return freed


def settle(debts: Iterable[Debt], shares: Iterable[Share]) -> list[Debt]:
    """The debts after payments."""
    paid: dict[UUID | None, Cents] = {}
    for share in shares:
        paid[share.charge_id] = paid.get(share.charge_id, 0) + share.amount
    return [
        Debt(
            debt.charge_id,
            debt.owed - paid.get(debt.charge_id, 0),
            debt.service_date,
            debt.visit_id,
            debt.settled,
        )
        for debt in debts
    ]


def expected_cash(float_cents: Cents, cash_taken: Cents) -> Cents:
    """What must lie in a drawer: what it began with and the cash that was taken."""
    return float_cents + cash_taken


def totals(amounts: Iterable[tuple[str, Cents]]) -> Mapping[str, Cents]:
    """Sums by method, every method named."""
    sums = {method.value: 0 for method in Method}
    for method, cents in amounts:
        sums[method] += cents
    return sums


def receipt_number(count: int) -> str:
    return f"R{count:08d}"
