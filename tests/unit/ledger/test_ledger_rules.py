"""Arithmetic of the books: balance, settlement between entities, exact shares, months."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medguild.foundation.ledger.rules import (
    STANDARD_CHART,
    AccountKind,
    Chart,
    Line,
    Side,
    booking_day,
    credit,
    debit,
    gap,
    imbalance,
    month_after,
    month_of,
    natural,
    negated,
    period_is_over,
    same_lines,
    settle_between,
    share_out,
    target_month,
    without_zeros,
)

A, B, C = (UUID(int=n) for n in (1, 2, 3))
days = st.dates(dt.date(2020, 1, 1), dt.date(2035, 12, 31))
amounts = st.integers(-10_000_000, 10_000_000)
lines = st.builds(Line, st.sampled_from([A, B, C]), st.sampled_from([Chart.BANK, Chart.CHARGES]), amounts)


@st.composite
def whole_entries(draw: st.DrawFn) -> list[Line]:
    """Lines over three entities that sum to zero in all, not per entity."""
    some = draw(st.lists(lines, min_size=1, max_size=8))
    return [*some, Line(draw(st.sampled_from([A, B, C])), Chart.BANK, -sum(line.amount for line in some))]


def test_debits_are_positive_and_credits_negative() -> None:
    assert debit(A, Chart.BANK, 5).amount == 5
    assert credit(A, Chart.BANK, 5, payer_id=B) == Line(A, Chart.BANK, -5, payer_id=B)


def test_what_is_left_is_told_per_entity() -> None:
    assert imbalance([debit(A, "1", 5), credit(A, "2", 3), debit(B, "1", 1), credit(B, "2", 1)]) == {A: 2}


@given(whole_entries())
def test_settling_balances_every_entity_and_pairs_every_claim(entry: list[Line]) -> None:
    settled = settle_between(entry)
    assert imbalance(settled) == {}
    assert settled[: len(entry)] == entry
    added = settled[len(entry) :]
    due_to = {(line.entity_id, line.counterparty_id): -line.amount for line in added if line.code == Chart.DUE_TO}
    due_from = {(line.counterparty_id, line.entity_id): line.amount for line in added if line.code == Chart.DUE_FROM}
    assert due_to == due_from
    assert all(cents > 0 for cents in due_to.values())
    assert len(added) <= 4


@given(whole_entries(), st.randoms(use_true_random=False))
def test_settling_does_not_depend_on_the_order_of_lines(entry: list[Line], random: object) -> None:
    shuffled = list(entry)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert same_lines(settle_between(entry), settle_between(shuffled))


def test_lines_that_do_not_sum_to_zero_cannot_be_settled() -> None:
    with pytest.raises(ValueError, match="sum to zero"):
        settle_between([debit(A, Chart.BANK, 1)])


@given(amounts, st.lists(st.integers(0, 50), min_size=1, max_size=6).filter(any))
def test_shares_sum_exactly(total: int, weights: list[int]) -> None:
    parts = share_out(total, [(weight, debit(A, Chart.BANK, 0)) for weight in weights])
    assert sum(part.amount for part in parts) == total
    assert all(part.amount for part in parts)


@given(st.lists(lines, max_size=8))
def test_a_reversal_takes_everything_back(entry: list[Line]) -> None:
    both = [*entry, *negated(entry)]
    assert imbalance(both) == {}
    assert same_lines(negated(negated(entry)), entry)


def test_lines_of_nothing_are_left_out() -> None:
    assert without_zeros([debit(A, "1", 0), debit(A, "1", 1)]) == [debit(A, "1", 1)]


def test_entries_are_the_same_whatever_the_order_but_not_whatever_the_count() -> None:
    one, two = debit(A, "1", 1), credit(A, "2", 1)
    assert same_lines([one, two], [two, one])
    assert not same_lines([one, one, two], [one, two, two])
    assert not same_lines([one], [replace(one, patient_id=B)])


@given(days, days)
def test_an_entry_goes_to_its_month_or_the_first_open_one(day: dt.date, earliest: dt.date) -> None:
    earliest = month_of(earliest)
    month = target_month(day, earliest)
    counted = booking_day(day, month)
    assert month >= earliest
    assert month_of(counted) == month
    assert counted == day or day < earliest == counted


@given(days, st.integers(0, 40))
def test_months_follow_each_other(day: dt.date, count: int) -> None:
    first = month_of(day)
    months = gap(first, month_after(first, count))
    assert len(months) == count + 1
    assert all(month.day == 1 and month_after(month) == following for month, following in pairwise(months))
    assert gap(month_after(first), first) == []


def test_a_month_is_over_when_the_next_begins() -> None:
    assert not period_is_over(dt.date(2026, 1, 1), dt.date(2026, 1, 31))
    assert period_is_over(dt.date(2026, 1, 1), dt.date(2026, 2, 1))
    assert month_after(dt.date(2026, 12, 1)) == dt.date(2027, 1, 1)


def test_the_standard_chart_is_whole() -> None:
    assert {template.code for template in STANDARD_CHART} == set(Chart)
    first_digits = {AccountKind.ASSET: "1", AccountKind.LIABILITY: "2", AccountKind.EQUITY: "3"}
    for template in STANDARD_CHART:
        assert template.code.startswith(first_digits.get(template.kind, ("4", "6")))


def test_a_balance_reads_naturally_on_its_side() -> None:
    assert natural(-5, Side.CREDIT) == natural(5, Side.DEBIT) == 5
