"""Every constraint of the room is violated once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange

from medguild.foundation.kernel.clock import now
from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.rules import UnitKind
from medguild.foundation.organization.services import open_unit
from medguild.operations.scheduling.models import (
    Absence,
    Allocation,
    Appointment,
    Hold,
    Session,
    SessionException,
    SessionVisitType,
    VisitType,
)
from tests.factories.scheduling import Schedule, schedule, wall
from tests.factories.world import HOUSE, START, World

Break = Callable[[Schedule], object]


@pytest.fixture
def plan(world: World) -> Schedule:
    return schedule(world)


def broken(act: Callable[[], object]) -> str:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        act()
    return str(error.value.__cause__.diag.constraint_name)  # type: ignore[union-attr]


def _owner() -> Unit:
    found = Unit.objects.filter(kind=UnitKind.ENTERPRISE).first()
    return found or open_unit(kind=UnitKind.ENTERPRISE, name="Harbor Health", by=HOUSE, start=START)


def kind(**changes: Any) -> VisitType:
    values = {"code": "x", "name": "X", "minutes": 20, "modes": ["phone"], "owner": _owner()}
    return VisitType.objects.create(**(values | changes))


@pytest.mark.parametrize(
    ("name", "act"),
    [
        ("visit_type_code_once", lambda: [kind(), kind()]),
        ("visit_type_named", lambda: kind(name="")),
        ("visit_type_minutes_in_day", lambda: kind(minutes=1441)),
        ("visit_type_patient_kind_known", lambda: kind(patient_kind="odd")),
        ("visit_type_modes_known", lambda: kind(modes=["carrier pigeon"])),
        ("visit_type_modes_known", lambda: kind(modes=[])),
    ],
)
def test_visit_types(db: None, name: str, act: Callable[[], object]) -> None:
    assert broken(act) == name


def session(plan: Schedule, **changes: Any) -> Session:
    fields = {
        "clinician": plan.clinician, "unit": plan.site.unit, "entity": plan.office.entity, "weekday": 2,
        "start_minute": 540, "end_minute": 720, "anchor": dt.date(2026, 1, 5), "step_minutes": 20,
        "period": DateRange(dt.date(2026, 1, 5), None),
    }  # fmt: skip
    return Session.objects.create(**(fields | changes))


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("session_weekday_known", {"weekday": 7}),
        ("session_ends_after_start", {"end_minute": 540}),
        ("session_ends_after_start", {"end_minute": 1441}),
        ("session_every_weeks_positive", {"every_weeks": 0}),
        ("session_anchor_monday", {"anchor": dt.date(2026, 1, 6)}),
        ("session_step_positive", {"step_minutes": 0}),
        ("session_capacity_positive", {"capacity": 0}),
        ("session_period_whole", {"period": DateRange(None, dt.date(2026, 1, 5))}),
        ("session_extra_one_day", {"extra": True}),
        ("session_extra_one_day", {"extra": True, "period": DateRange(dt.date(2026, 1, 5), dt.date(2026, 1, 7))}),
    ],
)
def test_sessions(plan: Schedule, name: str, changes: dict[str, Any]) -> None:
    assert broken(lambda: session(plan, **changes)) == name


def test_weekly_sessions_of_a_clinician_do_not_overlap(plan: Schedule) -> None:
    session(plan)
    assert broken(lambda: session(plan, start_minute=700, end_minute=800)) == "session_weekly_once_at_a_time"
    assert session(plan, start_minute=720, end_minute=800)
    assert session(plan, weekday=3)
    assert session(plan, every_weeks=2)
    one_day = DateRange(dt.date(2026, 1, 7), dt.date(2026, 1, 8))
    assert session(plan, extra=True, period=one_day)


def test_parts_of_sessions(plan: Schedule) -> None:
    held = session(plan)

    def takes(minutes: int) -> object:
        return SessionVisitType.objects.create(session=held, visit_type=plan.kind, minutes=minutes)

    def off(reason: str) -> object:
        return SessionException.objects.create(session=held, day=dt.date(2026, 1, 7), reason=reason)

    assert broken(lambda: takes(0)) == "session_visit_type_minutes_in_day"
    assert broken(lambda: [takes(20), takes(30)]) == "session_visit_type_once"
    assert broken(lambda: off("")) == "session_exception_has_reason"
    assert broken(lambda: [off("snow"), off("snow")]) == "session_exception_once"


def test_absences(plan: Schedule) -> None:
    def away(start: dt.datetime | None, end: dt.datetime | None, kind: str = "sick") -> object:
        return Absence.objects.create(clinician=plan.clinician, during=DateTimeTZRange(start, end), kind=kind)

    nine, ten = wall(plan.monday, 9), wall(plan.monday, 10)
    assert broken(lambda: away(nine, ten, "bored")) == "absence_kind_known"
    assert broken(lambda: away(nine, None)) == "absence_bounded"
    assert broken(lambda: [away(nine, ten), away(nine, ten)]) == "absence_once_at_a_time"


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("appointment_ends_after_start", {"end": dt.datetime(2020, 1, 1, tzinfo=dt.UTC)}),
        ("appointment_ends_after_start", {"end": dt.datetime(2099, 1, 1, tzinfo=dt.UTC)}),
        ("appointment_status_known", {"status": "lost"}),
        ("appointment_mode_known", {"mode": "telepathy"}),
        ("appointment_origin_known", {"origin": "dream"}),
        ("appointment_reason_category_known", {"reason_category": "whim"}),
        ("appointment_cancel_reason_known",
         {"cancel_reason": "whim", "status": "cancelled", "cancelled_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)}),
        ("appointment_cancel_whole", {"status": "cancelled"}),
        ("appointment_cancel_whole", {"cancel_reason": "patient_ill"}),
        ("appointment_overbook_reason", {"overbooked": True}),
        ("appointment_overbook_reason", {"overbook_reason": "why not"}),
    ],
)  # fmt: skip
def test_appointments(plan: Schedule, name: str, changes: dict[str, Any]) -> None:
    booked = plan.book()
    rows = Appointment.objects.unscoped("test").filter(pk=booked.pk)
    assert broken(lambda: rows.update(**changes)) == name


def test_holds(plan: Schedule) -> None:
    nine = wall(plan.monday, 9)

    def hold() -> object:
        return Hold.objects.create(
            clinician=plan.clinician, unit=plan.site.unit, visit_type=plan.kind, start=nine, end=nine, expires_at=now()
        )

    assert broken(hold) == "hold_ends_after_start"


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("allocation_lane_once_at_a_time", {}),
        ("allocation_for_one", {"appointment": None}),
        ("allocation_for_one", {"expires_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)}),
        ("allocation_within_a_day", {"lane": 5, "hours": 25}),
    ],
)
def test_allocations(plan: Schedule, name: str, changes: dict[str, Any]) -> None:
    booked = plan.book()
    hours = changes.pop("hours", 1)
    fields = {
        "resource_id": plan.clinician.resource_id, "lane": 0, "unit": plan.site.unit, "appointment": booked,
        "during": DateTimeTZRange(booked.start, booked.start + dt.timedelta(hours=hours)),
    } | changes  # fmt: skip
    assert broken(lambda: Allocation.objects.create(**fields)) == name


def test_inactive_allocations_hold_nothing(plan: Schedule) -> None:
    booked = plan.book()
    assert Allocation.objects.create(
        resource_id=plan.clinician.resource_id, unit=plan.site.unit, appointment=booked, active=False,
        during=DateTimeTZRange(booked.start, booked.end),
    )  # fmt: skip
