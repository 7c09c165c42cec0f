"""The calendars of many kinds asked at once say what each says alone; and what had been taken at a time gone by."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from medguild.foundation.kernel.clock import now
from medguild.foundation.organization.endings import close_day
from medguild.foundation.organization.rules import ResourceKind
from medguild.operations.scheduling.calendar_sql import Calendar, Where, load_calendar, load_taken, window
from medguild.operations.scheduling.held_models import HeldBlock
from medguild.operations.scheduling.held_rules import Purpose
from medguild.operations.scheduling.kinds.visit_types import Needed, Terms, record_visit_type
from medguild.operations.scheduling.many_calendars import load_calendars, load_taken_by_then
from medguild.operations.scheduling.models import Allocation, Appointment, VisitType
from medguild.operations.scheduling.outcomes import cancel_appointment, mark_no_show
from medguild.operations.scheduling.rules import AbsenceKind, CancelReason, PatientKind
from medguild.operations.scheduling.slot_rules import find_openings
from medguild.operations.scheduling.templating import record_absence
from tests.factories.needs import capability, helper, needy, thing
from tests.factories.scheduling import Schedule, schedule, visit_type, wall
from tests.factories.world import HOUSE, World

pytestmark = pytest.mark.django_db
_DAY = dt.timedelta(days=1)
_WEEK = 7 * _DAY


def _kinds(plan: Schedule, world: World) -> list[VisitType]:
    """A plain one, one for new patients, one with padding, a device and staff, and a class of four."""
    scanner = capability(ResourceKind.EQUIPMENT, "scanner")
    listener = capability(ResourceKind.STAFF, "listener")
    thing(plan.site.unit, scanner, "Scanner 1")
    helper(plan, listener, "Ear")
    scan = needy("scan", {scanner: Needed(), listener: Needed()}, minutes=40)
    record_visit_type(
        visit_type=scan, owner=scan.owner, code=scan.code, name=scan.name, minutes=40, by=HOUSE,
        terms=Terms(prep_minutes=5, clean_up_minutes=10),
    )  # fmt: skip
    board = capability(ResourceKind.EQUIPMENT, "board")
    thing(plan.site.unit, board, "Board")
    lesson = needy("lesson", {board: Needed()}, minutes=60)
    return [plan.kind, visit_type("newcomer", minutes=30, patient_kind=PatientKind.NEW), scan, lesson]


def _lived_in(world: World) -> tuple[Schedule, list[VisitType]]:
    plan = schedule(world)
    kinds = _kinds(plan, world)
    plain, newcomer, scan, lesson = kinds
    taking = {kind.pk: kind.minutes for kind in (plain, newcomer, scan)}
    session = plan.add(visit_types=taking, room=world.main.room)
    HeldBlock.objects.create(
        session=session, start_minute=9 * 60, end_minute=10 * 60, purpose=Purpose.NEW_PATIENTS, release_days=1
    )
    HeldBlock.objects.create(
        session=session, start_minute=11 * 60, end_minute=12 * 60, purpose=Purpose.KINDS, release_days=1,
        visit_types=[scan.pk],
    )  # fmt: skip
    other = world.clinician(plan.site.unit)
    plan.add(clinician=other, weekday=1, visit_types=taking)
    plan.add(clinician=other, weekday=2, visit_types={lesson.pk: 60}, step_minutes=60, capacity=4)
    plan.session = session
    plan.book(10, 0, patient=plan.another())
    plan.book(10, 20, patient=plan.another(), overbook_reason="asked for")
    tuesday, wednesday = wall(plan.monday + _DAY, 9), wall(plan.monday + 2 * _DAY, 9)
    plan.book(patient=plan.another(), clinician=other, visit_type=scan, start=tuesday + dt.timedelta(minutes=20))
    plan.book(patient=plan.another(), clinician=other, visit_type=lesson, start=wednesday)
    close_day(unit=plan.site.unit, day=plan.monday + _WEEK, reason="Holiday", by=HOUSE)
    away = wall(plan.monday + _WEEK + _DAY, 0)
    record_absence(clinician=other, start=away, end=away + _DAY, kind=AbsenceKind.VACATION, by=HOUSE)
    return plan, kinds


def _free(calendar: Calendar, start: dt.date, end: dt.date, at: dt.datetime) -> list[tuple[object, dt.date, list[int]]]:
    openings = find_openings(
        calendar.sessions, calendar.taken, calendar.blocks, start=start, end=end,
        not_before=int(at.timestamp()) // 60, required=calendar.required,
    )  # fmt: skip
    return [(one.session.id, one.day, one.starts) for one in openings]


def test_many_kinds_asked_at_once_are_told_what_each_is_told_alone(world: World) -> None:
    plan, kinds = _lived_in(world)
    at = now()
    asked = {"start": plan.monday, "end": plan.monday + 4 * _WEEK, "where": Where(units=[plan.site.unit_id]), "at": at}
    with CaptureQueriesContext(connection) as captured:
        together = load_calendars(visit_type_ids=[kind.pk for kind in kinds], **asked)
    assert len(captured) <= 6
    assert together.keys() == {kind.pk for kind in kinds}
    free = {}
    for kind in kinds:
        alone, held = load_calendar(visit_type_id=kind.pk, **asked), together[kind.pk]
        assert held.sessions == alone.sessions
        assert held.required == alone.required
        free[kind.code] = _free(held, asked["start"], asked["end"], at)
        assert free[kind.code] == _free(alone, asked["start"], asked["end"], at)
    assert all(free.values()), "each kind has free times"
    assert len({str(one) for one in free.values()}) == len(kinds), "and other ones than the others"
    assert load_calendars(visit_type_ids=[], **asked) == {}


def _taken(load: object, plan: Schedule, at: dt.datetime) -> dict[object, tuple[list[int], list[int], list[int]]]:
    resources = set(Allocation.objects.unscoped("test").values_list("resource_id", flat=True))
    first, last = window(plan.monday, plan.monday + _WEEK)
    found = load(resources, start=first, end=last, at=at)  # type: ignore[operator]
    return {key: (one.starts, one.ends, one.lanes) for key, one in found.items()}


def test_what_had_been_taken_by_now_is_what_is_taken(world: World) -> None:
    plan, _ = _lived_in(world)
    at = now() + dt.timedelta(minutes=1)
    assert _taken(load_taken_by_then, plan, at) == _taken(load_taken, plan, at) != {}


def test_a_visit_given_up_later_had_taken_its_time_and_one_booked_later_had_not(world: World) -> None:
    plan = schedule(world)
    then = now()
    early, late, missed = (plan.book(9, 20 * slot, patient=plan.another()) for slot in range(3))
    Appointment.objects.unscoped("test").update(booked_at=then - _DAY)
    Appointment.objects.unscoped("test").filter(pk=late.pk).update(booked_at=then + _DAY)
    before = _taken(load_taken_by_then, plan, then)
    assert sorted(before) == sorted({early.patient_id, missed.patient_id, plan.clinician.resource_id})
    cancel_appointment(appointment=early, reason=CancelReason.PATIENT_ILL, by=HOUSE, at=then + 2 * _DAY)
    mark_no_show(appointment=missed, by=HOUSE, at=missed.end + _DAY)
    assert _taken(load_taken_by_then, plan, then) == before
    assert early.patient_id not in _taken(load_taken_by_then, plan, then + 3 * _DAY)
    assert _taken(load_taken_by_then, plan, then - 2 * _DAY) == {}
    # What came by an import took no resources: its own times stand for those of its clinician.
    Allocation.objects.unscoped("test").filter(appointment=early).delete()
    assert _taken(load_taken_by_then, plan, then)[plan.clinician.resource_id] == before[plan.clinician.resource_id]
