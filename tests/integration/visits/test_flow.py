from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import connection

from medguild.foundation.access.rules import Role
from medguild.foundation.events.dispatch import dispatch_pending
from medguild.foundation.events.models import Event
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import Refusal
from medguild.operations.scheduling.models import Session
from medguild.operations.scheduling.rules import AppointmentStatus
from medguild.operations.visits import flow
from medguild.operations.visits.arrival import check_in, finish_check_in, mark_step, take_back_arrival
from medguild.operations.visits.checklist import checklist
from medguild.operations.visits.errors import (
    ChecklistOpen,
    MovedAlready,
    NotYetTheDay,
    OpenVisitExists,
    RoomInUse,
    TooLateToUndo,
    WrongStep,
)
from medguild.operations.visits.models import Visit
from medguild.operations.visits.rules import IdentityProof, MarkOutcome, VisitStatus
from medguild.operations.visits.selectors import board_version, session_entity, steps_of, visit_for
from medguild.patients.coverage.services import verify_coverage
from medguild.patients.identity.ports import link_notes
from tests.factories.patients import give_consents, make_coverage
from tests.factories.scheduling import add_room, coming, schedule, wall
from tests.factories.visits import MINUTE, make_appointment, make_visit, make_walk_in, patient_of, walk_through
from tests.factories.world import HOUSE, World

pytestmark = pytest.mark.django_db


def fresh(visit: Visit) -> Visit:
    return visit_for(HOUSE, visit.pk)


def events_of(visit: Visit) -> list[str]:
    events = Event.objects.unscoped("test").filter(subject_type="visit", subject_id=visit.pk)
    return list(events.order_by("pk").values_list("type", flat=True))


def test_a_visit_goes_its_way_and_each_step_is_timed(world: World) -> None:
    start = now() - dt.timedelta(minutes=50)
    visit = make_visit(world, at=start, to=VisitStatus.LEFT)
    assert events_of(visit) == [
        "visit.arrived", "visit.roomed", "visit.with_clinician", "visit.ready", "visit.checked_out",
    ]  # fmt: skip
    assert [(step.status, step.minutes(now())) for step in steps_of(visit)] == [
        (VisitStatus.ARRIVED, 10),
        (VisitStatus.ROOMED, 10),
        (VisitStatus.WITH_CLINICIAN, 10),
        (VisitStatus.READY_TO_LEAVE, 10),
        (VisitStatus.LEFT, 0),
    ]
    held = fresh(visit)
    assert held.ended_at == start + 40 * MINUTE
    assert held.appointment.status == AppointmentStatus.FULFILLED
    assert held.room == world.main.room


def test_the_event_of_leaving_names_what_revenue_needs(world: World) -> None:
    visit = make_visit(world, to=VisitStatus.LEFT)
    event = Event.objects.unscoped("test").get(type="visit.checked_out", subject_id=visit.pk)
    assert event.unit_id == world.main.site.unit_id
    assert event.patient_id == visit.patient_id
    assert event.data["entity_id"] == str(world.main.entity.pk)
    assert event.data["appointment_id"] == str(visit.appointment_id)


def test_every_change_counts_on_the_board_of_its_site_alone(world: World) -> None:
    site, other = world.main.site.unit_id, world.second.site.unit_id
    visit = make_visit(world)
    before = board_version(site)
    flow.room_patient(visit=visit, by=HOUSE)
    assert board_version(site) == before + 1
    assert board_version(other) == 0


def test_the_second_screen_is_told_who_was_faster(world: World) -> None:
    visit = make_visit(world)
    nurse = world.actor(Role.NURSE)
    flow.room_patient(visit=visit, room=world.main.room, by=nurse, seen=visit.revision)
    with pytest.raises(MovedAlready, match=r"nurse changed this visit.*In a room"):
        flow.room_patient(visit=visit, by=HOUSE, seen=visit.revision)
    assert events_of(visit).count("visit.roomed") == 1


def test_a_step_that_does_not_follow_is_refused(world: World) -> None:
    visit = make_visit(world)
    with pytest.raises(WrongStep, match="Arrived"):
        flow.ready_to_leave(visit=visit, by=HOUSE)
    assert fresh(visit).status == VisitStatus.ARRIVED


def test_identity_comes_before_the_room(world: World) -> None:
    visit = make_visit(world, identity=None)
    with pytest.raises(ChecklistOpen, match="Confirm identity"):
        flow.room_patient(visit=visit, by=HOUSE)
    with pytest.raises(ChecklistOpen):
        flow.start_clinician(visit=visit, by=HOUSE)
    mark_step(visit=visit, key="identity", outcome=MarkOutcome.DONE, proof=IdentityProof.PHOTO_ID, by=HOUSE)
    assert flow.room_patient(visit=visit, by=HOUSE).status == VisitStatus.ROOMED


def test_a_room_holds_as_many_as_it_can(world: World) -> None:
    make_visit(world, to=VisitStatus.ROOMED)
    other = make_walk_in(world)
    with pytest.raises(RoomInUse, match="Room 1"):
        flow.room_patient(visit=other, room=world.main.room, by=HOUSE)
    assert flow.room_patient(visit=other, room=add_room(world.main), by=HOUSE).status == VisitStatus.ROOMED


