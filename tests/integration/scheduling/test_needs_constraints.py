"""Every constraint of needs, lengths, shifts and outages is violated once; and the services refuse with words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange

from medguild.foundation.access.rules import Role
from medguild.foundation.kernel.clock import today
from medguild.foundation.kernel.errors import NotAllowed, Refusal
from medguild.foundation.organization import equipping, staffing
from medguild.foundation.organization.capabilities import Capability, ResourceCapability
from medguild.foundation.organization.models import Resource
from medguild.foundation.organization.people import Person
from medguild.foundation.organization.rules import ClinicianKind, ResourceKind
from medguild.foundation.standards.deviations import approve_deviation, propose_deviation
from medguild.foundation.standards.rules import Dimension
from medguild.foundation.standards.services import set_standard
from medguild.operations.scheduling.errors import KindReserved, NotForPatient, TooShort
from medguild.operations.scheduling.kinds.checks import fits_patient, may_book
from medguild.operations.scheduling.kinds.standards import PATIENT_KIND_RULE, VISIT_SHORTENING
from medguild.operations.scheduling.kinds.visit_types import (
    Needed,
    Terms,
    end_length,
    record_visit_type,
    set_length,
    set_needs,
)
from medguild.operations.scheduling.models import Appointment, VisitType
from medguild.operations.scheduling.needs.availability import add_shift, end_shift, shifts_at, take_out
from medguild.operations.scheduling.needs.models import ResourceOutage, StaffShift, VisitNeed, VisitTypeLength
from medguild.operations.scheduling.placing import know
from medguild.operations.scheduling.rules import AppointmentStatus, Origin, PatientKind
from tests.factories.needs import capability, helper, thing
from tests.factories.scheduling import Schedule, schedule, visit_type, wall
from tests.factories.world import HOUSE, START, World, npi

OPEN = DateRange(dt.date(2026, 1, 5), None)


@pytest.fixture
def plan(world: World) -> Schedule:
    return schedule(world)


def broken(act: Callable[[], object]) -> str:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        act()
    return str(error.value.__cause__.diag.constraint_name)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("visit_type_padding_short", {"prep_minutes": 241}),
        ("visit_type_padding_short", {"clean_up_minutes": 241}),
        ("visit_type_within_limits", {"shortest_minutes": 21}),
        ("visit_type_within_limits", {"shortest_minutes": 0}),
        ("visit_type_within_limits", {"longest_minutes": 19}),
        ("visit_type_booked_by_known", {"booked_by": ["everybody"]}),
        ("visit_type_modes_known", {"modes": ["letter"]}),
    ],
)
def test_visit_types(plan: Schedule, name: str, changes: dict[str, Any]) -> None:
    rows = VisitType.objects.filter(pk=plan.kind.pk)
    assert broken(lambda: rows.update(**changes)) == name


def test_needs(plan: Schedule) -> None:
    scanner = capability(ResourceKind.EQUIPMENT, "echo-scanner")

    def need(count: int = 1) -> object:
        return VisitNeed.objects.create(visit_type=plan.kind, capability=scanner, count=count)

    assert broken(lambda: [need(), need()]) == "visit_need_once"
    assert broken(lambda: need(0)) == "visit_need_count_sane"
    assert broken(lambda: need(21)) == "visit_need_count_sane"


def test_lengths(plan: Schedule) -> None:
    _ = plan.kind

    def length(minutes: int = 30, **whom: Any) -> object:
        whom.setdefault("period", DateRange(START, None))
        return VisitTypeLength.objects.create(visit_type=plan.kind, minutes=minutes, **whom)

    assert broken(length) == "visit_type_length_for_somebody"
    assert broken(lambda: length(0, specialty="x")) == "visit_type_length_in_day"
    assert broken(lambda: [length(specialty="x"), length(specialty="x")]) == "visit_type_length_once_at_a_time"
    twice = [{"unit": plan.site.unit}, {"unit": plan.site.unit, "period": DateRange(today(), None)}]
    assert broken(lambda: [length(**whom) for whom in twice]) == "visit_type_length_once_at_a_time"
    assert broken(lambda: length(specialty="x", period=DateRange(None, None))) == "visit_type_length_period_whole"
    for specialty, since, until in (("x", START, today()), ("x", today(), None), ("y", START, None)):
        length(specialty=specialty, period=DateRange(since, until))


def test_shifts(plan: Schedule) -> None:
    person = helper(plan, capability(ResourceKind.STAFF, "helper"), "Hal", hours=None)

    def shift(**changes: Any) -> object:
        fields = {
            "resource": person, "unit": plan.site.unit, "weekday": 0, "start_minute": 540, "end_minute": 720,
            "period": OPEN,
        }  # fmt: skip
        return StaffShift.objects.create(**(fields | changes))

    assert broken(lambda: shift(weekday=7)) == "staff_shift_weekday_known"
    assert broken(lambda: shift(end_minute=540)) == "staff_shift_ends_after_start"
    assert broken(lambda: shift(end_minute=1441)) == "staff_shift_ends_after_start"
    assert broken(lambda: shift(period=DateRange(None, None))) == "staff_shift_period_whole"
    assert broken(lambda: [shift(), shift(start_minute=700, end_minute=800)]) == "staff_shift_once_at_a_time"


def test_outages(plan: Schedule) -> None:
    def out(start: int, end: int | None, reason: str = "repair") -> object:
        until = wall(plan.monday, end) if end else None
        during = DateTimeTZRange(wall(plan.monday, start), until)
        return ResourceOutage.objects.create(resource=plan.office.room, during=during, reason=reason)

    assert broken(lambda: out(9, 10, "")) == "resource_outage_has_reason"
    assert broken(lambda: out(9, None)) == "resource_outage_bounded"
    assert broken(lambda: [out(9, 11), out(10, 12)]) == "resource_outage_once_at_a_time"


def test_capabilities(plan: Schedule) -> None:
    def named(**changes: Any) -> Capability:
        return Capability.objects.create(**({"kind": "room", "code": "x", "name": "X"} | changes))

    assert broken(lambda: named(kind="clinician")) == "capability_kind_known"
    assert broken(lambda: named(name="")) == "capability_named"
    assert broken(lambda: [named(), named()]) == "capability_code_once"
    kind = named()

    def held(period: DateRange = OPEN) -> object:
        return ResourceCapability.objects.create(resource=plan.office.room, capability=kind, period=period)

    assert broken(lambda: held(DateRange(None, None))) == "resource_capability_period_whole"
    assert broken(lambda: [held(), held()]) == "resource_capability_once_at_a_time"


def test_a_person_has_one_calendar(plan: Schedule) -> None:
    person = Person.objects.create(given_name="A", family_name="B", period=OPEN)

    def calendar(kind: str, whose: Person | None) -> object:
        return Resource.objects.create(kind=kind, unit=plan.site.unit, name="A B", person=whose, period=OPEN)

    assert broken(lambda: calendar("staff", None)) == "resource_is_person_or_thing"
    assert broken(lambda: calendar("room", person)) == "resource_is_person_or_thing"
    assert broken(lambda: [calendar("staff", person), calendar("clinician", person)]).endswith("person_id_key")


def test_staff_who_become_clinicians_keep_their_calendar(plan: Schedule) -> None:
    skill = capability(ResourceKind.STAFF, "sonographer")
    resource = helper(plan, skill, "Nell")
    assert resource.person is not None
    clinician = staffing.enrol_clinician(
        person=resource.person, kind=ClinicianKind.NURSE_PRACTITIONER, npi=npi(), specialty="cardiology",
        taxonomy="363L00000X", home=plan.site.unit, by=HOUSE, start=START,
    )  # fmt: skip
    assert clinician.resource_id == resource.pk
    assert staffing.make_bookable(person=resource.person, home=plan.site.unit, by=HOUSE, start=START) == resource
    resource.refresh_from_db()
    assert resource.kind == ResourceKind.CLINICIAN


# --- what the services refuse ---------------------------------------------------------------------------------------


def test_a_room_has_no_skill_and_a_skill_is_given_once(plan: Schedule) -> None:
    skill = capability(ResourceKind.STAFF, "sonographer")
    with pytest.raises(Refusal, match="cannot be used|not something"):
        equipping.equip(resource=plan.office.room, capability=skill, by=HOUSE, start=START)
    person = helper(plan, skill, "Sue")
    with pytest.raises(Refusal, match="recorded already"):
        equipping.equip(resource=person, capability=skill, by=HOUSE, start=START)
    with pytest.raises(Refusal, match="has this code"):
        equipping.add_capability(kind=ResourceKind.STAFF, code="Sonographer", name="Again", by=HOUSE)


def test_what_has_ended_is_no_longer_found(plan: Schedule) -> None:
    scanner = capability(ResourceKind.EQUIPMENT, "echo-scanner")
    device = thing(plan.site.unit, scanner, "Scanner")
    held = ResourceCapability.objects.unscoped("test").get(resource=device)
    assert equipping.held_by([device.pk], on=plan.monday) == {device.pk: [held]}
    equipping.unequip(held=held, on=plan.monday, by=HOUSE)
    assert equipping.held_by([device.pk], on=plan.monday) == {}
    assert equipping.held_by([device.pk], on=plan.monday - dt.timedelta(days=1)) != {}
    with pytest.raises(Refusal, match="ended by then"):
        equipping.unequip(held=held, on=plan.monday, by=HOUSE)


def test_a_visit_is_in_one_room(plan: Schedule) -> None:
    kinds = [capability(ResourceKind.ROOM, code) for code in ("a", "b")]
    with pytest.raises(Refusal, match="one room"):
        set_needs(visit_type=plan.kind, needs=dict.fromkeys(kinds, Needed()), by=HOUSE)
    with pytest.raises(Refusal, match="one room"):
        set_needs(visit_type=plan.kind, needs={kinds[0]: Needed(2)}, by=HOUSE)
    set_needs(visit_type=plan.kind, needs={kinds[0]: Needed()}, by=HOUSE)
    set_needs(visit_type=plan.kind, needs={kinds[1]: Needed()}, by=HOUSE)
    assert [need.capability for need in plan.kind.needs.all()] == [kinds[1]]


def test_nobody_works_two_shifts_at_once(plan: Schedule, world: World) -> None:
    person = helper(plan, capability(ResourceKind.STAFF, "helper"), "Hal", hours=(8, 12))
    other = world.second.site

    def shift(start: int, **more: Any) -> StaffShift:
        given: dict[str, Any] = {
            "resource": person, "site": other, "weekday": 0, "start_minute": start * 60, "end_minute": 14 * 60,
            "start": START, "by": HOUSE,
        }  # fmt: skip
        return add_shift(**(given | more))

    with pytest.raises(Refusal, match="another shift"):
        shift(11)
    afternoon = shift(12)
    with pytest.raises(Refusal, match="Only people"):
        shift(15, resource=plan.office.room)
    with pytest.raises(Refusal, match="end after it starts"):
        shift(14)
    assert list(shifts_at(HOUSE, other.unit_id, on=plan.monday)) == [afternoon]
    end_shift(shift=afternoon, on=plan.monday, by=HOUSE)
    assert not shifts_at(HOUSE, other.unit_id, on=plan.monday)
    with pytest.raises(Refusal, match="ended by then"):
        end_shift(shift=afternoon, on=plan.monday, by=HOUSE)


def test_who_keeps_no_templates_changes_no_shift_and_no_outage(plan: Schedule, world: World) -> None:
    scheduler = world.actor(Role.SCHEDULER)
    start = wall(plan.monday, 9)
    with pytest.raises(NotAllowed):
        take_out(resource=plan.office.room, start=start, end=wall(plan.monday, 10), reason="Paint", by=scheduler)
    with pytest.raises(NotAllowed):
        set_needs(visit_type=plan.kind, needs={}, by=world.actor(Role.PRACTICE_MANAGER, world.member_a.entity))


# --- lengths within the group's limits --------------------------------------------------------------------------------


def limited(plan: Schedule) -> VisitType:
    return record_visit_type(
        owner=plan.kind.owner, code="limited", name="Check-up", minutes=30, by=HOUSE,
        terms=Terms(shortest_minutes=20, longest_minutes=60),
    )  # fmt: skip


def test_below_the_minimum_is_refused_everywhere(plan: Schedule) -> None:
    kind = limited(plan)
    with pytest.raises(TooShort, match="at least 20 minutes"):
        set_length(visit_type=kind, minutes=15, specialty="family_medicine", by=HOUSE)
    with pytest.raises(Refusal, match="at most 60"):
        set_length(visit_type=kind, minutes=61, specialty="family_medicine", by=HOUSE)
    with pytest.raises(TooShort):
        plan.add(visit_types={kind.pk: 15})
    plan.add(weekday=1, visit_types={kind.pk: 30})
    with pytest.raises(TooShort):
        plan.book(visit_type=kind, minutes=15, start=wall(plan.monday + dt.timedelta(days=1), 9))
    with pytest.raises(Refusal, match="cannot be above"):
        record_visit_type(
            owner=kind.owner, code="limited", name="X", minutes=10, by=HOUSE, visit_type=kind,
            terms=Terms(shortest_minutes=20),
        )  # fmt: skip


def test_an_approved_deviation_allows_shorter(plan: Schedule, world: World) -> None:
    kind = limited(plan)
    manager, director = world.actor(Role.PRACTICE_MANAGER), world.actor(Role.ADMINISTRATOR, world.enterprise)
    proposed = propose_deviation(
        unit=plan.office.entity, key=VISIT_SHORTENING, value=25, start=today(), end=today() + dt.timedelta(days=365),
        reason="Children sit still for a quarter of an hour", dimension=Dimension.SPECIALTY, target="family_medicine",
        by=manager,
    )  # fmt: skip
    with pytest.raises(TooShort):
        set_length(visit_type=kind, minutes=15, unit=plan.site.unit, specialty="family_medicine", by=HOUSE)
    approve_deviation(deviation_id=proposed.pk, by=director, note="For a year")
    assert set_length(visit_type=kind, minutes=15, unit=plan.site.unit, specialty="family_medicine", by=HOUSE)
    with pytest.raises(TooShort):
        set_length(visit_type=kind, minutes=14, unit=plan.site.unit, specialty="family_medicine", by=HOUSE)


def test_a_length_is_for_somebody_and_goes_again(plan: Schedule) -> None:
    with pytest.raises(Refusal, match="for whom"):
        set_length(visit_type=plan.kind, minutes=15, by=HOUSE)
    row = set_length(visit_type=plan.kind, minutes=15, clinician=plan.clinician, by=HOUSE)
    end_length(length=row, by=HOUSE)
    assert not plan.kind.lengths.exists(), "what has not begun falls away"
    since = today() - dt.timedelta(days=9)
    held = set_length(visit_type=plan.kind, minutes=15, clinician=plan.clinician, by=HOUSE, start=since)
    end_length(length=held, by=HOUSE)
    assert plan.kind.lengths.get().period == DateRange(since, today()), "what held is kept with its end"


# --- who books, and for whom ------------------------------------------------------------------------------------------


def test_a_kind_is_booked_by_its_roles(plan: Schedule, world: World) -> None:
    plan.kind.booked_by = ["nurse", "portal"]
    plan.kind.save()
    scheduler = world.actor(Role.SCHEDULER)
    with pytest.raises(KindReserved, match="Nurse"):
        plan.book(by=scheduler)
    verdict = may_book(plan.kind.booked_by, by=scheduler)
    assert (verdict.ok, verdict.code) == (False, "kind_reserved")
    assert may_book(plan.kind.booked_by, by=scheduler, origin=Origin.PORTAL).ok
    assert plan.book(by=HOUSE)


def test_a_visit_for_new_patients(plan: Schedule) -> None:
    kind = visit_type("new_patient", patient_kind=PatientKind.NEW)
    plan.add(weekday=1, visit_types={kind.pk: 20})
    tuesday = plan.monday + dt.timedelta(days=1)

    def facts() -> Any:
        return know(
            clinician_id=plan.clinician.pk, visit_type_id=kind.pk, unit_id=plan.site.unit_id,
            start=wall(tuesday, 9), patient_id=plan.patient.pk,
        )  # fmt: skip

    assert fits_patient(facts()).ok
    seen = plan.book()
    Appointment.objects.unscoped("test").filter(pk=seen.pk).update(
        status=AppointmentStatus.FULFILLED, start=seen.start - dt.timedelta(days=100),
        end=seen.end - dt.timedelta(days=100),
    )  # fmt: skip
    verdict = fits_patient(facts())
    assert (verdict.ok, verdict.code) == (False, "patient_established")
    assert plan.book(visit_type=kind, start=wall(tuesday, 9))  # the standard is to warn
    set_standard(unit=plan.office.entity, key=PATIENT_KIND_RULE, value="refuse", by=HOUSE)
    with pytest.raises(NotForPatient, match="for new patients"):
        plan.book(visit_type=kind, start=wall(tuesday, 10))
    assert plan.book(visit_type=kind, patient=plan.another(), start=wall(tuesday, 10))
