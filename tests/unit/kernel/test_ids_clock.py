from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medguild.foundation.kernel.clock import at_local, local_date, now
from medguild.foundation.kernel.ids import first_id_at, new_id, normal_ein, valid_ein, valid_npi

NEW_YORK = "America/New_York"


def test_ids_are_version_7_and_rise() -> None:
    ids = [new_id() for _ in range(5000)]
    assert {one.version for one in ids} == {7}
    assert ids == sorted(set(ids))


def test_the_first_id_of_a_moment_bounds_the_ids_made_then() -> None:
    before = now()
    made = new_id()
    after = now() + dt.timedelta(milliseconds=1)
    assert first_id_at(before) <= made < first_id_at(after)
    assert first_id_at(before).version == 7


def test_known_npis() -> None:
    assert valid_npi("1234567893")
    assert not valid_npi("1234567890")


@pytest.mark.parametrize("text", ["", "123456789", "12345678931", "123456789X", "1234 567893", "١٢٣٤٥٦٧٨٩٣"])
def test_what_is_no_npi(text: str) -> None:
    assert not valid_npi(text)


@given(st.integers(10**8, 2 * 10**8 - 1), st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_breaks_an_npi(body: int, place: int, change: int) -> None:
    valid = next(f"{body}{check}" for check in range(10) if valid_npi(f"{body}{check}"))
    digits = [int(digit) for digit in valid]
    digits[place] = (digits[place] + change) % 10
    assert not valid_npi("".join(map(str, digits)))


def test_eins() -> None:
    assert valid_ein("12-3456789")
    assert normal_ein("12-3456789") == "123456789"
    assert not valid_ein("07-1234567")
    assert not valid_ein("")
    with pytest.raises(ValueError, match="not an EIN"):
        normal_ein("1234")


def test_the_clock_is_in_utc() -> None:
    assert now().tzinfo is dt.UTC


def test_a_day_is_the_day_at_the_place() -> None:
    moment = dt.datetime(2026, 3, 8, 4, 30, tzinfo=dt.UTC)
    assert local_date(moment, NEW_YORK) == dt.date(2026, 3, 7)
    assert local_date(moment, "Asia/Tokyo") == dt.date(2026, 3, 8)


def test_a_skipped_hour_moves_forward() -> None:
    """On March 8, 2026 clocks go from 2:00 to 3:00."""
    skipped = at_local(dt.date(2026, 3, 8), dt.time(2, 30), NEW_YORK)
    assert skipped == dt.datetime(2026, 3, 8, 7, 30, tzinfo=dt.UTC)
    assert skipped.astimezone(ZoneInfo(NEW_YORK)).time() == dt.time(3, 30)


def test_a_doubled_hour_is_its_first() -> None:
    """On November 1, 2026 clocks go from 2:00 back to 1:00."""
    assert at_local(dt.date(2026, 11, 1), dt.time(1, 30), NEW_YORK) == dt.datetime(2026, 11, 1, 5, 30, tzinfo=dt.UTC)
    after = at_local(dt.date(2026, 11, 1), dt.time(2, 0), NEW_YORK)
    assert after == dt.datetime(2026, 11, 1, 7, 0, tzinfo=dt.UTC)


@given(st.dates(dt.date(2020, 1, 1), dt.date(2035, 1, 1)), st.times(), st.sampled_from([NEW_YORK, "America/Phoenix"]))
def test_wall_clock_order_is_kept_outside_the_doubled_hour(day: dt.date, time: dt.time, zone: str) -> None:
    moment = at_local(day, time, zone)
    assert local_date(moment, zone) == day
    back = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    shift = back - dt.datetime.combine(day, time)
    assert shift in (dt.timedelta(0), dt.timedelta(hours=1))