def test_a_room_of_another_site_is_refused(world: World) -> None:
    visit = make_visit(world)
    with pytest.raises(Refusal, match="room of this site"):
        flow.room_patient(visit=visit, room=world.second.room, by=HOUSE)


def test_a_room_is_free_again_when_the_patient_is_ready_to_leave(world: World) -> None:
    make_visit(world, to=VisitStatus.READY_TO_LEAVE)
    other = make_walk_in(world)
    assert flow.room_patient(visit=other, room=world.main.room, by=HOUSE).room == world.main.room


def test_a_step_can_be_taken_back_once_and_within_five_minutes(world: World) -> None:
    visit = make_visit(world, at=now() - 20 * MINUTE)
    arrived = visit.since
    visit = flow.room_patient(visit=visit, room=world.main.room, by=HOUSE, at=now() - 4 * MINUTE)
    visit = flow.undo_step(visit=visit, by=HOUSE)
    assert (visit.status, visit.since, visit.room) == (VisitStatus.ARRIVED, arrived, None)
    with pytest.raises(TooLateToUndo):
        flow.undo_step(visit=visit, by=HOUSE)
    visit = flow.room_patient(visit=visit, by=HOUSE, at=now() - 6 * MINUTE)
    with pytest.raises(TooLateToUndo):
        flow.undo_step(visit=visit, by=HOUSE)
    assert [step.status for step in steps_of(visit)] == [VisitStatus.ARRIVED, VisitStatus.ROOMED]


def test_leaving_can_be_taken_back(world: World) -> None:
    visit = make_visit(world, at=now() - 41 * MINUTE, to=VisitStatus.LEFT)
    visit = flow.undo_step(visit=visit, by=HOUSE)
    held = fresh(visit)
    assert (held.status, held.ended_at) == (VisitStatus.READY_TO_LEAVE, None)
    assert held.appointment.status == AppointmentStatus.ARRIVED
    assert walk_through(held, VisitStatus.LEFT).status == VisitStatus.LEFT


def test_who_leaves_unseen_gives_the_time_back(world: World) -> None:
    visit = make_visit(world, at=now() - 30 * MINUTE)
    visit = flow.leave_without_being_seen(visit=visit, by=HOUSE)
    held = fresh(visit)
    assert held.appointment.status == AppointmentStatus.CANCELLED
    assert held.appointment.cancel_reason == "left_before_seen"
    with pytest.raises(TooLateToUndo):
        flow.undo_step(visit=held, by=HOUSE)


def test_nobody_leaves_unseen_after_the_clinician_began(world: World) -> None:
    visit = make_visit(world, to=VisitStatus.WITH_CLINICIAN)
    with pytest.raises(WrongStep):
        flow.leave_without_being_seen(visit=visit, by=HOUSE)


def test_an_arrival_noted_by_mistake_leaves_the_appointment_waiting(world: World) -> None:
    visit = make_visit(world)
    take_back_arrival(visit=visit, by=HOUSE)
    held = fresh(visit)
    assert (held.status, held.appointment.status) == (VisitStatus.CANCELLED, AppointmentStatus.BOOKED)
    again = check_in(appointment=held.appointment, by=HOUSE)
    assert again.pk != visit.pk


def test_an_arrival_cannot_be_taken_back_from_the_room(world: World) -> None:
    with pytest.raises(WrongStep):
        take_back_arrival(visit=make_visit(world, to=VisitStatus.ROOMED), by=HOUSE)


def test_a_patient_is_at_a_site_once(world: World) -> None:
    visit = make_visit(world)
    with pytest.raises(OpenVisitExists):
        make_walk_in(world, patient=visit.patient)
    booked = make_appointment(world, world.second, patient=visit.patient, start=now() + 60 * MINUTE)
    assert check_in(appointment=booked, by=HOUSE).site == world.second.site_unit


def test_nobody_is_here_for_an_appointment_of_a_day_to_come(world: World) -> None:
    booked = make_appointment(world, start=now() + dt.timedelta(days=2))
    with pytest.raises(NotYetTheDay):
        check_in(appointment=booked, by=HOUSE)
    booked.refresh_from_db()
    assert booked.status == AppointmentStatus.BOOKED


def test_a_walk_in_has_no_appointment_and_the_entity_of_the_site(world: World) -> None:
    visit = make_walk_in(world)
    assert visit.appointment_id is None
    assert visit.entity_id == world.main.entity.pk
    assert walk_through(visit, VisitStatus.LEFT).ended_at is not None


def test_a_walk_in_of_another_circle_is_refused(world: World) -> None:
    _ = world.circle
    stranger = patient_of(world, world.member_a)
    with pytest.raises(Refusal, match="another group"):
        make_walk_in(world, patient=stranger)


def test_a_walk_in_needs_a_reason(world: World) -> None:
    with pytest.raises(Refusal, match="why the patient has come"):
        make_walk_in(world, reason="  ")


