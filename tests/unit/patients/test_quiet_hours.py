"""The first moment at which somebody may be written to."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medguild.patients.preferences.rules import first_allowed, is_quiet, minute_of

NIGHT = (20 * 60, 9 * 60)
_MINUTES = st.integers(min_value=0, max_value=1439)


@pytest.mark.parametrize(
    ("wall", "quiet", "then"),
    [
        ("2026-11-30T12:00", [NIGHT], "2026-11-30T12:00"),
        ("2026-11-30T19:59", [NIGHT], "2026-11-30T19:59"),
        ("2026-11-30T20:00", [NIGHT], "2026-12-01T09:00"),
        ("2026-11-30T03:30", [NIGHT], "2026-11-30T09:00"),
        # Hours of their own that begin where those of the house end.
        ("2026-11-30T21:00", [NIGHT, (540, 720)], "2026-12-01T12:00"),
        ("2026-11-30T09:00", [], "2026-11-30T09:00"),
    ],
)
def test_it_waits_until_nobody_is_disturbed(wall: str, quiet: list[tuple[int, int]], then: str) -> None:
    assert first_allowed(dt.datetime.fromisoformat(wall), quiet) == dt.datetime.fromisoformat(then)


def test_hours_that_leave_no_minute_are_told() -> None:
    assert first_allowed(dt.datetime(2026, 11, 30, 12), [NIGHT, (9 * 60, 20 * 60)]) is None


@given(_MINUTES, st.lists(st.tuples(_MINUTES, _MINUTES), max_size=2))
def test_what_is_found_is_never_quiet_and_never_before(start: int, quiet: list[tuple[int, int]]) -> None:
    wall = dt.datetime(2026, 11, 30) + dt.timedelta(minutes=start)
    found = first_allowed(wall, quiet)
    if found is None:
        assert all(any(is_quiet(minute, *pair) for pair in quiet) for minute in range(1440))
        return
    assert found >= wall
    assert not any(is_quiet(minute_of(found.time()), *pair) for pair in quiet)
