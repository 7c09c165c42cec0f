"""Which free times come first, and why."""

from __future__ import annotations

import datetime as dt
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medguild.operations.scheduling.network.rules import AnswerKind, AskedBy, Said, books, lacking, nobody_asked
from medguild.operations.scheduling.search.rules import (
    HOURS,
    POINTS,
    Reason,
    Suits,
    TimeOfDay,
    first_of_each,
    is_thin,
    points_of,
    reasons_of,
    sift,
    suggest,
    wall_minute,
)
from medguild.operations.scheduling.slot_rules import Opening
from medguild.operations.scheduling.week_rules import SessionPattern, instant

ZONE = "America/Los_Angeles"
MONDAY = dt.date(2026, 11, 30)
TODAY = MONDAY - dt.timedelta(days=3)
DOC, OTHER, SITE, AWAY = (UUID(int=number) for number in range(1, 5))


def opening(*minutes: int, day: dt.date = MONDAY, who: UUID = DOC, where: UUID = SITE) -> Opening:
    """Free starts at wall-clock minutes in a session from eight to noon, or to eight in the evening."""
    session = SessionPattern(
        id=uuid4(), clinician_id=who, resource_id=who, unit_id=where, entity_id=where, zone=ZONE,
        weekday=day.weekday(), start_minute=8 * 60, end_minute=12 * 60, every_weeks=1, anchor=MONDAY,
        first_day=dt.date(2020, 1, 6), end_day=None, step_minutes=20, minutes=20,
    )  # fmt: skip
    return Opening(session, day, [instant(ZONE, day, minute) for minute in minutes])


def test_hours_and_weekdays_narrow() -> None:
    one = opening(8 * 60, 13 * 60, 17 * 60, 18 * 60)
    kept = sift(one, TimeOfDay.EVENING, ())
    assert kept is not None
    assert [wall_minute(kept, start) for start in kept.starts] == [17 * 60, 18 * 60]
    assert sift(one, TimeOfDay.ANY, {1}) is None
    assert sift(one, TimeOfDay.ANY, {0}) is one
    assert sift(opening(13 * 60), TimeOfDay.EARLY, ()) is None


@pytest.mark.parametrize("day", [dt.date(2026, 11, 1), dt.date(2026, 3, 8)])
def test_hours_are_those_of_the_clock_on_days_when_it_changes(day: dt.date) -> None:
    assert wall_minute(opening(9 * 60, day=day), opening(9 * 60, day=day).starts[0]) == 9 * 60


@given(minutes=st.lists(st.integers(0, 1439), min_size=1, unique=True), times=st.sampled_from(TimeOfDay))
def test_what_is_kept_lies_in_the_hours_and_nothing_else_is_lost(minutes: list[int], times: TimeOfDay) -> None:
    first, last = HOURS[times]
    kept = sift(opening(*sorted(minutes)), times, ())
    shown = [wall_minute(kept, start) for start in kept.starts] if kept else []
    assert shown == sorted(minute for minute in minutes if first <= minute < last)


def test_only_the_first_time_of_each_clinician_at_each_site() -> None:
    later = MONDAY + dt.timedelta(days=7)
    found = first_of_each([opening(540, 560), opening(600, where=AWAY), opening(540, day=later)])
    assert [(one.day, one.session.unit_id, len(one.starts)) for one in found] == [(MONDAY, SITE, 1), (MONDAY, AWAY, 1)]


def test_a_near_session_that_is_mostly_free_is_thin() -> None:
    free = opening(*range(480, 720, 20))
    assert is_thin(free, TODAY)
    assert not is_thin(free, MONDAY - dt.timedelta(days=7))
    assert not is_thin(opening(480, 500, 520), TODAY)


def test_reasons_are_told_in_one_order() -> None:
    one = opening(8 * 60)
    suits = Suits(own=True, in_network=True, speaks=True, as_asked=True, usual_site=True)
    assert reasons_of(one, one.starts[0], suits, earliest=True, today=TODAY) == (
        Reason.EARLIEST, Reason.OWN_CLINICIAN, Reason.IN_NETWORK, Reason.SPEAKS, Reason.AS_ASKED, Reason.USUAL_SITE,
        Reason.OUTSIDE_WORK,
    )  # fmt: skip
    assert reasons_of(opening(10 * 60), opening(10 * 60).starts[0], Suits(), earliest=False, today=TODAY) == ()


def test_saturday_is_outside_of_work() -> None:
    one = opening(10 * 60, day=MONDAY + dt.timedelta(days=5))
    assert Reason.OUTSIDE_WORK in reasons_of(one, one.starts[0], Suits(), earliest=False, today=TODAY)


def test_their_own_clinician_comes_before_an_earlier_stranger_but_not_for_ever() -> None:
    stranger, own = opening(540, who=OTHER), opening(540, day=MONDAY + dt.timedelta(days=4))
    suits = {(DOC, SITE): Suits(own=True)}
    assert suggest([stranger, own], suits, today=TODAY)[0].opening is own
    late = opening(540, day=MONDAY + dt.timedelta(days=14))
    assert suggest([stranger, late], suits, today=TODAY)[0].opening is stranger


def test_waiting_costs_a_point_each_three_days() -> None:
    assert points_of([Reason.OWN_CLINICIAN], 0) == POINTS[Reason.OWN_CLINICIAN]
    assert points_of([Reason.OWN_CLINICIAN], 7) == POINTS[Reason.OWN_CLINICIAN] - 2
    assert points_of([], -5) == 0


@given(
    st.lists(st.tuples(st.integers(0, 20), st.sampled_from([DOC, OTHER]), st.sampled_from([SITE, AWAY])), max_size=12),
    st.integers(1, 6),
)
def test_each_is_suggested_once_in_falling_order(found: list[tuple[int, UUID, UUID]], most: int) -> None:
    openings = [opening(540, day=MONDAY + dt.timedelta(days=add), who=who, where=where) for add, who, where in found]
    named = suggest(openings, {}, today=TODAY, most=most)
    pairs = [(one.opening.session.clinician_id, one.opening.session.unit_id) for one in named]
    assert len(pairs) == len(set(pairs)) == min(most, len({(who, where) for _, who, where in found}))
    assert [one.points for one in named] == sorted((one.points for one in named), reverse=True)
    if openings and most >= 4:
        assert min(one.starts[0] for one in openings) in {one.start for one in named}


def test_an_answer_is_whole_or_says_what_lacks() -> None:
    assert lacking(Said(AnswerKind.SELF_PAY, AskedBy.PHONE, "words")) == ""
    assert lacking(Said(AnswerKind.SELF_PAY, None, "words")) == "channel_needed"
    assert lacking(Said(AnswerKind.ASKS_PLAN, AskedBy.PHONE)) == "words_needed"
    assert lacking(nobody_asked("no")) == "reason_needed"
    assert lacking(nobody_asked("emergency")) == ""


def test_who_wants_another_clinician_is_not_booked() -> None:
    assert not books(None)
    assert not books(Said(AnswerKind.OTHER_CLINICIAN, AskedBy.PHONE, "words"))
    assert books(nobody_asked("emergency"))
