"""Exact cost of plans against published anchors (operations science, appointment templates and overbooking)."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medguild.operations.attendance.overbooking_rules import (
    Booking,
    Prices,
    Worth,
    best_extra,
    best_plan,
    exponential_outcome,
    lattice_outcome,
    more_than,
    over_full,
    plan_bookings,
    session_idle,
)

SLOTS = 8
EXACT = 1e-6


def cost_b(plan: Sequence[int]) -> float:
    """Weights wait/idle/overtime 1/1/1, waiting of one attender."""
    found = exponential_outcome(plan, slot=15, mean=15)
    return found.waiting_each + found.idle + found.overtime


def cost_c(no_show: float, waiting: float = 0.2, overtime: float = 1.5):  # type: ignore[no-untyped-def]
    def cost(plan: Sequence[int]) -> float:
        found = lattice_outcome(plan_bookings(plan, no_show=no_show), end=SLOTS)
        return waiting * found.waiting + overtime * found.overtime - found.shows

    return cost


@pytest.mark.parametrize(
    ("plan", "expected"),
    [((2, 2, 1, 1, 1, 1, 0, 0), 47.84608), ((1,) * 8, 61.69318), ((2, 1, 1, 1, 1, 1, 1, 0), 49.37027)],
)
def test_anchor_b1_values(plan: tuple[int, ...], expected: float) -> None:
    assert cost_b(plan) == pytest.approx(expected, abs=5e-6)


def test_anchor_b1_optimum_is_found_from_an_even_plan() -> None:
    plan, cost = best_plan(cost_b, [1] * SLOTS)
    assert plan == [2, 2, 1, 1, 1, 1, 0, 0]
    assert cost == pytest.approx(47.84608, abs=5e-6)


def test_anchor_c20_one_visit_more_at_the_start() -> None:
    plan, cost = best_plan(cost_c(0.2), [1] * SLOTS, may_grow=True)
    assert plan == [2, 1, 1, 1, 1, 1, 1, 1]
    assert -cost == pytest.approx(6.46605, abs=5e-6)
    assert -cost_c(0.2)([1] * SLOTS) == pytest.approx(6.4, abs=EXACT)


def test_anchor_c10_advises_no_overbooking() -> None:
    plan, cost = best_plan(cost_c(0.1), [1] * SLOTS, may_grow=True)
    assert plan == [1] * SLOTS
    assert -cost == pytest.approx(7.2, abs=EXACT)


def test_gain_is_7_5_percent_where_30_percent_miss_and_1_percent_where_20_do() -> None:
    for no_show, gain in ((0.3, 0.075), (0.2, 0.0103)):
        _plan, cost = best_plan(cost_c(no_show), [1] * SLOTS, may_grow=True)
        assert -cost / (SLOTS * (1 - no_show)) - 1 == pytest.approx(gain, abs=5e-4)


@pytest.mark.parametrize(("waiting", "overtime"), [(1, 1), (1, 3), (2.5, 1)])
def test_two_patients_have_the_closed_form(waiting: float, overtime: float) -> None:
    """Exponential service of mean 1: E[wait] of the second is exp(-gap), best at gap ln(1 + cw / cs)."""
    gap = math.log(1 + waiting / overtime)
    found = exponential_outcome([1, 1], slot=gap, mean=1)
    assert found.waiting == pytest.approx(math.exp(-gap), abs=1e-12)

    def total(slot: float) -> float:
        other = exponential_outcome([1, 1], slot=slot, mean=1)
        return waiting * other.waiting + overtime * (other.idle + other.work)

    assert total(gap) < min(total(gap - 0.01), total(gap + 0.01))


def test_local_search_finds_what_listing_all_plans_finds() -> None:
    for slots, patients in ((4, 5), (5, 4)):

        def cost(plan: Sequence[int]) -> float:
            found = exponential_outcome(plan, slot=10, mean=12, no_show=0.15)
            return found.waiting_each + 0.7 * found.idle + 1.3 * found.overtime

        plans = [plan for plan in itertools.product(range(patients + 1), repeat=slots) if sum(plan) == patients]
        best = min(map(cost, plans))
        start = [patients, *[0] * (slots - 1)]
        assert best_plan(cost, start)[1] == pytest.approx(best, abs=1e-9)


bookings = st.lists(
    st.builds(Booking, st.integers(0, 40), st.integers(1, 8), st.floats(0.05, 1.0)), min_size=1, max_size=12
)


@given(st.lists(st.builds(Booking, st.integers(0, 40), st.integers(1, 8), st.floats(0.05, 1.0)), max_size=7),
       st.integers(8, 48))  # fmt: skip
def test_every_measure_is_what_listing_who_comes_gives(rows: list[Booking], end: int) -> None:
    """All patterns of who comes, served one after the other. Idle time counted step by step is the third definition."""
    within = sorted(row for row in rows if row.start < end)
    waiting = overtime = idle = last_end = 0.0
    for pattern in itertools.product((True, False), repeat=len(within)):
        chance = math.prod(row.shows if comes else 1 - row.shows for row, comes in zip(within, pattern, strict=True))
        free = 0
        for row, comes in zip(within, pattern, strict=True):
            if comes:
                waiting += chance * max(0, free - row.start)
                idle += chance * max(0, row.start - free)
                free = max(free, row.start) + row.length
        overtime += chance * max(0, free - end)
        idle += chance * max(0, end - free)
        last_end += chance * max(free, within[-1].start) if within else 0
    found = lattice_outcome(within, end=end)
    assert found.waiting == pytest.approx(waiting, abs=1e-9)
    assert found.overtime == pytest.approx(overtime, abs=1e-9)
    assert session_idle(found, end) == pytest.approx(idle, abs=1e-9)
    assert found.idle == pytest.approx(last_end - found.work, abs=1e-9)


@given(bookings, st.integers(8, 48))
def test_costs_are_bounded_and_grow_with_a_visit_more(rows: list[Booking], end: int) -> None:
    found = lattice_outcome(rows, end=end)
    more = lattice_outcome([*rows, Booking(0, 4, 0.8)], end=end)
    assert 0 <= found.waiting <= more.waiting + 1e-9
    assert -1e-9 <= found.overtime <= more.overtime + 1e-9
    assert found.overtime <= found.work + max((row.start for row in rows), default=0) + 1e-9


def test_fixed_and_exponential_recursions_agree_where_both_are_trivial() -> None:
    nobody_waits = lattice_outcome([Booking(0, 1, 1.0), Booking(1, 1, 1.0)], end=2)
    assert nobody_waits == (0, 0, 0, 2, 2)
    both_at_once = lattice_outcome([Booking(0, 1, 1.0), Booking(0, 1, 1.0)], end=1)
    assert (both_at_once.waiting, both_at_once.overtime) == (1, 1)


def test_more_than_capacity_is_poisson_binomial() -> None:
    assert more_than([0.5, 0.5, 0.5], 2) == pytest.approx(0.125)
    assert more_than([0.9, 0.2], 1) == pytest.approx(0.18)
    assert over_full([Booking(0, 2, 0.5), Booking(0, 3, 0.5)], 4) == pytest.approx(0.25)


PRICES = Prices(waiting=0.2, overtime=1.5, least_gain=0.03)


@pytest.mark.parametrize(
    ("no_show", "worth"), [(0.05, Worth.NONE), (0.1, Worth.NONE), (0.2, Worth.SMALL), (0.3, Worth.PAYS)]
)
def test_one_visit_more_pays_only_where_many_miss(no_show: float, worth: Worth) -> None:
    rows = [Booking(4 * place, 4, 1 - no_show) for place in range(SLOTS)]
    found = best_extra(rows, end=32, starts=[row.start for row in rows], length=4, shows=1 - no_show, prices=PRICES)
    assert found is not None
    assert found.worth is worth
    if worth is not Worth.NONE:
        assert found.start == 0
    assert found.waiting >= 0
    assert found.overtime >= 0


def test_one_visit_more_is_the_same_gain_as_the_plan_with_it() -> None:
    rows = plan_bookings([1] * SLOTS, no_show=0.2)
    found = best_extra(rows, end=SLOTS, starts=range(SLOTS), length=1, shows=0.8, prices=PRICES)
    assert found is not None
    assert found.gain == pytest.approx(cost_c(0.2)([1] * SLOTS) - cost_c(0.2)([2, *[1] * 7]), abs=1e-12)
    assert best_extra([], end=8, starts=[0], length=1, shows=0.8, prices=PRICES) is None
