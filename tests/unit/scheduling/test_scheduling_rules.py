"""Lanes, weeks, slots: the arithmetic of the schedule."""

from __future__ import annotations

import datetime as dt
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medguild.operations.scheduling.rules import (
    TRANSITIONS,
    AppointmentStatus,
    Busy,
    free_lane,
    may_move,
    most_at_once,
    overbook_lane,
    overlapping,
)
from medguild.operations.scheduling.slot_rules import (
    Away,
    Blocks,
    Opening,
    Taken,
    Unfit,
    apart,
    bookable_minutes,
    find_openings,
    free_starts,
    iso_starts,
    session_for,
    unavailable,
)
from medguild.operations.scheduling.week_rules import (
    SessionPattern,
    days_held,
    first_clash,
    instant,
    is_held,
    local_time,
    span,
)

NEW_YORK = "America/New_York"
MONDAY = dt.date(2026, 3, 2)
SPRING = dt.date(2026, 3, 8)  # 02:00 becomes 03:00
AUTUMN = dt.date(2026, 11, 1)  # 02:00 becomes 01:00


def pattern(**changes: object) -> SessionPattern:
    fields: dict[str, object] = {
        "id": UUID(int=1), "clinician_id": UUID(int=2), "resource_id": UUID(int=3), "unit_id": UUID(int=4),
        "entity_id": UUID(int=5), "zone": NEW_YORK, "weekday": 0, "start_minute": 9 * 60, "end_minute": 12 * 60,
        "every_weeks": 1, "anchor": MONDAY, "first_day": MONDAY, "end_day": None, "step_minutes": 30, "minutes": 30,
    }  # fmt: skip
    return SessionPattern(**(fields | changes))  # type: ignore[arg-type]


def openings(
    session: SessionPattern, *busy: Busy, start: dt.date = MONDAY, days: int = 1, **more: object
) -> list[Opening]:
    blocks = more.pop("blocks", Blocks())
    return find_openings(
        [session], {session.resource_id: Taken.of(busy)}, blocks,  # type: ignore[arg-type]
        start=start, end=start + dt.timedelta(days=days), **more,  # type: ignore[arg-type]
    )  # fmt: skip


def clock(found: list[Opening]) -> list[str]:
    return [local_time(o.session.zone, at).strftime("%H:%M") for o in found for at in o.starts]


def at(hour: int, minute: int = 0, day: dt.date = MONDAY) -> int:
    return instant(NEW_YORK, day, hour * 60 + minute)


# --- status ---------------------------------------------------------------------------------------------------------


def test_a_cancelled_visit_moves_no_more_and_a_fulfilled_one_only_back() -> None:
    ended = {AppointmentStatus.CANCELLED, AppointmentStatus.FULFILLED}
    back = (AppointmentStatus.FULFILLED, AppointmentStatus.ARRIVED)
    assert [pair for pair in TRANSITIONS if pair[0] in ended] == [back]
    assert may_move("booked", "arrived")
    assert not may_move("booked", "fulfilled")


# --- lanes ----------------------------------------------------------------------------------------------------------


def test_the_lowest_free_lane_is_taken() -> None:
    busy = [Busy(0, 30, 0), Busy(10, 40, 2)]
    assert free_lane(busy, 0, 30, 3) == 1
    assert free_lane(busy, 30, 60, 3) == 0
    assert free_lane(busy, 0, 30, 1) is None
    assert free_lane([], 0, 30, 0) is None


def test_an_overbooked_visit_keeps_its_time_when_the_one_below_is_cancelled() -> None:
    assert free_lane([Busy(0, 30, 1)], 0, 30, 1) is None


def test_spans_that_touch_do_not_overlap() -> None:
    assert overlapping([Busy(0, 30)], 30, 60) == []
    assert most_at_once([Busy(0, 30), Busy(30, 60)], 0, 60) == 1


