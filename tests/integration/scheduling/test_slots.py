"""Free slots as the database has them: exceptions, holds, rooms, scope, query counts, and the numbers of access."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from medguild.foundation.access.rules import Role
from medguild.foundation.kernel.clock import now
from medguild.foundation.organization.models import Closure, Site
from medguild.operations.scheduling.holding import hold_slot
from medguild.operations.scheduling.numbers import (
    ThirdNext,
    average_days,
    no_show_rate,
    template_fill,
    third_next_available,
)
from medguild.operations.scheduling.outcomes import cancel_appointment, mark_no_show
from medguild.operations.scheduling.rules import AbsenceKind, CancelReason
from medguild.operations.scheduling.selectors import find_slots
from medguild.operations.scheduling.slot_rules import Opening
from medguild.operations.scheduling.templating import cancel_session_day, record_absence
from medguild.operations.scheduling.week_rules import local_time
from tests.factories.scheduling import Schedule, coming, schedule, wall
from tests.factories.world import HOUSE, World

DAY = dt.timedelta(days=1)


@pytest.fixture
def plan(world: World) -> Schedule:
    return schedule(world, world.actor(Role.SCHEDULER))


def search(plan: Schedule, days: int = 1, **more: object) -> list[Opening]:
    _ = plan.session
    given = {"actor": plan.by, "visit_type_id": plan.kind.pk, "start": plan.monday, "end": plan.monday + days * DAY}
    return find_slots(**(given | more))  # type: ignore[arg-type]


def clock(found: list[Opening]) -> list[str]:
    return [local_time(o.session.zone, at).strftime("%H:%M") for o in found for at in o.starts]


def test_a_free_morning_and_a_taken_one(plan: Schedule) -> None:
    assert len(clock(search(plan))) == 9
    plan.book()
    cancel_appointment(appointment=plan.book(10, 0), reason=CancelReason.PATIENT_ILL, by=plan.by)
    hold_slot(clinician=plan.clinician, visit_type=plan.kind, site=plan.site, start=wall(plan.monday, 11), by=plan.by)
    assert clock(search(plan)) == ["09:20", "09:40", "10:00", "10:20", "10:40", "11:20", "11:40"]
    tomorrow = now() + dt.timedelta(minutes=10)
    assert "11:00" in clock(search(plan, at=tomorrow))  # the hold has run out by then


def test_every_offered_slot_can_be_booked(plan: Schedule) -> None:
    plan.book(9, 40)
    for opening in search(plan):
        for start in opening.starts:
            plan.book(start=local_time(opening.session.zone, start), patient=plan.another())
    assert search(plan) == []


def test_exceptions_closures_and_absences(plan: Schedule) -> None:
    cancel_session_day(session=plan.session, day=plan.monday, reason="training", by=HOUSE)
    next_monday = plan.monday + 7 * DAY
    record_absence(
        clinician=plan.clinician,
        start=wall(next_monday, 9),
        end=wall(next_monday, 11),
        kind=AbsenceKind.MEETING,
        by=HOUSE,
    )
    Closure.objects.create(unit=plan.office.entity, day=plan.monday + 14 * DAY, reason="holiday")
    found = search(plan, days=22)
    assert [opening.day for opening in found] == [next_monday, plan.monday + 21 * DAY]
    assert clock(found[:1]) == ["11:00", "11:20", "11:40"]


def test_a_busy_hour_at_another_site_takes_the_slot_here(world: World, plan: Schedule) -> None:
    """One clinician, two sites: what is booked there is not free here."""
    plan.book(9, 0)
    _ = plan.session
    extra = world.second.site
    assert Site.objects.count() >= 2
    assert all(opening.session.unit_id != extra.unit_id for opening in search(plan))
    assert "09:00" not in clock(search(plan))


def test_three_queries_whatever_the_number_of_clinicians(world: World, plan: Schedule) -> None:
    with CaptureQueriesContext(
        connection,
    ) as one:
        search(plan, 14)
    first = len([q for q in one if "operations_" in q["sql"] and q["sql"].lstrip().lower().startswith("select")])
    for _ in range(4):
        plan.add(world.clinician(plan.site.unit))
    with CaptureQueriesContext(connection) as many:
        found = search(plan, 14)
    assert len({opening.session.clinician_id for opening in found}) == 5
    assert len(many) == 3
    assert first >= 3


def test_only_sites_in_scope_are_searched(world: World, plan: Schedule) -> None:
    for office in (world.member_a, world.second):
        Schedule(office).add(clinician=office.clinician)
    _ = plan.session
    everywhere = search(plan, actor=HOUSE)
    assert len({opening.session.unit_id for opening in everywhere}) == 3
    assert {opening.session.unit_id for opening in search(plan)} == {plan.site.unit_id}
    assert search(plan, units=[world.member_a.site.unit_id]) == []
    assert search(plan, clinicians=[world.member_a.clinician.pk]) == []
    assert search(plan, actor=world.actor(Role.HR)) == []


def test_third_next_available(world: World, plan: Schedule) -> None:
    idle, busy = plan.clinician, world.clinician(plan.site.unit)
    _ = plan.session
    plan.add(busy, end_minute=9 * 60 + 40)  # two slots a week: the third is a week later
    never = world.clinician(plan.site.unit)
    on = plan.monday - 3 * DAY
    found = third_next_available(
        actor=plan.by, visit_type_id=plan.kind.pk, clinicians=[idle.pk, busy.pk, never.pk], on=on
    )
    assert found == [ThirdNext(idle.pk, 3), ThirdNext(busy.pk, 10), ThirdNext(never.pk, None)]
    assert average_days(found) == 6.5
    assert average_days([]) is None


def test_template_fill_shows_overbooked_minutes_apart(plan: Schedule) -> None:
    plan.book()
    plan.book(patient=plan.another(), overbook_reason="child with fever")
    plan.book(9, 20)
    cancel_appointment(appointment=plan.book(10, 0), reason=CancelReason.PATIENT_ILL, by=plan.by)
    [fill] = template_fill(actor=plan.by, start=plan.monday, end=plan.monday + DAY)
    assert (fill.bookable, fill.booked, fill.overbooked) == (180, 40, 20)
    assert fill.percent == 33.3
    assert template_fill(actor=plan.by, start=plan.monday, end=plan.monday + DAY, units=[]) == []


def test_no_show_rate_leaves_out_timely_cancellations_and_bumps(plan: Schedule) -> None:
    ends = wall(plan.monday, 18)
    mark_no_show(appointment=plan.book(), by=plan.by, at=ends)
    plan.book(9, 20)
    late = plan.book(9, 40)
    cancel_appointment(appointment=late, reason=CancelReason.PATIENT_ILL, by=plan.by, at=late.start)
    cancel_appointment(appointment=plan.book(10, 0), reason=CancelReason.PATIENT_ILL, by=plan.by)
    bump = plan.book(10, 20)
    cancel_appointment(appointment=bump, reason=CancelReason.PRACTICE_OTHER, by=plan.by, at=bump.start)
    rate = no_show_rate(actor=plan.by, start=plan.monday, end=plan.monday + DAY, at=ends)
    assert (rate.numerator, rate.denominator) == (1, 3)
    assert rate.percent == 33.3
    nothing = no_show_rate(actor=plan.by, start=plan.monday, end=plan.monday + DAY, at=wall(plan.monday, 1))
    assert nothing.percent is None


def test_sessions_across_both_changes_of_the_clock(plan: Schedule) -> None:
    """Saturday and Sunday nights: what is offered can be booked, at instants that exist, each once."""
    plan.add(weekday=6, start_minute=0, end_minute=4 * 60)
    sunday = coming(6)
    for week in range(53):
        day = sunday + week * 7 * DAY
        found = search(plan, start=day, end=day + DAY)
        hours = len(found[0].starts) * 20 / 60
        assert hours in (3, 4, 5)
        if hours == 4:
            continue
        for start in found[0].starts[3:7]:
            booked = plan.book(start=dt.datetime.fromtimestamp(start * 60, dt.UTC), patient=plan.another())
            assert booked.session is not None
        assert len(search(plan, start=day, end=day + DAY)[0].starts) == hours * 3 - 4
