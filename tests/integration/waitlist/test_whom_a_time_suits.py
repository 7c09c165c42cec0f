"""Nobody is asked about a time that they could not take: they have a visit then, or are being asked about another."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from medguild.foundation.access.rules import Role
from medguild.foundation.kernel.clock import now, today
from medguild.foundation.organization.people import Licence
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.outcomes import cancel_appointment
from medguild.operations.scheduling.rules import CancelReason
from medguild.operations.waitlist.freed import freed_times
from medguild.operations.waitlist.models import WaitlistEntry
from medguild.operations.waitlist.offering import Freed, offer_freed
from medguild.patients.identity.linking import link_patients
from medguild.patients.identity.models import Patient
from tests.factories.scheduling import Schedule, schedule, visit_type, wall
from tests.factories.waitlist import wait_for
from tests.factories.world import HOUSE, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(world: World) -> Schedule:
    made = schedule(world)
    _ = made.session
    return made


@pytest.fixture
def beside(plan: Schedule, world: World) -> Freed:
    """Nine to ten with a colleague of the same site, for the same kind of visit."""
    colleague = world.clinician(plan.site.unit)
    plan.add(colleague)
    return Freed(colleague.pk, plan.site.unit_id, wall(plan.monday, 9), wall(plan.monday, 10))


def asked(freed: Freed) -> list[tuple[object, dt.datetime]]:
    return [(one.entry_id, one.start) for one in offer_freed(freed=freed)]


def linked(plan: Schedule, entry: WaitlistEntry) -> Patient:
    """Another record of the same person, which stands for both from now on."""
    survivor = plan.another()
    link_patients(duplicate=entry.patient, survivor=survivor, reason="one person", by=HOUSE)
    return survivor


def test_who_has_a_visit_then_is_asked_about_a_start_behind_it(plan: Schedule, beside: Freed) -> None:
    entry = wait_for(plan)
    plan.book(9, patient=entry.patient)
    assert asked(beside) == [(entry.pk, wall(plan.monday, 9, 20))]


def test_who_has_a_visit_all_the_time_is_passed_over(plan: Schedule, beside: Freed) -> None:
    busy, free = wait_for(plan), wait_for(plan)
    plan.book(9, minutes=60, patient=busy.patient)
    assert asked(beside) == [(free.pk, wall(plan.monday, 9))]


def test_the_visit_that_they_would_bring_forward_is_not_in_the_way(plan: Schedule, world: World) -> None:
    long, colleague = visit_type("long", minutes=40), world.clinician(plan.site.unit)
    for clinician in (plan.clinician, colleague):
        plan.add(clinician, start_minute=13 * 60, end_minute=16 * 60, visit_types={long.pk: 40})
    entry = wait_for(plan, plan.patient, instead_of=plan.book(13, 20, visit_type=long), visit_type=long)
    freed = Freed(colleague.pk, plan.site.unit_id, wall(plan.monday, 13), wall(plan.monday, 13, 40))
    assert asked(freed) == [(entry.pk, wall(plan.monday, 13))]


def test_being_asked_about_one_start_leaves_the_rest_of_a_longer_time(plan: Schedule, world: World) -> None:
    entry, start = wait_for(plan), wall(plan.monday, 9)
    offer_freed(freed=Freed(plan.clinician.pk, plan.site.unit_id, start, wall(plan.monday, 9, 20)))
    other, colleague = visit_type("check_up", minutes=30), world.clinician(plan.site.unit)
    plan.add(colleague, visit_types={other.pk: 30}, step_minutes=30)
    second = wait_for(plan, entry.patient, visit_type=other)
    freed = Freed(colleague.pk, plan.site.unit_id, start, wall(plan.monday, 10))
    assert asked(freed) == [(second.pk, wall(plan.monday, 9, 30))]


def test_two_linked_records_are_one_person_with_one_calendar(plan: Schedule, beside: Freed) -> None:
    entry = wait_for(plan)
    survivor = linked(plan, entry)
    plan.book(9, minutes=60, patient=survivor)
    assert asked(beside) == []


def test_two_linked_records_are_asked_about_one_time_at_once(plan: Schedule, beside: Freed) -> None:
    entry = wait_for(plan)
    wait_for(plan, linked(plan, entry))
    both = Freed(beside.clinician_id, beside.unit_id, wall(plan.monday, 9), wall(plan.monday, 9, 20))
    first = Freed(plan.clinician.pk, plan.site.unit_id, wall(plan.monday, 9), wall(plan.monday, 9, 20))
    assert asked(first) == [(entry.pk, wall(plan.monday, 9))], "nor under both about one"
    assert asked(both) == []


def test_who_has_died_is_not_asked(plan: Schedule, beside: Freed) -> None:
    entry, alive = wait_for(plan), wait_for(plan)
    Patient.objects.unscoped("test").filter(pk=entry.patient_id).update(deceased_on=today())
    assert [pk for pk, _start in asked(beside)] == [alive.pk]


@pytest.mark.parametrize("licensed", [True, False])
def test_the_page_of_freed_times_asks_as_much_for_twelve_as_for_two(
    client: Client, world: World, *, licensed: bool
) -> None:
    plan = schedule(world)
    plan.__dict__["session"] = plan.add(start_minute=8 * 60, end_minute=16 * 60)
    visits = [plan.book(8 + number // 3, number % 3 * 20, patient=plan.another()) for number in range(12)]
    if not licensed:
        Licence.objects.filter(clinician=plan.clinician).delete()
    client.force_login(world.user(Role.SCHEDULER))

    def queries(*more: Appointment) -> int:
        for visit in more:
            cancel_appointment(appointment=visit, reason=CancelReason.PATIENT_REQUEST, by=HOUSE)
            wait_for(plan)
        client.get("/waitlist/free/")
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/waitlist/free/").status_code == 200
        return len(seen)

    two = queries(*visits[:2])
    twelve = queries(*visits[2:])
    rows = freed_times(HOUSE, plan.site, at=now())
    assert (len(rows), {one.following is not None for one in rows}) == (12, {licensed})
    assert twelve == two
