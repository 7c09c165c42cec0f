from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medguild.foundation.work.rules import OpenHours, due_in_open_hours

HOURS = OpenHours()
FRIDAY = dt.datetime(2026, 11, 20)
THANKS = dt.date(2026, 11, 26)


def at(day: int, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(2026, 11, day, hour, minute)


@pytest.mark.parametrize(
    ("start", "allowed", "due"),
    [
        (at(18, 10), dt.timedelta(hours=4), at(18, 14)),
        (at(18, 15), dt.timedelta(hours=4), at(19, 10)),
        (at(18, 20), dt.timedelta(hours=4), at(19, 12)),
        (at(18, 5), dt.timedelta(hours=1), at(18, 9)),
        (at(20, 12), dt.timedelta(days=1), at(23, 12)),
        (at(21, 12), dt.timedelta(days=1), at(24, 8)),
        (at(20, 16), dt.timedelta(hours=1), at(20, 17)),
        (at(20, 16), dt.timedelta(hours=1, minutes=1), at(23, 8, 1)),
        (at(20, 16), dt.timedelta(days=2, hours=2), at(25, 9)),
        (at(20, 16), dt.timedelta(0), at(20, 16)),
    ],
)
def test_the_clock_stands_still_while_the_place_is_closed(
    start: dt.datetime, allowed: dt.timedelta, due: dt.datetime
) -> None:
    assert due_in_open_hours(start, allowed, HOURS) == due


def test_closed_days_are_left_out() -> None:
    hours = OpenHours(closed=frozenset({THANKS, dt.date(2026, 11, 27)}))
    assert due_in_open_hours(at(25, 16), dt.timedelta(hours=2), hours) == at(30, 9)
    assert due_in_open_hours(at(25, 16), dt.timedelta(days=1), hours) == at(30, 16)


def test_hours_that_make_no_sense_count_as_always_open() -> None:
    for hours in (OpenHours(17, 8), OpenHours(weekdays=frozenset())):
        assert due_in_open_hours(FRIDAY, dt.timedelta(days=1), hours) == FRIDAY + dt.timedelta(days=1)


_START = st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2027, 1, 1))
_HOURS = st.builds(
    OpenHours,
    st.integers(0, 11),
    st.integers(12, 24),
    st.frozensets(st.integers(0, 6), min_size=1),
    st.frozensets(st.dates(dt.date(2026, 1, 1), dt.date(2026, 3, 1)), max_size=10),
)


@given(_START, st.timedeltas(dt.timedelta(minutes=1), dt.timedelta(days=90)), _HOURS)
def test_due_is_in_open_time_and_never_sooner(start: dt.datetime, allowed: dt.timedelta, hours: OpenHours) -> None:
    due = due_in_open_hours(start, allowed, hours)
    assert due >= start + dt.timedelta(days=allowed.days)
    assert hours.works_on(due.date()) or due.time() == dt.time()
    assert hours.starts(due.date()) <= due <= hours.ends(due.date()) or due.time() == dt.time()


@given(_START, st.integers(0, 60), st.integers(0, 60), _HOURS)
def test_more_time_is_never_due_sooner(start: dt.datetime, first: int, more: int, hours: OpenHours) -> None:
    one = due_in_open_hours(start, dt.timedelta(hours=first), hours)
    # Days and hours are two measures: only like is compared with like.
    if (first + more) // 24 == first // 24:
        assert due_in_open_hours(start, dt.timedelta(hours=first + more), hours) >= one
