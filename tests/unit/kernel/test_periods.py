from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medguild.foundation.kernel.periods import Period, merge

ORIGIN = dt.date(2026, 1, 1)
DAYS = [ORIGIN + dt.timedelta(days=n) for n in range(-3, 44)]


@st.composite
def periods(draw: st.DrawFn) -> Period:
    start = draw(st.none() | st.integers(0, 38))
    length = draw(st.none() | st.integers(1, 20))
    first = None if start is None else ORIGIN + dt.timedelta(days=start)
    return Period(first, None if length is None else (first or ORIGIN) + dt.timedelta(days=length))


def test_a_period_holds_its_first_day_and_not_its_end() -> None:
    period = Period(ORIGIN, ORIGIN + dt.timedelta(days=2))
    assert [period.holds(ORIGIN + dt.timedelta(days=n)) for n in (-1, 0, 1, 2)] == [False, True, True, False]


@pytest.mark.parametrize("days", [0, -1])
def test_an_end_at_or_before_the_start_is_refused(days: int) -> None:
    with pytest.raises(ValueError, match="ends after"):
        Period(ORIGIN, ORIGIN + dt.timedelta(days=days))


@given(periods(), periods())
def test_the_common_part_holds_exactly_the_days_of_both(one: Period, other: Period) -> None:
    common = one.meets(other)
    assert common == other.meets(one)
    for day in DAYS:
        assert (common is not None and common.holds(day)) == (one.holds(day) and other.holds(day))


@given(st.lists(periods(), max_size=8))
def test_the_union_holds_the_same_days_in_order_with_gaps_between(given_periods: list[Period]) -> None:
    merged = merge(given_periods)
    for day in DAYS:
        assert any(p.holds(day) for p in merged) == any(p.holds(day) for p in given_periods)
    for earlier, later in zip(merged, merged[1:], strict=False):
        assert earlier.end is not None
        assert later.start is not None
        assert earlier.end < later.start