def test_overbooking_stops_at_the_limit() -> None:
    full = [Busy(0, 30, 0), Busy(0, 30, 1)]
    assert overbook_lane(full, 0, 30, 1, 2) == 2
    assert overbook_lane(full, 0, 30, 1, 1) is None
    assert overbook_lane([], 0, 30, 0, 1) == 0


spans = st.builds(
    lambda start, length, lane: Busy(start, start + length, lane),
    st.integers(0, 400), st.integers(1, 90), st.integers(0, 4),
)  # fmt: skip


@given(st.lists(spans, max_size=30), st.integers(0, 400), st.integers(1, 90), st.integers(1, 4))
def test_a_lane_given_is_free_and_below_capacity(busy: list[Busy], start: int, length: int, capacity: int) -> None:
    lane = free_lane(busy, start, start + length, capacity)
    if lane is not None:
        assert lane < capacity
        assert not [taken for taken in overlapping(busy, start, start + length) if taken.lane == lane]


# --- the calendar ---------------------------------------------------------------------------------------------------


def test_every_second_week_counts_from_the_anchor_and_not_from_the_first_day() -> None:
    session = pattern(every_weeks=2, first_day=MONDAY + dt.timedelta(days=1))
    days = list(days_held(session, MONDAY, MONDAY + dt.timedelta(days=42)))
    assert days == [MONDAY + dt.timedelta(days=14), MONDAY + dt.timedelta(days=28)]
    assert is_held(session, days[0])
    assert not is_held(session, MONDAY)
    assert not is_held(session, MONDAY + dt.timedelta(days=7))


def test_a_session_ends_before_its_end_day() -> None:
    session = pattern(end_day=MONDAY + dt.timedelta(days=7))
    assert list(days_held(session, MONDAY, MONDAY + dt.timedelta(days=30))) == [MONDAY]
    assert not is_held(session, MONDAY + dt.timedelta(days=7))


@given(
    st.integers(0, 6), st.integers(1, 5), st.integers(0, 60), st.integers(0, 60), st.integers(1, 80), st.integers(0, 40)
)
def test_days_held_are_exactly_the_days_that_are_held(
    weekday: int, every: int, first: int, start: int, length: int, lasts: int
) -> None:
    first_day = MONDAY + dt.timedelta(days=first)
    session = pattern(
        weekday=weekday, every_weeks=every, first_day=first_day, end_day=first_day + dt.timedelta(days=lasts + 1)
    )
    begin = MONDAY + dt.timedelta(days=start)
    days = [begin + dt.timedelta(days=n) for n in range(length)]
    assert list(days_held(session, begin, begin + dt.timedelta(days=length))) == [
        d for d in days if is_held(session, d)
    ]


def test_sessions_of_alternating_weeks_do_not_clash() -> None:
    one = pattern(every_weeks=2)
    other = pattern(every_weeks=2, anchor=MONDAY + dt.timedelta(days=7))
    assert first_clash(one, other) is None
    assert first_clash(one, pattern()) == MONDAY
    assert first_clash(one, pattern(start_minute=12 * 60, end_minute=13 * 60)) is None
    assert first_clash(one, pattern(weekday=1)) is None
    third = pattern(every_weeks=3, anchor=MONDAY + dt.timedelta(days=7))
    assert first_clash(one, third) == MONDAY + dt.timedelta(days=28)


# --- daylight saving ------------------------------------------------------------------------------------------------


def test_the_day_that_loses_an_hour_offers_no_time_that_does_not_exist() -> None:
    night = pattern(weekday=6, start_minute=60, end_minute=4 * 60)
    assert clock(openings(night, start=SPRING)) == ["01:00", "01:30", "03:00", "03:30"]


def test_the_day_that_gains_an_hour_offers_each_instant_once() -> None:
    night = pattern(weekday=6, start_minute=0, end_minute=3 * 60, step_minutes=60, minutes=60)
    found = openings(night, start=AUTUMN)
    assert clock(found) == ["00:00", "01:00", "01:00", "02:00"]
    starts = found[0].starts
    assert [later - earlier for earlier, later in zip(starts, starts[1:], strict=False)] == [60, 60, 60]


