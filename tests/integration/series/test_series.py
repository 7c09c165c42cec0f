"""Series of visits: made in one step or not at all; no edit loses, doubles or moves what was decided by hand."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from medguild.foundation.access.rules import Role
from medguild.foundation.events.models import Event
from medguild.foundation.kernel.clock import local_date
from medguild.foundation.kernel.errors import NotAllowed
from medguild.foundation.kernel.ids import new_id
from medguild.foundation.organization.models import Closure
from medguild.operations.scheduling.errors import ChangedMeanwhile
from medguild.operations.scheduling.models import Allocation, Appointment
from medguild.operations.scheduling.outcomes import cancel_appointment
from medguild.operations.scheduling.rules import HOLDING, CancelReason
from medguild.operations.scheduling.services import move_appointment
from medguild.operations.series.errors import NotAll, NothingToBook
from medguild.operations.series.lines import Choice, Take, Work
from medguild.operations.series.models import Occurrence, Series, SeriesRule
from medguild.operations.series.planning import propose
from medguild.operations.series.rules import Act, Every, Pattern, Standing
from medguild.operations.series.selectors import forget_rules, live_occurrences, rule_of, standing_of
from medguild.operations.series.services import (
    Edit,
    NewSeries,
    edit_series,
    end_series,
    lines_of_edit,
    lines_of_new,
    make_series,
)
from tests.factories.scheduling import ZONE, Schedule, coming, schedule, wall
from tests.factories.series import booked_series, every_morning, visiting, weekly
from tests.factories.world import HOUSE, World

pytestmark = pytest.mark.django_db
WEEK = dt.timedelta(weeks=1)
SKIP = Choice(Take.SKIP)


@pytest.fixture
def plan(world: World) -> Schedule:
    made = schedule(world)
    every_morning(made)
    _ = made.patient
    return made


def starts(series: Series) -> list[dt.datetime | None]:
    return [one.appointment.start if one.appointment else None for one in live_occurrences(series)]


def visit(series: Series, number: int) -> Appointment:
    found = next(one.appointment for one in live_occurrences(series) if one.number == number)
    assert found is not None
    return found


def standings(series: Series, at: dt.datetime | None = None) -> list[Standing]:
    forget_rules(series)
    moment = at or wall(coming(0, 0), 7) - WEEK
    return [standing_of(one, rule_of(series, one.number), at=moment) for one in live_occurrences(series)]


def edit_of(plan: Schedule, series: Series, since: int, pattern: Pattern, **changes: Any) -> Edit:
    return Edit(series, since, pattern, visiting(plan, patient=series.patient, **changes))


def close(plan: Schedule, day: dt.date) -> None:
    Closure.objects.create(unit=plan.site.unit, day=day, reason="Holiday")


# --- making -----------------------------------------------------------------------------------------------------------


def test_a_series_is_booked_in_one_step_and_says_so(plan: Schedule) -> None:
    series = booked_series(plan)
    assert starts(series) == [wall(plan.monday + number * WEEK, 9) for number in range(4)]
    events = Event.objects.unscoped("test").filter(patient_id=plan.patient.pk)
    assert events.filter(type="appointment.booked").count() == 4
    assert events.get(type="series.made").data == {"visits": 4}


def test_the_clock_on_the_wall_stays_the_same_over_both_changes(plan: Schedule) -> None:
    first = plan.monday
    series = booked_series(plan, times=52)
    walls = {one.astimezone(ZONE).strftime("%a %H:%M") for one in starts(series) if one}
    assert walls == {"Mon 09:00"}
    assert len({one.astimezone(ZONE).utcoffset() for one in starts(series) if one}) == 2
    assert first == local_date(visit(series, 1).start, "America/Los_Angeles")


def test_what_cannot_be_is_told_with_the_nearest_times_and_nothing_is_booked(plan: Schedule) -> None:
    close(plan, plan.monday + WEEK)
    taken = plan.book(9, patient=plan.another(), start=wall(plan.monday + 2 * WEEK, 9))
    own = plan.book(9, start=wall(plan.monday + 3 * WEEK, 9), clinician=plan.clinician)
    lines = lines_of_new(weekly(plan, times=5), plan.site)
    found = propose(lines, Work(visiting(plan), HOUSE, wall(plan.monday, 7)))
    assert [one.code for one in found] == ["", "site_closed", "slot_taken", "slot_taken", ""]
    assert found[1].others[0].date() in {
        plan.monday + WEEK - dt.timedelta(days=3),
        plan.monday + WEEK + dt.timedelta(days=1),
    }
    assert all(one.hour == 9 for one in found[1].others[:1])
    assert found[2].others[0] == wall(plan.monday + 2 * WEEK, 8, 40)
    rows = Appointment.objects.unscoped("test")
    assert set(rows.values_list("pk", flat=True)) == {taken.pk, own.pk}
    assert Allocation.objects.unscoped("test").filter(active=True).count() == 4
    assert not Event.objects.unscoped("test").filter(type="series.made").exists()


def test_another_time_is_taken_or_a_visit_is_skipped(plan: Schedule) -> None:
    close(plan, plan.monday + WEEK)
    other = wall(plan.monday + WEEK + dt.timedelta(days=1), 9)
    series = booked_series(plan, {2: Choice(Take.OTHER_TIME, other), 3: SKIP})
    assert starts(series)[1:3] == [other, None]
    assert standings(series) == [Standing.REGULAR, Standing.MOVED, Standing.GONE, Standing.REGULAR]


def test_all_or_nothing(plan: Schedule) -> None:
    close(plan, plan.monday + 2 * WEEK)
    with pytest.raises(NotAll, match="Visit 3 of the series: The site is closed") as refused:
        booked_series(plan)
    assert refused.value.number == 3
    assert not Appointment.objects.unscoped("test").exists()
    assert not Series.objects.unscoped("test").exists()
    with pytest.raises(NothingToBook):
        booked_series(plan, dict.fromkeys(range(1, 5), SKIP))


def test_a_page_that_is_sent_twice_books_once(plan: Schedule) -> None:
    new = NewSeries(visiting(plan), weekly(plan), new_id())
    first = make_series(new=new, choices={}, by=HOUSE)
    assert make_series(new=new, choices={}, by=HOUSE).pk == first.pk
    assert Appointment.objects.unscoped("test").count() == 4


def test_who_may_only_look_books_no_series(plan: Schedule, world: World) -> None:
    with pytest.raises(NotAllowed):
        booked_series(plan, by=world.actor(Role.BILLER))


# --- editing ----------------------------------------------------------------------------------------------------------


def test_this_and_following_get_another_time_and_the_history_is_kept(plan: Schedule) -> None:
    series = booked_series(plan)
    later = weekly(plan, first=plan.monday + 2 * WEEK, minute=10 * 60, times=2)
    edit_series(edit=edit_of(plan, series, 3, later), choices={}, by=HOUSE)
    assert starts(series) == [
        wall(plan.monday, 9), wall(plan.monday + WEEK, 9),
        wall(plan.monday + 2 * WEEK, 10), wall(plan.monday + 3 * WEEK, 10),
    ]  # fmt: skip
    assert standings(series) == [Standing.REGULAR] * 4
    rules = SeriesRule.objects.unscoped("test").filter(series=series).order_by("since_number")
    assert [(one.since_number, one.minute, one.replaced_at is None) for one in rules] == [
        (1, 540, True),
        (3, 600, True),
    ]


def test_a_shift_by_one_week_does_not_stand_in_its_own_way(plan: Schedule) -> None:
    series = booked_series(plan)
    edit_series(edit=edit_of(plan, series, 1, weekly(plan, first=plan.monday + WEEK)), choices={}, by=HOUSE)
    assert starts(series) == [wall(plan.monday + number * WEEK, 9) for number in range(1, 5)]


def test_a_shift_by_ten_minutes_overlaps_the_own_time(plan: Schedule) -> None:
    for session in plan.clinician.sessions.unscoped("test"):
        session.step_minutes = 10
        session.save()
    series = booked_series(plan)
    lines = lines_of_edit(edit_of(plan, series, 1, weekly(plan, minute=9 * 60 + 10)))
    found = propose(lines, Work(visiting(plan), HOUSE, wall(plan.monday, 7)))
    assert [(one.line.act, one.code) for one in found] == [(Act.MOVE, "")] * 4


def test_exceptions_are_kept_when_the_rest_is_edited(plan: Schedule) -> None:
    series = booked_series(plan, times=5)
    moved = move_appointment(appointment=visit(series, 2), start=wall(plan.monday + WEEK, 11), by=HOUSE)
    cancel_appointment(appointment=visit(series, 4), reason=CancelReason.PATIENT_REQUEST, by=HOUSE)
    edit_series(edit=edit_of(plan, series, 1, weekly(plan, minute=10 * 60, times=5)), choices={}, by=HOUSE)
    assert visit(series, 2).start == moved.start
    assert standings(series) == [
        Standing.REGULAR, Standing.MOVED, Standing.REGULAR, Standing.GONE, Standing.REGULAR,
    ]  # fmt: skip
    assert [one.hour for one in (visit(series, n).start.astimezone(ZONE) for n in (1, 3, 5))] == [10, 10, 10]


def test_fewer_are_given_up_with_the_reason_and_more_are_added(plan: Schedule) -> None:
    series = booked_series(plan)
    edit_series(
        edit=edit_of(plan, series, 1, weekly(plan, times=2)), choices={}, by=HOUSE,
        drop_reason=CancelReason.PATIENT_COST,
    )  # fmt: skip
    gone = Appointment.objects.unscoped("test").filter(status="cancelled")
    assert [one.cancel_reason for one in gone] == ["patient_cost", "patient_cost"]
    edit_series(edit=edit_of(plan, series, 1, weekly(plan, times=3)), choices={}, by=HOUSE)
    assert starts(series) == [wall(plan.monday + number * WEEK, 9) for number in range(3)]
    assert Occurrence.objects.unscoped("test").filter(series=series, number=3).count() == 2


def test_another_clinician_takes_over(plan: Schedule, world: World) -> None:
    colleague = world.clinician(plan.site.unit)
    plan.add(colleague, start_minute=8 * 60)
    series = booked_series(plan)
    rest = weekly(plan, first=plan.monday + WEEK, times=3)
    edit_series(edit=edit_of(plan, series, 2, rest, clinician=colleague), choices={}, by=HOUSE)
    assert [visit(series, n).clinician_id for n in range(1, 5)] == [plan.clinician.pk, *[colleague.pk] * 3]
    back = edit_of(plan, series, 1, weekly(plan))
    assert [line.act for line in lines_of_edit(back)] == [Act.STAY, Act.MOVE, Act.MOVE, Act.MOVE]


def test_a_visit_may_stay_or_be_given_up_while_the_others_move(plan: Schedule) -> None:
    series = booked_series(plan)
    choices = {2: Choice(Take.LEAVE), 3: SKIP, 4: Choice(Take.OTHER_TIME, wall(plan.monday + 3 * WEEK, 11))}
    edit_series(edit=edit_of(plan, series, 1, weekly(plan, minute=10 * 60)), choices=choices, by=HOUSE)
    assert standings(series) == [Standing.REGULAR, Standing.MOVED, Standing.GONE, Standing.MOVED]
    assert visit(series, 2).start == wall(plan.monday + WEEK, 9)


def test_an_edit_that_fails_half_way_changes_nothing(plan: Schedule) -> None:
    series = booked_series(plan)
    before = starts(series)
    close(plan, plan.monday + 3 * WEEK)
    with pytest.raises(NotAll, match="Visit 4"):
        edit_series(edit=edit_of(plan, series, 1, weekly(plan, minute=10 * 60)), choices={}, by=HOUSE)
    assert starts(series) == before
    assert Allocation.objects.unscoped("test").filter(active=True).count() == 8
    assert SeriesRule.objects.unscoped("test").count() == 1


def test_two_edits_at_once_do_not_mix(plan: Schedule) -> None:
    series = booked_series(plan)
    stale = Series.objects.unscoped("test").select_related("patient", "unit__site", "visit_type").get(pk=series.pk)
    rule_of(stale, 1)
    edit_series(edit=edit_of(plan, series, 1, weekly(plan, minute=10 * 60)), choices={}, by=HOUSE)
    with pytest.raises(ChangedMeanwhile):
        edit_series(edit=edit_of(plan, stale, 1, weekly(plan, minute=11 * 60)), choices={}, by=HOUSE)


def test_the_end_gives_up_what_is_to_come(plan: Schedule) -> None:
    series = booked_series(plan)
    move_appointment(appointment=visit(series, 3), start=wall(plan.monday + 2 * WEEK, 11), by=HOUSE)
    ended = end_series(series=series, since=2, reason=CancelReason.PATIENT_REQUEST, by=HOUSE, also_moved=False)
    assert len(ended) == 2
    assert standings(series) == [Standing.REGULAR, Standing.GONE, Standing.MOVED, Standing.GONE]


def test_the_end_locks_all_people_at_once_although_a_visit_went_to_a_colleague(plan: Schedule, world: World) -> None:
    series = booked_series(plan)
    other = world.clinician(plan.site.unit)
    plan.add(other)
    move_appointment(appointment=visit(series, 3), start=wall(plan.monday + 2 * WEEK, 11), clinician=other, by=HOUSE)
    with CaptureQueriesContext(connection) as asked:
        end_series(series=series, since=2, reason=CancelReason.PATIENT_REQUEST, by=HOUSE)
    locks = [query["sql"] for query in asked.captured_queries if "pg_advisory_xact_lock(key)" in query["sql"]]
    keys = [{int(one) for one in re.findall(r"-?\d{6,}", sql)} for sql in locks]
    assert len(keys[0]) == 3  # two clinicians and the patient
    assert all(later <= keys[0] for later in keys[1:])


# --- any sequence -----------------------------------------------------------------------------------------------------

acts = st.lists(
    st.one_of(
        st.tuples(
            st.just("edit"), st.integers(1, 6), st.sampled_from([8 * 60, 9 * 60, 10 * 60]), st.integers(1, 7),
            st.sets(st.integers(0, 4), min_size=1, max_size=2), st.integers(1, 2), st.integers(0, 9),
        ),
        st.tuples(st.sampled_from(["move", "cancel"]), st.integers(1, 8)),
    ),
    min_size=1, max_size=5,
)  # fmt: skip


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=acts)
def test_random_edits_keep_exceptions_and_lose_or_double_nothing(plan: Schedule, steps: list[Any]) -> None:
    """The same as the model in the unit tests, through the whole of booking, over a change of the clocks."""
    with transaction.atomic():
        _run(plan, steps)
        transaction.set_rollback(True)


def _run(plan: Schedule, steps: list[Any]) -> None:
    first = _before_the_change()
    series = booked_series(plan, first=first)
    exceptions: dict[int, dt.datetime | None] = {}
    for act in steps:
        numbers = [one.number for one in live_occurrences(series)]
        if act[0] == "edit":
            _edit(plan, series, first, act, numbers)
        else:
            _by_hand(series, act, numbers, exceptions)
        _check(series, exceptions)


def _before_the_change() -> dt.date:
    """A Monday shortly before the clocks change next."""
    day = coming(0)
    while wall(day, 12).utcoffset() == wall(day + 3 * WEEK, 12).utcoffset():
        day += WEEK
    return day


def _edit(plan: Schedule, series: Series, first: dt.date, act: Any, numbers: list[int]) -> None:
    _, pick, minute, times, weekdays, step, later = act
    since = numbers[pick % len(numbers)]
    pattern = Pattern(
        Every.WEEK, step, first + dt.timedelta(days=later), minute + 20 * (since % 2), tuple(weekdays), times
    )  # fmt: skip
    edit = edit_of(plan, series, since, pattern)
    lines = lines_of_edit(edit)
    work = Work(edit.visiting, HOUSE, wall(first, 0) - WEEK)
    refused = {one.line.number for one in propose(lines, work) if one.code}
    choices = {
        line.number: SKIP if line.act is Act.ADD else Choice(Take.LEAVE) for line in lines if line.number in refused
    }
    try:
        edit_series(edit=edit, choices=choices, by=HOUSE, at=work.at)
    except NotAll:  # one that stays is in the way of another that moves: nothing was changed, and it is shown again
        forget_rules(series)


def _by_hand(series: Series, act: Any, numbers: list[int], exceptions: dict[int, dt.datetime | None]) -> None:
    number = numbers[act[1] % len(numbers)]
    one = next(one for one in live_occurrences(series) if one.number == number)
    if one.appointment is None or one.appointment.status != "booked":
        return
    if act[0] == "cancel":
        cancel_appointment(appointment=one.appointment, reason=CancelReason.PATIENT_REQUEST, by=HOUSE)
        exceptions[number] = None
        return
    elsewhere = one.appointment.start + dt.timedelta(hours=1, minutes=20)
    if Appointment.objects.unscoped("test").filter(start=elsewhere, status__in=HOLDING).exists():
        return
    move_appointment(appointment=one.appointment, start=elsewhere, by=HOUSE)
    exceptions[number] = elsewhere


def _check(series: Series, exceptions: dict[int, dt.datetime | None]) -> None:
    forget_rules(series)
    rows = live_occurrences(series)
    numbers = [one.number for one in rows]
    assert numbers == sorted(set(numbers))
    held = [one.appointment for one in rows if one.appointment and one.appointment.status in HOLDING]
    active = Appointment.objects.unscoped("test").filter(patient=series.patient, status__in=HOLDING)
    assert {one.pk for one in held} == set(active.values_list("pk", flat=True))  # nothing stands beside the series
    claims = Allocation.objects.unscoped("test").filter(active=True, appointment__in=[one.pk for one in held])
    assert claims.count() == 2 * len(held)
    for one in rows:
        rule = rule_of(series, one.number)
        where = one.planned.astimezone(ZONE)
        if standing_of(one, rule, at=wall(coming(0, 0), 0) - 2 * WEEK) is Standing.REGULAR:
            assert (where.hour * 60 + where.minute) == rule.minute  # the clock on the wall, whatever the season
            assert rule.weekdays == [] or where.weekday() in rule.weekdays
    for number, start in exceptions.items():
        kept = next(one for one in rows if one.number == number)
        assert kept.appointment is not None
        assert (kept.appointment.start if start else kept.appointment.status) == (start or "cancelled")


def test_the_pattern_of_an_edit_is_the_rule_that_is_kept(plan: Schedule) -> None:
    series = booked_series(plan)
    pattern = replace(weekly(plan), step=2, times=2)
    edit_series(edit=edit_of(plan, series, 1, pattern), choices={}, by=HOUSE)
    rule = rule_of(series, 1)
    assert (rule.step, rule.times, rule.weekdays) == (2, 2, [0])
