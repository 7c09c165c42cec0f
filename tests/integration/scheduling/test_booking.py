"""Booking: what it holds, what it refuses, and who may."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange

from medguild.foundation.access.rules import Role
from medguild.foundation.events.dispatch import dispatch_pending
from medguild.foundation.events.models import Event
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import NotAllowed, NotVisible, Refusal
from medguild.foundation.organization.models import Closure
from medguild.foundation.organization.people import Licence
from medguild.operations.scheduling.errors import (
    ClinicianAway,
    NotLicensed,
    OtherGroup,
    OutsideTemplate,
    OverbookRefused,
    PatientBusy,
    SlotTaken,
)
from medguild.operations.scheduling.holding import hold_slot
from medguild.operations.scheduling.models import Absence, Allocation, Appointment
from medguild.operations.scheduling.outcomes import (
    cancel_appointment,
    mark_arrived,
)
from medguild.operations.scheduling.protocol import Claim, allocate, guarded_transaction
from medguild.operations.scheduling.rules import CancelReason, Mode
from medguild.operations.scheduling.services import About, book_appointment, move_appointment
from medguild.patients.identity.linking import link_patients, unlink
from medguild.patients.identity.models import PatientLink
from medguild.patients.identity.ports import link_notes
from tests.factories.scheduling import Schedule, add_room, lanes_held, make_patient, schedule, visit_type, wall
from tests.factories.world import HOUSE, World


@pytest.fixture
def plan(world: World) -> Schedule:
    return schedule(world, world.actor(Role.SCHEDULER))


def test_a_booking_holds_clinician_and_patient_and_says_so(plan: Schedule) -> None:
    booked = plan.book(about=About(text=" Sore throat "))
    assert (booked.end - booked.start) == dt.timedelta(minutes=20)
    assert booked.entity == plan.office.entity
    assert booked.session == plan.session
    assert booked.reason == "Sore throat"
    assert lanes_held(booked) == sorted([(plan.clinician.resource_id, 0), (plan.patient.pk, 0)])
    event = Event.objects.unscoped("test").get(subject_id=booked.pk)
    assert event.type == "appointment.booked"
    assert event.patient_id == plan.patient.pk
    assert event.unit_id == plan.site.unit_id
    assert event.data["visit_type"] == "follow_up"
    assert "Sore" not in str(event.data)


def test_a_taken_time_is_refused_and_nothing_is_left(plan: Schedule) -> None:
    plan.book()
    with pytest.raises(SlotTaken):
        plan.book(patient=plan.another())
    with pytest.raises(SlotTaken):
        plan.book(9, 10, patient=plan.another())
    assert Appointment.objects.unscoped("test").count() == 1
    assert Allocation.objects.unscoped("test").count() == 2


def test_visits_that_touch_do_not_collide(plan: Schedule) -> None:
    plan.book()
    assert plan.book(9, 20)


def test_the_database_has_the_last_word(plan: Schedule) -> None:
    """An allocation that the look-up cannot have seen still makes the booking fail with the same words."""
    booked = plan.book()
    with pytest.raises(SlotTaken) as refused:
        guarded_transaction(
            lambda: allocate(
                [Claim(plan.clinician.resource_id)], start=booked.start, end=booked.end, unit_id=booked.unit_id,
                appointment_id=booked.pk,
            )
        )  # fmt: skip
    assert refused.value.code == "slot_taken"


def test_nobody_is_at_two_places_at_once(world: World, plan: Schedule) -> None:
    other = world.clinician(plan.site.unit)
    plan.add(other)
    plan.book()
    with pytest.raises(PatientBusy):
        plan.book(9, 10, clinician=other)
    with pytest.raises(PatientBusy):
        plan.book(9, 10, clinician=other, overbook_reason="insists on it")


def test_linked_records_of_one_person_are_one_resource(world: World, plan: Schedule) -> None:
    other = world.clinician(plan.site.unit)
    plan.add(other)
    twin = plan.another()
    PatientLink.objects.create(duplicate=twin, survivor=plan.patient, reason="same person", linked_at=now())
    twin.refresh_from_db()
    plan.book()
    with pytest.raises(PatientBusy):
        plan.book(clinician=other, patient=twin)


def test_linking_puts_visits_to_come_into_one_calendar(world: World, plan: Schedule) -> None:
    other = world.clinician(plan.site.unit)
    plan.add(other)
    twin = plan.another()
    kept, same, later = plan.book(), plan.book(clinician=other, patient=twin), plan.book(10, 0, patient=twin)
    assert [note.text for note in link_notes(twin.pk, plan.patient.pk)] == ["3 visits to come are held for both."]
    link = link_patients(duplicate=twin, survivor=plan.patient, reason="same person", by=HOUSE)
    dispatch_pending()
    assert (plan.patient.pk, 0) in lanes_held(kept)
    assert (plan.patient.pk, 0) in lanes_held(later)
    assert (twin.pk, 0) in lanes_held(same)
    told = Event.objects.unscoped("test").filter(subject_id=same.pk, type="appointment.overlaps")
    assert told.exists()
    unlink(link=link, reason="two brothers", by=HOUSE)
    dispatch_pending()
    assert (twin.pk, 0) in lanes_held(later)
    assert link_notes(make_patient(plan.office).pk, make_patient(plan.office).pk) == []


def test_outside_the_template_is_refused(plan: Schedule) -> None:
    for hour, minute in ((8, 0), (11, 50), (12, 0)):
        with pytest.raises(OutsideTemplate):
            plan.book(hour, minute)
    with pytest.raises(OutsideTemplate):
        plan.book(visit_type=visit_type("physical", 40))
    with pytest.raises(OutsideTemplate):
        plan.book(start=wall(plan.monday + dt.timedelta(days=1), 9))


def test_longer_than_usual_must_fit_the_session(plan: Schedule) -> None:
    assert (plan.book(11, 0, minutes=60).end - wall(plan.monday, 12)) == dt.timedelta(0)
    with pytest.raises(OutsideTemplate):
        plan.book(11, 20, minutes=60, patient=plan.another())


def test_absence_and_closed_days_are_refused_even_to_those_who_overbook(plan: Schedule) -> None:
    _ = plan.session
    day = plan.monday
    absence = Absence.objects.create(
        clinician=plan.clinician, kind="sick", during=DateTimeTZRange(wall(day, 8), wall(day, 10))
    )
    with pytest.raises(ClinicianAway):
        plan.book(9, 50, overbook_reason="urgent case")
    assert plan.book(10, 0)
    absence.delete()
    Closure.objects.create(unit=plan.office.practice, day=day, reason="snow")
    with pytest.raises(ClinicianAway) as refused:
        plan.book(11, 0, patient=plan.another())
    assert refused.value.code == "site_closed"


def test_an_expired_licence_is_refused_and_names_the_way_out(plan: Schedule) -> None:
    _ = plan.session
    Licence.objects.filter(clinician=plan.clinician).update(period=DateRange(dt.date(2020, 1, 1), plan.monday))
    with pytest.raises(NotLicensed) as refused:
        plan.book()
    assert "another clinician" in refused.value.message


def test_yesterday_a_retired_type_half_minutes_and_the_dead_are_refused(plan: Schedule) -> None:
    with pytest.raises(Refusal, match="over"):
        plan.book(start=now().replace(second=0, microsecond=0) - dt.timedelta(days=2))
    with pytest.raises(Refusal, match="whole minute"):
        plan.book(start=wall(plan.monday, 9).replace(second=30))
    with pytest.raises(Refusal, match="no longer used"):
        plan.book(visit_type=visit_type("old", active=False))
    dead = plan.another()
    dead.deceased_on = dt.date(2020, 1, 1)
    dead.save()
    with pytest.raises(Refusal, match="died"):
        plan.book(patient=dead)


def test_mode_is_the_first_of_the_type_unless_said(plan: Schedule) -> None:
    assert plan.book().mode == Mode.IN_PERSON
    assert plan.book(9, 20, mode=Mode.VIDEO, patient_state="OR").mode == Mode.VIDEO


# --- lanes, rooms, overbooking --------------------------------------------------------------------------------------


def test_capacity_is_lanes(plan: Schedule) -> None:
    plan.add(weekday=1, capacity=2)
    tuesday = plan.monday + dt.timedelta(days=1)
    lanes = [lanes_held(plan.book(start=wall(tuesday, 9), patient=plan.another())) for _ in range(2)]
    assert {lane for pairs in lanes for resource, lane in pairs if resource == plan.clinician.resource_id} == {0, 1}
    with pytest.raises(SlotTaken):
        plan.book(start=wall(tuesday, 9), patient=plan.another())


def test_overbooking_needs_right_reason_and_room_under_the_limit(world: World, plan: Schedule) -> None:
    plan.book()
    with pytest.raises(NotAllowed):
        plan.book(patient=plan.another(), overbook_reason="child with fever", by=world.actor(Role.NURSE))
    with pytest.raises(OverbookRefused):
        plan.book(patient=plan.another(), overbook_reason="hm")
    squeezed = plan.book(patient=plan.another(), overbook_reason="child with fever")
    assert squeezed.overbooked
    assert squeezed.overbook_reason == "child with fever"
    assert (plan.clinician.resource_id, 1) in lanes_held(squeezed)
    with pytest.raises(OverbookRefused) as refused:
        plan.book(patient=plan.another(), overbook_reason="one more child")
    assert refused.value.code == "overbook_limit"


def test_a_free_time_is_not_marked_overbooked_whatever_was_written(plan: Schedule) -> None:
    booked = plan.book(overbook_reason="thought it was full")
    assert not booked.overbooked
    assert booked.overbook_reason == ""


def test_one_visit_may_be_squeezed_in_outside_of_all_sessions(plan: Schedule) -> None:
    early = plan.book(7, 0, overbook_reason="before work", outside_hours=True)
    assert early.overbooked
    assert early.session is None
    assert early.entity == plan.office.entity
    with pytest.raises(OverbookRefused):
        plan.book(7, 10, overbook_reason="before work too", outside_hours=True, patient=plan.another())


def test_the_session_s_room_is_taken_too(world: World, plan: Schedule) -> None:
    room = plan.office.room
    other = world.clinician(plan.site.unit)
    plan.add(weekday=1, room=room)
    plan.add(other, weekday=1, room=room)
    start = wall(plan.monday + dt.timedelta(days=1), 9)
    booked = plan.book(start=start)
    assert booked.room == room
    assert (room.pk, 0) in lanes_held(booked)
    with pytest.raises(SlotTaken, match="room"):
        plan.book(start=start, clinician=other, patient=plan.another())
    elsewhere = plan.book(start=start, clinician=other, patient=plan.another(), room=add_room(plan.office))
    assert elsewhere.room.name == "Room 9"
    squeezed = plan.book(start=start, patient=plan.another(), overbook_reason="urgent case")
    assert squeezed.room is None


# --- rights and walls -----------------------------------------------------------------------------------------------


def test_who_may_only_look_may_not_book(world: World, plan: Schedule) -> None:
    with pytest.raises(NotAllowed):
        plan.book(by=world.actor(Role.BILLER))


def test_the_wall_between_ipa_members(world: World, plan: Schedule) -> None:
    member, stranger = Schedule(world.member_a), world.actor(Role.SCHEDULER, world.member_b.entity)
    with pytest.raises(NotVisible):
        member.book(by=stranger)
    booked = member.book()
    for act in (
        lambda: move_appointment(appointment=booked, start=wall(member.monday, 10), by=stranger),
        lambda: cancel_appointment(appointment=booked, reason=CancelReason.PATIENT_REQUEST, by=stranger),
        lambda: mark_arrived(appointment=booked, by=stranger),
        lambda: hold_slot(
            clinician=member.clinician, visit_type=member.kind, site=member.site, start=booked.start, by=stranger
        ),
    ):
        with pytest.raises(NotVisible):
            act()


def test_a_patient_of_another_circle_is_not_booked_here(world: World, plan: Schedule) -> None:
    with pytest.raises(OtherGroup):
        plan.book(patient=make_patient(world.member_a), by=HOUSE)


def test_a_failed_event_takes_the_booking_back(plan: Schedule, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("no log")

    monkeypatch.setattr("medguild.operations.scheduling.services.record", broken)
    with pytest.raises(RuntimeError):
        plan.book()
    assert not Allocation.objects.unscoped("test").exists()


def test_booking_signature_is_stable() -> None:
    """Rooms above call it by keyword."""
    assert book_appointment.__kwdefaults__.keys() >= {"overbook_reason", "hold", "origin", "at"}
