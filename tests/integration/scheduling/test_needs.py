"""Visits that take more than their clinician: a room of a kind, devices, staff, time before and after."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from medguild.foundation.access.rules import Role
from medguild.foundation.kernel.errors import Refusal
from medguild.foundation.organization.equipping import equip
from medguild.foundation.organization.models import Resource
from medguild.foundation.organization.rules import ResourceKind
from medguild.operations.scheduling import outcomes
from medguild.operations.scheduling.errors import PatientBusy, SlotTaken
from medguild.operations.scheduling.holding import hold_slot
from medguild.operations.scheduling.kinds.visit_types import Needed, Terms, set_length
from medguild.operations.scheduling.models import Allocation, Appointment, VisitType
from medguild.operations.scheduling.needs.availability import add_shift, bring_back, take_out
from medguild.operations.scheduling.rules import AbsenceKind, CancelReason, Mode
from medguild.operations.scheduling.selectors import find_slots
from medguild.operations.scheduling.selectors import session as visible_session
from medguild.operations.scheduling.services import book_appointment, move_appointment
from medguild.operations.scheduling.template_forms import ReviseForm, initial_of
from medguild.operations.scheduling.templating import record_absence
from tests.factories.needs import capability, helper, needy, thing
from tests.factories.scheduling import Schedule, add_room, make_patient, schedule, visit_type, wall
from tests.factories.world import HOUSE, START, World


class Clinic:
    """An echo laboratory: one or more scanners, one technician, a procedure room; two clinicians on Monday morning."""

    def __init__(self, world: World, scanners: int = 1, technicians: int = 1, **terms: Any) -> None:
        self.plan = schedule(world)
        self.unit = self.plan.site.unit
        self.scanner = capability(ResourceKind.EQUIPMENT, "echo-scanner")
        self.skill = capability(ResourceKind.STAFF, "sonographer")
        self.scanners = [thing(self.unit, self.scanner, f"Scanner {n}") for n in range(scanners)]
        self.technicians = [helper(self.plan, self.skill, f"Tess{n}") for n in range(technicians)]
        self.kind = needy("echo", {self.scanner: Needed(), self.skill: Needed()}, minutes=40, terms=Terms(**terms))
        self.second = world.clinician(self.unit)
        for clinician in (self.plan.clinician, self.second):
            self.plan.add(clinician, visit_types={self.kind.pk: 40}, overbook_limit=2)

    def book(self, hour: int = 9, minute: int = 0, **changes: Any) -> Appointment:
        return book(self.plan, hour, minute, **({"patient": self.plan.another(), "visit_type": self.kind} | changes))

    def starts(self, clinician: Any = None, kind: VisitType | None = None) -> list[str]:
        return starts(self.plan, clinician or self.plan.clinician, kind or self.kind)


def book(plan: Schedule, hour: int, minute: int = 0, **changes: Any) -> Appointment:
    """Book on the Monday, in whatever session there is."""
    given: dict[str, Any] = {
        "patient": plan.patient, "clinician": plan.clinician, "site": plan.site, "by": HOUSE,
        "start": wall(plan.monday, hour, minute),
    }  # fmt: skip
    return book_appointment(**(given | changes))


def starts(plan: Schedule, clinician: Any, kind: VisitType) -> list[str]:
    openings = find_slots(
        actor=HOUSE, visit_type_id=kind.pk, start=plan.monday, end=plan.monday + dt.timedelta(days=1),
        clinicians=[clinician.pk],
    )  # fmt: skip
    midnight = wall(plan.monday, 0)
    found = []
    for opening in openings:
        for at in opening.starts:
            passed = at - int(midnight.timestamp()) // 60
            found.append(f"{passed // 60}:{passed % 60:02d}")
    return found


def spans(appointment: Appointment) -> dict[Any, tuple[int, int]]:
    """What a visit takes: resource -> minutes before its start, minutes after its end."""
    rows = Allocation.objects.unscoped("test").filter(appointment=appointment, active=True)
    return {
        row.resource_id: (
            int((appointment.start - row.during.lower).total_seconds()) // 60,
            int((row.during.upper - appointment.end).total_seconds()) // 60,
        )
        for row in rows
    }


@pytest.fixture
def clinic(world: World) -> Clinic:
    return Clinic(world)


def test_a_visit_takes_clinician_patient_device_and_staff(clinic: Clinic) -> None:
    booked = clinic.book()
    people = {clinic.plan.clinician.resource_id, booked.patient_id}
    assert set(spans(booked)) == people | {clinic.scanners[0].pk, clinic.technicians[0].pk}


def test_what_the_device_lacks_is_neither_offered_nor_booked(clinic: Clinic) -> None:
    assert clinic.starts(clinic.second)[:2] == ["9:00", "9:20"]
    clinic.book(9)
    assert clinic.starts(clinic.second)[0] == "9:40"
    with pytest.raises(SlotTaken, match="No Echo scanner is free"):
        clinic.book(9, 20, clinician=clinic.second)
    assert clinic.book(9, 40, clinician=clinic.second)


def test_the_message_names_the_skill_that_is_lacking(world: World) -> None:
    clinic = Clinic(world, scanners=2)
    clinic.book(9)
    with pytest.raises(SlotTaken, match="No Sonographer is free"):
        clinic.book(9, clinician=clinic.second)


def test_a_cancelled_visit_gives_all_back(clinic: Clinic) -> None:
    booked = clinic.book(9)
    outcomes.cancel_appointment(appointment=booked, reason=CancelReason.PATIENT_ILL, by=HOUSE)
    assert clinic.book(9, clinician=clinic.second)


def test_a_moved_visit_takes_all_with_it(clinic: Clinic) -> None:
    booked = clinic.book(9)
    move_appointment(appointment=booked, start=wall(clinic.plan.monday, 10), by=HOUSE)
    assert clinic.starts(clinic.second) == ["9:00", "9:20", "10:40", "11:00", "11:20"]
    move_appointment(appointment=Appointment.objects.unscoped("t").get(pk=booked.pk), by=HOUSE,
                     start=wall(clinic.plan.monday, 10), clinician=clinic.second)  # fmt: skip
    assert len(spans(booked)) == 4


def test_a_hold_keeps_all_of_it(clinic: Clinic) -> None:
    held = hold_slot(
        clinician=clinic.plan.clinician, visit_type=clinic.kind, site=clinic.plan.site,
        start=wall(clinic.plan.monday, 9), by=HOUSE,
    )  # fmt: skip
    assert clinic.starts(clinic.second)[0] == "9:40"
    booked = clinic.book(9, hold=held)
    assert booked.pk == held.pk
    assert len(spans(booked)) == 4


def test_a_clinician_may_be_overbooked_a_device_never(world: World) -> None:
    clinic = Clinic(world, scanners=2, technicians=2)
    clinic.book(9)
    again = clinic.book(9, overbook_reason="Seen between two others")
    assert again.overbooked
    assert clinic.scanners[1].pk in spans(again)
    with pytest.raises(SlotTaken, match="Echo scanner"):
        clinic.book(9, overbook_reason="And a third one")


def test_staff_work_in_shifts_at_one_site(world: World) -> None:
    clinic = Clinic(world, technicians=0)
    assert clinic.starts() == []
    helper(clinic.plan, clinic.skill, "Late", hours=(10, 12))
    assert clinic.starts() == ["10:00", "10:20", "10:40", "11:00", "11:20"]
    with pytest.raises(SlotTaken):
        clinic.book(9)


def test_what_is_out_of_service_is_not_taken(clinic: Clinic) -> None:
    monday = clinic.plan.monday
    outage = take_out(
        resource=clinic.scanners[0], start=wall(monday, 9), end=wall(monday, 11), reason="Inspection", by=HOUSE
    )
    assert clinic.starts() == ["11:00", "11:20"]
    with pytest.raises(SlotTaken):
        clinic.book(10)
    bring_back(outage=outage, by=HOUSE)
    assert clinic.book(10)


def test_time_before_and_after_is_of_the_device_not_of_the_clinician(world: World) -> None:
    clinic = Clinic(world, prep_minutes=10, clean_up_minutes=20)
    booked = clinic.book(9, 40)
    taken = spans(booked)
    assert taken[clinic.plan.clinician.resource_id] == taken[booked.patient_id] == (0, 0)
    assert taken[clinic.scanners[0].pk] == taken[clinic.technicians[0].pk] == (10, 20)
    # 9:30 to 10:40 the scanner is taken: a visit of 40 minutes with 20 after it does not fit before.
    assert clinic.starts(clinic.second) == ["11:00", "11:20"]


def test_it_is_of_the_clinician_too_where_the_kind_says_so(world: World) -> None:
    clinic = Clinic(world, prep_minutes=10, clean_up_minutes=20, pads_clinician=True)
    # Preparing and cleaning up lie within the session of nine to twelve.
    assert clinic.starts() == ["9:20", "9:40", "10:00", "10:20", "10:40", "11:00"]
    assert spans(clinic.book(9, 20))[clinic.plan.clinician.resource_id] == (10, 20)
    with pytest.raises(Refusal):
        clinic.book(11, 20)


def test_a_need_may_be_only_for_the_visit_itself(world: World) -> None:
    plan = schedule(world)
    room, nurse = capability(ResourceKind.ROOM, "procedure-room"), capability(ResourceKind.STAFF, "procedure-nurse")
    theatre, ruth = thing(plan.site.unit, room, "Theatre"), helper(plan, nurse, "Ruth")
    kind = needy(
        "biopsy", {room: Needed(), nurse: Needed(padded=False)}, minutes=30,
        terms=Terms(prep_minutes=15, clean_up_minutes=15),
    )  # fmt: skip
    plan.add(visit_types={kind.pk: 30})
    booked = book(plan, 10, visit_type=kind)
    assert booked.room == theatre
    assert spans(booked)[theatre.pk] == (15, 15)
    assert spans(booked)[ruth.pk] == (0, 0)


def test_the_room_of_the_kind_beats_the_sessions_room(world: World) -> None:
    plan = schedule(world)
    room = capability(ResourceKind.ROOM, "procedure-room")
    first, other = thing(plan.site.unit, room, "A"), thing(plan.site.unit, room, "B")
    kind = needy("biopsy", {room: Needed()}, minutes=20)
    plan.add(visit_types={kind.pk: 20}, room=other)
    assert book(plan, 9, visit_type=kind).room == other  # the session's own is one of the kind: it comes first
    exam = add_room(plan.office)
    assert book(plan, 9, 20, visit_type=kind, room=first, patient=plan.another()).room == first
    with pytest.raises(Refusal, match="is not a Procedure room"):
        book(plan, 9, 40, visit_type=kind, room=exam, patient=plan.another())


def test_nobody_is_two_people(world: World) -> None:
    """A clinician with the skill cannot help themselves; one with two skills does only one of them."""
    clinic = Clinic(world, technicians=0)
    resource = clinic.plan.clinician.resource
    equip(resource=resource, capability=clinic.skill, by=HOUSE, start=START)
    add_shift(
        resource=resource, site=clinic.plan.site, weekday=0, start_minute=480, end_minute=1080, start=START, by=HOUSE
    )
    assert clinic.starts() == []
    assert clinic.starts(clinic.second)[0] == "9:00"
    assert resource.pk in spans(clinic.book(9, clinician=clinic.second))
    with pytest.raises(SlotTaken):
        clinic.book(9)


def test_a_remote_visit_takes_no_device_and_an_e_consult_only_the_clinician(world: World) -> None:
    clinic = Clinic(world)
    clinic.kind.modes = [Mode.IN_PERSON, Mode.PHONE, Mode.E_CONSULT]
    clinic.kind.save()
    phone = clinic.book(9, mode=Mode.PHONE, patient_state="OR")
    assert set(spans(phone)) == {clinic.plan.clinician.resource_id, phone.patient_id}
    written = clinic.book(10, mode=Mode.E_CONSULT, patient_state="OR", patient=phone.patient)
    assert set(spans(written)) == {clinic.plan.clinician.resource_id}
    assert clinic.book(10, clinician=clinic.second, patient=phone.patient)
    with pytest.raises(PatientBusy):
        clinic.book(9, clinician=clinic.second, patient=phone.patient)


def test_a_search_by_mode_asks_only_what_that_mode_needs(world: World) -> None:
    clinic = Clinic(world, scanners=0)
    clinic.kind.modes = [Mode.IN_PERSON, Mode.PHONE]
    clinic.kind.save()
    given: dict[str, Any] = {
        "actor": HOUSE, "visit_type_id": clinic.kind.pk, "start": clinic.plan.monday,
        "end": clinic.plan.monday + dt.timedelta(days=1),
    }  # fmt: skip
    assert not find_slots(**given)
    assert not find_slots(mode=Mode.IN_PERSON, **given)
    assert find_slots(mode=Mode.PHONE, **given)


def test_a_clinician_who_helps_is_away_with_their_absences(world: World) -> None:
    clinic = Clinic(world, technicians=0)
    resource = clinic.plan.clinician.resource
    equip(resource=resource, capability=clinic.skill, by=HOUSE, start=START)
    add_shift(
        resource=resource, site=clinic.plan.site, weekday=0, start_minute=480, end_minute=1080, start=START, by=HOUSE
    )
    monday = clinic.plan.monday
    record_absence(
        clinician=clinic.plan.clinician, start=wall(monday, 9), end=wall(monday, 10), kind=AbsenceKind.MEETING, by=HOUSE
    )
    assert clinic.starts(clinic.second)[0] == "10:00"
    with pytest.raises(Refusal, match="absences"):
        take_out(resource=resource, start=wall(monday, 10), end=wall(monday, 11), reason="Lunch", by=HOUSE)


def test_an_e_consult_is_offered_although_the_room_is_taken(world: World) -> None:
    plan = schedule(world)
    kind = visit_type("econsult", minutes=20, modes=(Mode.E_CONSULT,))
    room = add_room(plan.office)
    plan.add(visit_types={kind.pk: 20}, room=room)
    other = world.clinician(plan.site.unit)
    plan.add(other, room=room)
    book(plan, 9, clinician=other, visit_type=plan.kind)
    assert starts(plan, plan.clinician, kind)[0] == "9:00"
    assert book(plan, 9, visit_type=kind, patient=plan.another(), patient_state="OR").room is None


def test_a_group_shares_its_devices_and_staff(world: World) -> None:
    plan = schedule(world)
    room, skill = capability(ResourceKind.ROOM, "group-room"), capability(ResourceKind.STAFF, "educator")
    hall, eva = thing(plan.site.unit, room, "Hall", capacity=3), helper(plan, skill, "Eva")
    kind = needy("class", {room: Needed(), skill: Needed()}, minutes=60)
    plan.add(visit_types={kind.pk: 60}, capacity=4, step_minutes=60)
    first = book(plan, 9, visit_type=kind)
    assert starts(plan, plan.clinician, kind) == ["9:00", "10:00", "11:00"]
    second = book(plan, 9, visit_type=kind, patient=plan.another())
    third = book(plan, 9, visit_type=kind, patient=plan.another())
    assert {one.room for one in (first, second, third)} == {hall}
    assert all(eva.pk in spans(one) for one in (first, second, third))
    assert starts(plan, plan.clinician, kind) == ["10:00", "11:00"]
    with pytest.raises(SlotTaken, match="room is full"):
        book(plan, 9, visit_type=kind, patient=plan.another())


def test_what_a_group_gave_back_is_not_taken_again_beside_another_visit(world: World) -> None:
    plan = schedule(world)
    scanner = capability(ResourceKind.EQUIPMENT, "echo-scanner")
    thing(plan.site.unit, scanner, "Scanner")
    kind = needy("class", {scanner: Needed()}, minutes=60)
    plan.add(visit_types={kind.pk: 60}, capacity=2, step_minutes=60)
    other = world.clinician(plan.site.unit)
    plan.add(other, visit_types={kind.pk: 60}, step_minutes=60)
    both = [book(plan, 9, visit_type=kind, patient=plan.another()) for _ in range(2)]
    late = wall(plan.monday, 10)
    for one in both:
        outcomes.mark_no_show(appointment=one, by=HOUSE, at=late)
    book(plan, 9, visit_type=kind, clinician=other, patient=plan.another())
    for one in Appointment.objects.unscoped("test").filter(pk__in=[one.pk for one in both]):
        with pytest.raises(SlotTaken):
            outcomes.mark_arrived(appointment=one, by=HOUSE, at=late)


def test_lengths_by_specialty_place_and_clinician(world: World) -> None:
    plan = schedule(world)
    kind = visit_type("acute", minutes=20)
    plan.add(visit_types={kind.pk: None})

    def length() -> int:
        found = find_slots(
            actor=HOUSE, visit_type_id=kind.pk, start=plan.monday, end=plan.monday + dt.timedelta(days=1)
        )
        return found[0].session.minutes

    assert length() == 20
    set_length(visit_type=kind, minutes=25, specialty="family_medicine", by=HOUSE)
    assert length() == 25
    set_length(visit_type=kind, minutes=30, unit=plan.office.entity, by=HOUSE)
    set_length(visit_type=kind, minutes=35, unit=plan.office.practice, by=HOUSE)
    assert length() == 35
    set_length(visit_type=kind, minutes=45, clinician=plan.clinician, by=HOUSE)
    assert length() == 45
    booked = book(plan, 9, visit_type=kind)
    assert booked.end - booked.start == dt.timedelta(minutes=45)
    outside = book(plan, 14, visit_type=kind, patient=plan.another(), overbook_reason="After hours", outside_hours=True)
    assert outside.end - outside.start == dt.timedelta(minutes=45)


def test_plain_kinds_of_visits_ask_nothing_more(world: World) -> None:
    """The statements of a search and of a booking do not grow by what others need; with needs there are few more."""
    clinic = Clinic(world)
    plain = visit_type("plain", minutes=40)
    clinic.plan.add(clinic.second, weekday=1, visit_types={plain.pk: 40})
    tuesday = clinic.plan.monday + dt.timedelta(days=1)
    find_args: dict[str, Any] = {"actor": HOUSE, "start": clinic.plan.monday, "end": tuesday + dt.timedelta(days=1)}

    def statements(act: Any) -> int:
        with CaptureQueriesContext(connection) as seen:
            act()
        return len(seen)

    assert statements(lambda: find_slots(visit_type_id=plain.pk, **find_args)) == 3
    assert statements(lambda: find_slots(visit_type_id=clinic.kind.pk, **find_args)) == 4
    patients = [make_patient(clinic.plan.office) for _ in range(2)]
    few = statements(lambda: clinic.book(patient=patients[0], visit_type=plain, clinician=clinic.second,
                                         start=wall(tuesday, 9)))  # fmt: skip
    more = statements(lambda: clinic.book(patient=patients[1]))
    assert more - few <= 2  # what is needed; and the locks of things


def test_schedulers_book_it_as_the_house_does(world: World, clinic: Clinic) -> None:
    assert clinic.book(9, by=world.actor(Role.SCHEDULER))
    assert Resource.objects.unscoped("test").filter(kind="staff").count() == 1


def test_the_form_of_a_session_keeps_a_length_that_follows_the_usual_one(world: World) -> None:
    plan = schedule(world)
    kind, own = visit_type("acute", minutes=20), visit_type("long", minutes=40)
    session = plan.add(visit_types={kind.pk: None, own.pk: 45})
    given = initial_of(visible_session(HOUSE, session.pk), plan.monday)
    assert given[f"minutes_{kind.pk}"] == 20
    sent = {name: value for name, value in given.items() if value is not None} | {"starts": "09:00", "ends": "12:00"}
    form = ReviseForm(sent, visit_types=[kind, own], rooms=[], initial=given)
    assert form.is_valid(), form.errors
    assert form.block().visit_types == {kind.pk: None, own.pk: 45}
    changed = ReviseForm(sent | {f"minutes_{kind.pk}": "25"}, visit_types=[kind, own], rooms=[], initial=given)
    assert changed.is_valid()
    assert changed.block().visit_types == {kind.pk: 25, own.pk: 45}
