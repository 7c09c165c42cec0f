"""Moving, and what becomes of a visit."""

from __future__ import annotations

import datetime as dt

import pytest

from medguild.foundation.access.rules import Role
from medguild.foundation.events.models import Event
from medguild.foundation.kernel.clock import now
from medguild.operations.scheduling.errors import (
    ChangedMeanwhile,
    SlotTaken,
    WrongMove,
)
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.outcomes import (
    cancel_appointment,
    mark_arrived,
    mark_fulfilled,
    mark_no_show,
    reinstate_appointment,
)
from medguild.operations.scheduling.rules import CancelReason
from medguild.operations.scheduling.services import move_appointment
from tests.factories.scheduling import Schedule, lanes_held, schedule, wall
from tests.factories.world import World


@pytest.fixture
def plan(world: World) -> Schedule:
    return schedule(world, world.actor(Role.SCHEDULER))


def events(appointment: Appointment) -> list[str]:
    rows = Event.objects.unscoped("test").filter(subject_id=appointment.pk)
    return list(rows.order_by("pk").values_list("type", flat=True))


# --- moving ---------------------------------------------------------------------------------------------------------


def test_moving_gives_the_old_time_back(world: World, plan: Schedule) -> None:
    booked = plan.book()
    moved = move_appointment(appointment=booked, start=wall(plan.monday, 9, 10), by=plan.by)
    assert moved.pk == booked.pk
    assert moved.start == wall(plan.monday, 9, 10)
    other = world.clinician(plan.site.unit)
    plan.add(other)
    moved = move_appointment(
        appointment=moved, start=wall(plan.monday, 11), clinician=other, by=plan.by, by_practice=True
    )
    assert lanes_held(moved) == sorted([(other.resource_id, 0), (plan.patient.pk, 0)])
    assert plan.book(patient=plan.another())
    told = Event.objects.unscoped("test").filter(subject_id=booked.pk).order_by("pk").last()
    assert told is not None
    assert told.type == "appointment.moved"
    assert told.data["by_practice"] is True
    assert told.data["before"]["clinician_id"] == str(plan.clinician.pk)


def test_a_refused_move_leaves_everything(plan: Schedule) -> None:
    booked = plan.book()
    plan.book(10, 0, patient=plan.another())
    with pytest.raises(SlotTaken):
        move_appointment(appointment=booked, start=wall(plan.monday, 10), by=plan.by)
    booked.refresh_from_db()
    assert booked.start == wall(plan.monday, 9)
    assert len(lanes_held(booked)) == 2


def test_who_looked_before_somebody_moved_it_must_look_again(plan: Schedule) -> None:
    stale = plan.book()
    move_appointment(appointment=stale, start=wall(plan.monday, 10), by=plan.by)
    stale = Appointment.objects.unscoped("test").get(pk=stale.pk)
    stale.start = wall(plan.monday, 9)
    with pytest.raises(ChangedMeanwhile):
        cancel_appointment(appointment=stale, reason=CancelReason.PATIENT_REQUEST, by=plan.by)


def test_only_a_visit_to_come_is_moved(plan: Schedule) -> None:
    booked = cancel_appointment(appointment=plan.book(), reason=CancelReason.PATIENT_ILL, by=plan.by)
    with pytest.raises(WrongMove):
        move_appointment(appointment=booked, start=wall(plan.monday, 10), by=plan.by)


# --- outcomes -------------------------------------------------------------------------------------------------------


def test_cancelling_gives_the_time_back_and_keeps_the_reason(plan: Schedule) -> None:
    booked = cancel_appointment(appointment=plan.book(), reason=CancelReason.PATIENT_ILL, note="flu", by=plan.by)
    assert (booked.cancel_reason, booked.cancel_note) == ("patient_ill", "flu")
    assert lanes_held(booked) == []
    assert plan.book()
    with pytest.raises(WrongMove):
        cancel_appointment(appointment=booked, reason=CancelReason.PATIENT_ILL, by=plan.by)
    event = Event.objects.unscoped("test").get(type="appointment.cancelled")
    assert event.data["late"] is False
    assert "flu" not in str(event.data)


def test_a_late_cancellation_is_told(plan: Schedule) -> None:
    booked = plan.book()
    cancel_appointment(
        appointment=booked, reason=CancelReason.PATIENT_ILL, by=plan.by, at=booked.start - dt.timedelta(hours=23)
    )
    assert Event.objects.unscoped("test").get(type="appointment.cancelled").data["late"] is True


def test_no_show_frees_the_time_and_a_late_arrival_takes_it_again(plan: Schedule) -> None:
    booked = plan.book()
    with pytest.raises(WrongMove, match="not begun"):
        mark_no_show(appointment=booked, by=plan.by)
    missed = mark_no_show(appointment=booked, by=plan.by, at=booked.start + dt.timedelta(minutes=15))
    assert lanes_held(missed) == []
    late = mark_arrived(appointment=missed, by=plan.by)
    assert len(lanes_held(late)) == 2
    assert mark_fulfilled(appointment=late, by=plan.by).status == "fulfilled"
    assert events(booked) == [
        "appointment.booked", "appointment.no_show", "appointment.arrived", "appointment.fulfilled",
    ]  # fmt: skip


def test_a_late_arrival_meets_somebody_else_in_the_time(plan: Schedule) -> None:
    missed = mark_no_show(appointment=plan.book(), by=plan.by, at=wall(plan.monday, 9, 10))
    plan.book(patient=plan.another())
    with pytest.raises(SlotTaken):
        mark_arrived(appointment=missed, by=plan.by)
    with pytest.raises(SlotTaken):
        reinstate_appointment(appointment=missed, by=plan.by)


def test_an_expired_hold_does_not_keep_a_late_patient_out(plan: Schedule) -> None:
    missed = mark_no_show(appointment=plan.book(), by=plan.by, at=wall(plan.monday, 9, 10))
    plan.hold(at=now() - dt.timedelta(hours=1))
    assert reinstate_appointment(appointment=missed, by=plan.by).status == "booked"


def test_an_arrival_noted_by_mistake_is_undone(plan: Schedule) -> None:
    arrived = mark_arrived(appointment=plan.book(), by=plan.by)
    assert reinstate_appointment(appointment=arrived, by=plan.by).status == "booked"
    with pytest.raises(WrongMove):
        mark_fulfilled(appointment=arrived, by=plan.by)
