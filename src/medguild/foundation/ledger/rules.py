"""Double entry, pure: lines that balance per legal entity, the chart every entity begins with, months of the books.

Amounts are integer cents and signed: a debit is positive, a credit is negative, so a balanced entry sums to zero.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from medguild.foundation.kernel.money import Cents, split


class AccountKind(enum.StrEnum):
    ASSET = "asset"
    LIABILITY = "liability"
    EQUITY = "equity"
    INCOME = "income"
    EXPENSE = "expense"


class Side(enum.StrEnum):
    """The side on which an account usually grows."""

    DEBIT = "debit"
    CREDIT = "credit"


class PeriodStatus(enum.StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class Chart(enum.StrEnum):
    """Codes of the standard accounts that `open_books` makes for each entity."""

    BANK = "1010"
    DRAWER = "1020"
    UNDEPOSITED = "1030"
    PATIENT_AR = "1210"
    INSURANCE_AR = "1220"
    WITHHOLD = "1240"
    DUE_FROM = "1910"
    REFUNDS_PAYABLE = "2110"
    UNAPPLIED = "2120"
    RECOUPMENT = "2130"
    POOL_PAYABLE = "2140"
    DUE_TO = "2910"
    OPENING = "3010"
    DRAWS = "3020"
    CHARGES = "4010"
    CAPITATION = "4020"
    CONTRACTUAL = "4110"
    DENIAL_WRITE_OFF = "4120"
    SMALL_BALANCE = "4130"
    BAD_DEBT = "4140"
    ASSISTANCE = "4150"
    PAYER_REDUCTION = "4160"
    INTEREST = "4210"
    OVER_SHORT = "6010"


@dataclass(frozen=True, slots=True)
class AccountTemplate:
    """A standard account: code, words, kind, and the side on which it grows (contra accounts grow on the other)."""

    code: Chart
    name: str
    kind: AccountKind
    side: Side


_A, _L, _Q, _I, _E = (
    AccountKind.ASSET,
    AccountKind.LIABILITY,
    AccountKind.EQUITY,
    AccountKind.INCOME,
    AccountKind.EXPENSE,
)
_DR, _CR = Side.DEBIT, Side.CREDIT
STANDARD_CHART: tuple[AccountTemplate, ...] = (
    AccountTemplate(Chart.BANK, "Cash in bank", _A, _DR),
    AccountTemplate(Chart.DRAWER, "Cash drawers", _A, _DR),
    AccountTemplate(Chart.UNDEPOSITED, "Receipts not yet deposited", _A, _DR),
    AccountTemplate(Chart.PATIENT_AR, "Owed by patients", _A, _DR),
    AccountTemplate(Chart.INSURANCE_AR, "Owed by payers", _A, _DR),
    AccountTemplate(Chart.WITHHOLD, "Withheld by payers, returnable", _A, _DR),
    AccountTemplate(Chart.DUE_FROM, "Due from other entities", _A, _DR),
    AccountTemplate(Chart.REFUNDS_PAYABLE, "Refunds to pay", _L, _CR),
    AccountTemplate(Chart.UNAPPLIED, "Receipts not yet applied", _L, _CR),
    AccountTemplate(Chart.RECOUPMENT, "Taken back or held by payers", _L, _CR),
    AccountTemplate(Chart.POOL_PAYABLE, "Pools to share out", _L, _CR),
    AccountTemplate(Chart.DUE_TO, "Due to other entities", _L, _CR),
    AccountTemplate(Chart.OPENING, "Opening balances", _Q, _CR),
    AccountTemplate(Chart.DRAWS, "Draws of owners", _Q, _DR),
    AccountTemplate(Chart.CHARGES, "Charges for services", _I, _CR),
    AccountTemplate(Chart.CAPITATION, "Capitation", _I, _CR),
    AccountTemplate(Chart.CONTRACTUAL, "Contractual adjustments", _I, _DR),
    AccountTemplate(Chart.DENIAL_WRITE_OFF, "Denials written off", _I, _DR),
    AccountTemplate(Chart.SMALL_BALANCE, "Small balances written off", _I, _DR),
    AccountTemplate(Chart.BAD_DEBT, "Bad debt", _I, _DR),
    AccountTemplate(Chart.ASSISTANCE, "Financial assistance", _I, _DR),
    AccountTemplate(Chart.PAYER_REDUCTION, "Reductions by payers after allowing", _I, _DR),
    AccountTemplate(Chart.INTEREST, "Interest", _I, _CR),
    AccountTemplate(Chart.OVER_SHORT, "Drawers over and short", _E, _DR),
)
# Accounts that together are what a guarantor's account stands at.
RECEIVABLE = (Chart.PATIENT_AR, Chart.INSURANCE_AR, Chart.UNAPPLIED)

# Dimensions of a posting that are ids of upper wings, without foreign keys.
LOOSE_DIMENSIONS = ("payer_id", "patient_id", "account_id", "claim_line_id")
DIMENSIONS = ("site_id", "clinician_id", *LOOSE_DIMENSIONS, "service_date", "counterparty_id")


@dataclass(frozen=True, slots=True)
class Line:
    """One posting to make: an account of an entity by code, signed cents (debit positive), and its dimensions.

    `account_id` is the guarantor's account (not the ledger account); `counterparty_id` the other entity of a
    due-to or due-from.
    """

    entity_id: UUID
    code: str
    amount: Cents
    site_id: UUID | None = None
    clinician_id: UUID | None = None
    payer_id: UUID | None = None
    patient_id: UUID | None = None
    account_id: UUID | None = None
    claim_line_id: UUID | None = None
    service_date: dt.date | None = None
    counterparty_id: UUID | None = None


def debit(entity_id: UUID, code: str, amount: Cents, **dimensions: Any) -> Line:
    """A line on the debit side; a negative amount becomes a credit."""
    return Line(entity_id, code, amount, **dimensions)


def credit(entity_id: UUID, code: str, amount: Cents, **dimensions: Any) -> Line:
    """A line on the credit side; a negative amount becomes a debit."""
    return Line(entity_id, code, -amount, **dimensions)


def imbalance(lines: Iterable[Line]) -> dict[UUID, Cents]:
    """What is left per entity where debits and credits differ; empty when every entity balances."""
    sums: dict[UUID, Cents] = defaultdict(int)
    for line in lines:
        sums[line.entity_id] += line.amount
    return {entity_id: left for entity_id, left in sums.items() if left}


def without_zeros(lines: Iterable[Line]) -> list[Line]:
    """A line of nothing says nothing; callers may compute such lines and need not filter them."""
    return [line for line in lines if line.amount]


def negated(lines: Iterable[Line]) -> list[Line]:
    return [replace(line, amount=-line.amount) for line in lines]


def settle_between(lines: Sequence[Line]) -> list[Line]:
    """The lines with due-from and due-to pairs, so that each entity balances.

    An entity left with a debit owes it to one left with a credit; entities are paired in order of their ids, so the
    result does not depend on the order of lines. Raises ValueError where the lines do not sum to zero in all.
    """
    left = imbalance(lines)
    if sum(left.values()):
        raise ValueError("lines across entities must sum to zero")
    owing = sorted((entity_id, cents) for entity_id, cents in left.items() if cents > 0)
    owed = sorted((entity_id, -cents) for entity_id, cents in left.items() if cents < 0)
    settled = list(lines)
    while owing and owed:
        (debtor, more), (creditor, claim) = owing[0], owed[0]
        amount = min(more, claim)
        settled.append(credit(debtor, Chart.DUE_TO, amount, counterparty_id=creditor))
        settled.append(debit(creditor, Chart.DUE_FROM, amount, counterparty_id=debtor))
        owing[0], owed[0] = (debtor, more - amount), (creditor, claim - amount)
        owing, owed = [pair for pair in owing if pair[1]], [pair for pair in owed if pair[1]]
    return settled


def share_out(total: Cents, parts: Sequence[tuple[int, Line]]) -> list[Line]:
    """Lines that share a signed total by weight and sum to it exactly (largest remainder).

    `parts` are (weight, line); the lines' own amounts are ignored. Raises ValueError as `kernel.money.split` does.
    """
    amounts = split(total, [weight for weight, _ in parts])
    return without_zeros(replace(line, amount=amount) for amount, (_, line) in zip(amounts, parts, strict=True))


def natural(amount: Cents, side: str) -> Cents:
    """A signed balance as people read it: positive when it stands on the account's usual side."""
    return amount if side == Side.DEBIT else -amount