def test_office_hours_stay_at_the_same_wall_clock_over_the_change() -> None:
    for day in (SPRING, AUTUMN):
        session = pattern(weekday=6, end_minute=10 * 60)
        assert clock(openings(session, start=day)) == ["09:00", "09:30"]
        assert iso_starts(openings(session, start=day)[0])[0].startswith(f"{day}T09:00:00-0")


def test_a_session_inside_the_lost_hour_is_empty() -> None:
    assert openings(pattern(weekday=6, start_minute=120, end_minute=180), start=SPRING) == []


def test_midnight_belongs_to_the_next_day() -> None:
    session = pattern(start_minute=23 * 60, end_minute=24 * 60)
    assert clock(openings(session)) == ["23:00", "23:30"]
    night = pattern(weekday=6, start_minute=22 * 60, end_minute=24 * 60)
    for day in (SPRING, AUTUMN):
        begins, ends = span(night, day)
        assert ends - begins == 120


@given(st.sampled_from([NEW_YORK, "America/Los_Angeles", "America/Phoenix", "Pacific/Honolulu"]),
       st.dates(dt.date(2025, 1, 1), dt.date(2028, 1, 1)))  # fmt: skip
def test_iso_starts_say_the_same_as_datetimes(zone: str, day: dt.date) -> None:
    session = pattern(zone=zone, weekday=day.weekday(), start_minute=0, end_minute=1440, first_day=day, step_minutes=20)
    for opening in openings(session, start=day):
        assert iso_starts(opening) == [local_time(zone, start).isoformat() for start in opening.starts]


# --- slots ----------------------------------------------------------------------------------------------------------


def test_taken_times_closed_days_absences_and_the_past_are_left_out() -> None:
    session = pattern()
    assert clock(openings(session, Busy(at(9, 15), at(9, 45)))) == ["10:00", "10:30", "11:00", "11:30"]
    assert openings(session, blocks=Blocks(cancelled=frozenset({(session.id, MONDAY)}))) == []
    assert openings(session, blocks=Blocks(closed=frozenset({(session.unit_id, MONDAY)}))) == []
    away = Blocks(away={session.clinician_id: [Away(at(10), at(11, 15))]})
    assert clock(openings(session, blocks=away)) == ["09:00", "09:30", "11:30"]
    assert clock(openings(session, not_before=at(11, 1))) == ["11:30"]
    assert openings(session, not_before=at(13)) == []


def test_the_room_must_be_free_too() -> None:
    room = uuid4()
    session = pattern(room_id=room)
    taken = {room: Taken.of([Busy(at(9), at(11))])}
    found = find_openings([session], taken, Blocks(), start=MONDAY, end=MONDAY + dt.timedelta(days=1))
    assert clock(found) == ["11:00", "11:30"]
    roomy = find_openings(
        [pattern(room_id=room, room_capacity=2)], taken, Blocks(), start=MONDAY, end=MONDAY + dt.timedelta(days=1)
    )
    assert len(clock(roomy)) == 6


def test_offers_on_a_fine_grid_that_overlap_count_once() -> None:
    found = openings(pattern(step_minutes=10, minutes=60))
    assert len(found[0].starts) == 13
    assert len(apart(found[0])) == 3


def test_bookable_minutes_leave_out_what_is_off() -> None:
    session = pattern(capacity=2)
    week = {"start": MONDAY, "end": MONDAY + dt.timedelta(days=14)}
    assert bookable_minutes([session], Blocks(), **week) == {session.clinician_id: 2 * 2 * 180}
    blocks = Blocks(
        cancelled=frozenset({(session.id, MONDAY)}),
        away={
            session.clinician_id: [
                Away(at(11, day=MONDAY + dt.timedelta(days=7)), at(20, day=MONDAY + dt.timedelta(days=7)))
            ]
        },
    )
    assert bookable_minutes([session], blocks, **week) == {session.clinician_id: 2 * 120}


