from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medguild.operations.visits import rules
from medguild.operations.visits.rules import ArrivalState, Moved, Planned, VisitStatus, WaitTone

T0 = dt.datetime(2026, 11, 2, 16, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


def at(minutes: float) -> dt.datetime:
    return T0 + minutes * MINUTE


def test_the_usual_way_through_a_visit_is_allowed() -> None:
    way = [*rules.BOARD_STEPS, VisitStatus.LEFT]
    assert all(rules.may_move(a, b) for a, b in zip(way, way[1:], strict=False))


@pytest.mark.parametrize("end", sorted(rules.ENDED))
def test_nothing_follows_an_end(end: VisitStatus) -> None:
    assert not any(rules.may_move(end, target) for target in VisitStatus)


def test_nobody_leaves_unseen_after_the_clinician_began() -> None:
    assert not rules.may_move(VisitStatus.WITH_CLINICIAN, VisitStatus.LEFT_WITHOUT_BEING_SEEN)
    assert not rules.may_move(VisitStatus.ROOMED, VisitStatus.CANCELLED)


@given(st.sampled_from(VisitStatus), st.sampled_from(VisitStatus))
def test_no_move_leads_back(origin: VisitStatus, target: VisitStatus) -> None:
    order = list(VisitStatus)
    if rules.may_move(origin, target):
        assert order.index(target) > order.index(origin)


@given(st.lists(st.sampled_from(VisitStatus), min_size=0, max_size=12))
def test_every_walk_along_the_moves_ends(choices: list[VisitStatus]) -> None:
    here, taken = VisitStatus.ARRIVED, 0
    for choice in choices:
        if rules.may_move(here, choice):
            here, taken = choice, taken + 1
    assert taken <= len(rules.BOARD_STEPS)


@pytest.mark.parametrize(
    ("previous", "minutes", "allowed"),
    [
        (VisitStatus.ARRIVED, 0, True),
        (VisitStatus.ARRIVED, 5, True),
        (VisitStatus.ARRIVED, 5.01, False),
        (VisitStatus.ARRIVED, -1, False),
        (None, 1, False),
    ],
)
def test_a_step_can_be_taken_back_for_five_minutes(previous: VisitStatus | None, minutes: float, allowed: bool) -> None:
    assert rules.may_undo(previous, T0, at(minutes)) is allowed


def test_step_times_leave_out_what_was_undone() -> None:
    history = [
        Moved(VisitStatus.ARRIVED, at(0), "desk"),
        Moved(VisitStatus.WITH_CLINICIAN, at(3), "nurse"),
        Moved(None, at(4), "nurse", undone=True),
        Moved(VisitStatus.ROOMED, at(9), "nurse"),
        Moved(VisitStatus.WITH_CLINICIAN, at(20)),
    ]
    steps = rules.step_times(history)
    assert [(s.status, s.minutes(at(31))) for s in steps] == [
        (VisitStatus.ARRIVED, 9),
        (VisitStatus.ROOMED, 11),
        (VisitStatus.WITH_CLINICIAN, 11),
    ]
    assert steps[-1].ended is None


def test_the_last_step_of_a_visit_that_ended_takes_no_time() -> None:
    steps = rules.step_times([Moved(VisitStatus.ARRIVED, at(0)), Moved(VisitStatus.LEFT_WITHOUT_BEING_SEEN, at(40))])
    assert [s.minutes(at(500)) for s in steps] == [40, 0]


def test_an_undo_without_a_step_is_harmless() -> None:
    assert rules.step_times([Moved(None, at(0), undone=True)]) == []


@given(st.lists(st.integers(0, 600), min_size=1, max_size=5))
def test_step_minutes_add_up_to_the_whole_stay(gaps: list[int]) -> None:
    moments = [T0]
    for gap in gaps:
        moments.append(moments[-1] + gap * MINUTE)
    steps = rules.step_times(
        Moved(status, moment) for status, moment in zip([*rules.BOARD_STEPS, VisitStatus.LEFT], moments, strict=False)
    )
    end = moments[min(len(moments), 5) - 1]
    assert sum(step.minutes(end) for step in steps) == rules.cycle_minutes(T0, end)


def test_cycle_time_and_wait_to_room() -> None:
    assert rules.cycle_minutes(at(0), at(47.9)) == 47
    assert rules.wait_to_room(at(0), at(18), None) == 18
    assert rules.wait_to_room(at(0), at(18), at(10)) == 8, "an early patient waits from the planned time on"
    assert rules.wait_to_room(at(0), at(18), at(-30)) == 18
    assert rules.wait_to_room(at(0), at(5), at(10)) == 0, "roomed before the planned time"


def test_averages_of_nothing_are_unknown() -> None:
    assert rules.mean([]) is None
    assert rules.middle([]) is None
    assert rules.mean([10, 20]) == 15
    assert rules.middle([10, 20, 90]) == 20


@pytest.mark.parametrize(
    ("minutes", "tone"),
    [(0, WaitTone.CALM), (14, WaitTone.CALM), (15, WaitTone.LONG), (29, WaitTone.LONG), (30, WaitTone.TOO_LONG)],
)
def test_waiting_is_long_from_the_limit_on(minutes: int, tone: WaitTone) -> None:
    assert rules.wait_tone(minutes, 15) is tone


@pytest.mark.parametrize(
    ("visit", "no_show", "minutes", "state"),
    [
        (None, False, -10, ArrivalState.EXPECTED),
        (None, False, 5, ArrivalState.EXPECTED),
        (None, False, 6, ArrivalState.LATE),
        (None, True, 30, ArrivalState.NO_SHOW),
        (VisitStatus.ARRIVED, False, 30, ArrivalState.HERE),
        (VisitStatus.LEFT, False, 30, ArrivalState.LEFT),
        (VisitStatus.LEFT_WITHOUT_BEING_SEEN, False, 30, ArrivalState.LEFT),
        (VisitStatus.CANCELLED, False, 30, ArrivalState.LATE),
    ],
)
def test_arrival_states(visit: VisitStatus | None, no_show: bool, minutes: int, state: ArrivalState) -> None:
    assert rules.arrival_state(planned=T0, moment=at(minutes), visit=visit, no_show=no_show) is state


def test_late_patients_and_the_next_ninety_minutes_come_first() -> None:
    lines = [
        ("left", ArrivalState.LEFT, at(-60)),
        ("here", ArrivalState.HERE, at(-30)),
        ("evening", ArrivalState.EXPECTED, at(91)),
        ("soon", ArrivalState.EXPECTED, at(90)),
        ("late", ArrivalState.LATE, at(-20)),
    ]
    ordered = sorted(lines, key=lambda line: rules.arrival_rank(line[1], line[2], T0))
    assert [line[0] for line in ordered] == ["late", "soon", "evening", "here", "left"]


def slot(start: float, began: float | None = None, *, over: bool = False, here: bool = True) -> Planned:
    return Planned(at(start), at(start + 20), None if began is None else at(began), over, here)


def test_running_late_while_with_a_patient() -> None:
    assert rules.running_minutes([slot(0, 12)], at(15)) == 12
    assert rules.running_minutes([slot(0, 0)], at(35)) == 15, "over the planned length: it grows by the minute"


def test_running_early_is_negative() -> None:
    assert rules.running_minutes([slot(0, -5)], at(0)) == -5


def test_between_patients_only_those_who_are_here_count() -> None:
    assert rules.running_minutes([slot(0, 0, over=True), slot(20), slot(40)], at(29)) == 9
    assert rules.running_minutes([slot(20, here=False), slot(25)], at(29)) == 4
    assert rules.running_minutes([slot(20)], at(10)) == 0
    assert rules.running_minutes([], at(0)) == 0