def month_of(day: dt.date) -> dt.date:
    """A month is named by its first day."""
    return day.replace(day=1)


def month_after(month: dt.date, months: int = 1) -> dt.date:
    index = month.year * 12 + month.month - 1 + months
    return dt.date(index // 12, index % 12 + 1, 1)


def target_month(occurred_on: dt.date, earliest_open: dt.date) -> dt.date:
    """The month that takes an entry: its own, or the earliest open one when its own is closed."""
    return max(month_of(occurred_on), earliest_open)


def booking_day(occurred_on: dt.date, month: dt.date) -> dt.date:
    """The day on which an entry counts: its own day, or the first day of the later month that takes it."""
    return max(occurred_on, month)


def period_is_over(month: dt.date, today: dt.date) -> bool:
    return month_after(month) <= today


def gap(first: dt.date, last: dt.date) -> list[dt.date]:
    """All months from `first` up to and including `last`."""
    months, month = [], month_of(first)
    while month <= last:
        months.append(month)
        month = month_after(month)
    return months


def same_lines(left: Iterable[Line], right: Iterable[Line]) -> bool:
    """Whether two entries say the same, in whatever order."""
    return _counted(left) == _counted(right)


def _counted(lines: Iterable[Line]) -> Mapping[Line, int]:
    counts: dict[Line, int] = defaultdict(int)
    for line in lines:
        counts[line] += 1
    return counts