sessions = st.builds(
    lambda start, length, step, minutes, capacity, weekday: pattern(
        start_minute=start, end_minute=min(1440, start + length), step_minutes=step, minutes=minutes,
        capacity=capacity, weekday=weekday,
    ),
    st.integers(0, 1380), st.integers(10, 600), st.integers(5, 60), st.integers(5, 120), st.integers(1, 3),
    st.sampled_from([0, 6]),
)  # fmt: skip
taken_spans = st.lists(
    st.builds(
        lambda start, length, lane: (start, length, lane),
        st.integers(-60, 1500),
        st.integers(1, 240),
        st.integers(0, 3),
    ),
    max_size=20,
)


@given(sessions, taken_spans, st.sampled_from([MONDAY, SPRING, AUTUMN]))
def test_slots_lie_inside_their_session_and_never_overlap_what_is_taken(
    session: SessionPattern, taken: list[tuple[int, int, int]], day: dt.date
) -> None:
    session = pattern(**{name: getattr(session, name) for name in session._fields} | {"weekday": day.weekday()})
    midnight = instant(NEW_YORK, day, 0)
    busy = _one_at_a_time_per_lane(Busy(midnight + a, midnight + a + b, lane) for a, b, lane in taken)
    begins, ends = span(session, day)
    found = [start for o in openings(session, *busy, start=day) for start in o.starts]
    assert found == sorted(set(found))
    for start in found:
        end = start + session.minutes
        assert begins <= start
        assert end <= ends
        assert (start - begins) % session.step_minutes == 0
        assert free_lane(busy, start, end, session.capacity) is not None
    missed = set(range(begins, ends - session.minutes + 1, session.step_minutes)) - set(found)
    assert all(free_lane(busy, start, start + session.minutes, session.capacity) is None for start in missed)


def _one_at_a_time_per_lane(spans: object) -> list[Busy]:
    """What the database guarantees: spans of a lane never overlap."""
    kept: list[Busy] = []
    for one in sorted(spans):  # type: ignore[call-overload]
        if all(other.lane != one.lane or other.end <= one.start for other in kept):
            kept.append(one)
    return kept


def test_no_lane_no_slot() -> None:
    assert free_starts(0, 60, minutes=30, step=30, capacity=0) == []


# --- one time -------------------------------------------------------------------------------------------------------


def test_a_visit_belongs_to_the_session_that_holds_all_of_it() -> None:
    morning, afternoon = pattern(), pattern(id=UUID(int=9), start_minute=13 * 60, end_minute=17 * 60)
    both = [morning, afternoon]
    assert session_for(both, Blocks(), day=MONDAY, start=at(9)) is morning
    assert session_for(both, Blocks(), day=MONDAY, start=at(16)) is afternoon
    assert session_for(both, Blocks(), day=MONDAY, start=at(11, 45)) is Unfit.NO_SESSION
    assert session_for(both, Blocks(), day=MONDAY, start=at(11), minutes=61) is Unfit.NO_SESSION
    cancelled = Blocks(cancelled=frozenset({(morning.id, MONDAY)}))
    assert session_for(both, cancelled, day=MONDAY, start=at(9)) is Unfit.SESSION_CANCELLED


@pytest.mark.parametrize(("day", "begins", "expected"), [(MONDAY, 9, Unfit.AWAY), (MONDAY, 11, None)])
def test_absence_makes_a_time_unavailable(day: dt.date, begins: int, expected: Unfit | None) -> None:
    session = pattern()
    blocks = Blocks(away={session.clinician_id: [Away(at(8), at(10))]})
    found = unavailable(
        blocks,
        clinician_id=session.clinician_id,
        unit_id=session.unit_id,
        day=day,
        start=at(begins),
        end=at(begins) + 30,
    )
    assert found is expected


def test_a_closed_site_is_unavailable() -> None:
    session = pattern()
    blocks = Blocks(closed=frozenset({(session.unit_id, MONDAY)}))
    found = unavailable(
        blocks, clinician_id=session.clinician_id, unit_id=session.unit_id, day=MONDAY, start=at(9), end=at(10)
    )
    assert found is Unfit.CLOSED