def test_another_clinician_may_see_the_patient(world: World) -> None:
    visit = make_visit(world)
    other = world.clinician(world.main.site_unit)
    assert flow.change_clinician(visit=visit, clinician=other, by=HOUSE).clinician == other
    left = make_visit(world, world.second, to=VisitStatus.LEFT)
    with pytest.raises(WrongStep):
        flow.change_clinician(visit=left, clinician=other, by=HOUSE)


def test_check_in_is_finished_when_every_step_is_done_or_left_out_for_a_reason(world: World) -> None:
    visit = make_visit(world)
    with pytest.raises(ChecklistOpen, match="Verify coverage, Have consents signed"):
        finish_check_in(visit=visit, by=HOUSE)
    give_consents(visit.patient)
    with pytest.raises(Refusal, match="why this step is left out"):
        mark_step(visit=visit, key="coverage", outcome=MarkOutcome.SKIPPED, by=HOUSE)
    mark_step(visit=visit, key="coverage", outcome=MarkOutcome.SKIPPED, reason="pays alone", by=HOUSE)
    done = finish_check_in(visit=visit, by=HOUSE)
    assert done.checked_in_at is not None
    assert finish_check_in(visit=done, by=HOUSE).checked_in_at == done.checked_in_at
    assert events_of(visit).count("visit.checked_in") == 1


def test_a_coverage_counts_once_it_is_verified(world: World) -> None:
    visit = fresh(make_visit(world))

    def state() -> str:
        return next(line.state for line in checklist(HOUSE, visit) if line.step.key == "coverage")

    assert state() == "todo"
    coverage = make_coverage(visit.patient)
    assert state() == "todo"
    verify_coverage(coverage=coverage, by=HOUSE)
    assert state() == "done"


def test_marks_are_refused_where_they_make_no_sense(world: World) -> None:
    visit = make_visit(world, identity=None)
    with pytest.raises(Refusal, match="cannot be left out"):
        mark_step(visit=visit, key="identity", outcome=MarkOutcome.SKIPPED, reason="busy", by=HOUSE)
    with pytest.raises(Refusal, match="how you know"):
        mark_step(visit=visit, key="identity", outcome=MarkOutcome.DONE, by=HOUSE)
    with pytest.raises(Refusal, match="no such step"):
        mark_step(visit=visit, key="tea", outcome=MarkOutcome.DONE, by=HOUSE)
    over = make_visit(world, world.second, to=VisitStatus.LEFT)
    with pytest.raises(WrongStep):
        mark_step(visit=over, key="consent", outcome=MarkOutcome.DONE, by=HOUSE)


def test_a_booking_counts_on_the_board_a_moment_later(world: World) -> None:
    site = world.main.site.unit_id
    dispatch_pending()
    before = board_version(site)
    make_appointment(world)
    dispatch_pending()
    assert board_version(site) == before + 1


def test_linking_records_is_warned_of_while_the_patient_is_here(world: World) -> None:
    visit, other = make_visit(world), patient_of(world)
    assert any("is here now" in str(note.text) for note in link_notes(other.pk, visit.patient_id))
    walk_through(visit, VisitStatus.LEFT)
    assert not any("is here now" in str(note.text) for note in link_notes(other.pk, visit.patient_id))


def test_a_walk_in_is_of_the_entity_of_the_clinicians_session(world: World) -> None:
    plan = schedule(world)
    moment = wall(plan.monday, 10)
    asked = {"clinician_id": plan.clinician.pk, "site": plan.site, "moment": moment}
    assert session_entity(**asked) == world.main.entity.pk
    Session.objects.unscoped("test").filter(pk=plan.session.pk).update(entity=world.second.entity)
    assert session_entity(**asked) == world.second.entity.pk
    assert session_entity(**asked | {"moment": wall(plan.monday, 15)}) == world.second.entity.pk
    assert session_entity(**asked | {"moment": wall(coming(1), 10)}) == world.main.entity.pk


@pytest.mark.django_db(transaction=True)
def test_two_desks_check_a_patient_in_at_the_same_moment(transactional_log: None, world: World) -> None:
    patient = patient_of(world)
    both, outcomes = threading.Barrier(2), []

    def desk() -> None:
        both.wait(5)
        try:
            make_walk_in(world, patient=patient)
            outcomes.append("here")
        except OpenVisitExists:
            outcomes.append("refused")
        finally:
            connection.close()

    desks = [threading.Thread(target=desk) for _ in range(2)]
    for one in desks:
        one.start()
    for one in desks:
        one.join(20)
    assert sorted(outcomes) == ["here", "refused"]
    assert Visit.objects.unscoped("test").filter(patient=patient).count() == 1


def test_a_walk_in_noted_by_mistake_is_cancelled_and_leaves_no_appointment_behind(world: World) -> None:
    visit = make_walk_in(world)
    gone = take_back_arrival(visit=visit, by=HOUSE)
    assert (gone.status, gone.appointment) == (VisitStatus.CANCELLED, None)
    assert gone.ended_at is not None
    assert events_of(visit)[-1] == "visit.cancelled"
    with pytest.raises(MovedAlready):
        take_back_arrival(visit=visit, by=HOUSE)
