"""Booked visits whose clinician will lack a credential on the day: found each night, moved, closed by themselves."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.urls import reverse

from medguild.foundation.access.rules import Role
from medguild.foundation.organization.people import Clinician, Licence
from medguild.foundation.organization.staffing import record_licence
from medguild.foundation.work.models import UnownedNeed
from medguild.operations.scheduling.care.lacking import lacking_visits
from medguild.operations.scheduling.care.terms import set_visit_type_terms
from medguild.operations.scheduling.care.work import MAY_NOT, warn_of_lacking
from medguild.operations.scheduling.outcomes import cancel_appointment
from medguild.operations.scheduling.rules import CancelReason, Mode
from medguild.operations.scheduling.services import move_appointment
from medguild.people.credentialing.services import register_telehealth
from medguild.people.credentialing.work import warn_of_expiry
from tests.factories.credentials import make_privilege, make_privilege_type
from tests.factories.scheduling import Schedule, schedule, visit_type, wall
from tests.factories.world import HOUSE, START, World

WEEK = dt.timedelta(weeks=1)


@pytest.fixture
def plan(world: World) -> Schedule:
    made = schedule(world)
    made.__dict__["kind"] = visit_type("any_way", 20, modes=(Mode.IN_PERSON, Mode.VIDEO))
    _ = made.session
    return made


def licence_ends(clinician: Clinician, day: dt.date) -> None:
    held = Licence.objects.get(clinician=clinician, state="OR")
    held.period = DateRange(held.period.lower, day)
    held.save()


def needs() -> list[UnownedNeed]:
    rows = UnownedNeed.objects.unscoped("test").filter(work_type=MAY_NOT, settled_at__isnull=True)
    return list(rows.order_by("arose_at"))


def test_a_licence_that_ends_before_the_visit_is_found_and_nothing_else(plan: Schedule) -> None:
    kept = plan.book(patient=plan.another())
    late = plan.book(start=wall(plan.monday + WEEK, 9))
    assert lacking_visits() == []
    licence_ends(plan.clinician, plan.monday + WEEK)
    assert [one.appointment_id for one in lacking_visits()] == [late.pk]
    assert kept.pk not in {one.appointment_id for one in lacking_visits(clinicians=[plan.clinician.pk])}


def test_the_clock_decides_when_a_visit_comes_within_sight(plan: Schedule) -> None:
    licence_ends(plan.clinician, plan.monday + 30 * WEEK)
    far = plan.monday + 29 * WEEK
    plan.book(start=wall(far, 9))
    licence_ends(plan.clinician, far)
    assert lacking_visits() == []
    with time_machine.travel(wall(far - 2 * WEEK, 8), tick=False):
        assert warn_of_lacking(by=HOUSE) == 1
        assert len(needs()) == 1
    with time_machine.travel(wall(far + WEEK, 8), tick=False):
        assert warn_of_lacking(by=HOUSE) == 0


def test_a_remote_visit_is_looked_at_where_the_patient_will_be(plan: Schedule) -> None:
    register_telehealth(
        clinician=plan.clinician, state="WA", number="T1", start=START, end=plan.monday + WEEK, by=HOUSE
    )
    plan.book(mode=Mode.VIDEO, patient_state="WA")
    assert lacking_visits() == []
    plan.clinician.telehealth_registrations.update(period=DateRange(START, plan.monday))
    assert len(lacking_visits()) == 1


def test_a_privilege_that_is_asked_for_later_is_found(plan: Schedule) -> None:
    plan.book()
    needed = make_privilege_type()
    set_visit_type_terms(visit_type=plan.kind, privilege=needed, service_code="", by=HOUSE)
    assert len(lacking_visits()) == 1
    make_privilege(plan.clinician, needed, plan.office.entity)
    assert lacking_visits() == []


def test_two_licences_that_follow_each_other_leave_no_gap(plan: Schedule) -> None:
    plan.book()
    plan.book(start=wall(plan.monday + WEEK, 9))
    licence_ends(plan.clinician, plan.monday + dt.timedelta(days=3))
    record_licence(
        clinician=plan.clinician, state="OR", number="MD-2", start=plan.monday + dt.timedelta(days=3),
        end=dt.date(2045, 1, 1), by=HOUSE,
    )  # fmt: skip
    assert lacking_visits() == []


def test_work_is_opened_once_and_closes_when_every_visit_is_with_somebody_who_may(plan: Schedule, world: World) -> None:
    first, second = plan.book(), plan.book(9, 20, patient=plan.another())
    licence_ends(plan.clinician, plan.monday)
    warn_of_lacking(by=HOUSE)
    warn_of_lacking(by=HOUSE)
    [need] = needs()
    assert "2" in need.summary
    assert need.subject_id == plan.clinician.pk
    other = world.clinician(plan.site.unit)
    plan.add(clinician=other)
    move_appointment(appointment=first, start=first.start, clinician=other, by=HOUSE)
    warn_of_lacking(by=HOUSE)
    cancel_appointment(appointment=second, reason=CancelReason.PRACTICE_CLINICIAN_AWAY, by=HOUSE)
    assert warn_of_lacking(by=HOUSE) == 0


def test_the_warning_of_a_credential_says_how_many_visits_hang_on_it(plan: Schedule) -> None:
    plan.book()
    licence_ends(plan.clinician, plan.monday)
    warn_of_expiry(by=HOUSE)
    [need] = UnownedNeed.objects.unscoped("test").filter(work_type="credential.expiring")
    assert need.summary.endswith("booked visits that cannot be kept: 1")


def test_the_page_lists_them_with_the_reason_and_a_way_to_move(plan: Schedule, world: World) -> None:
    visit = plan.book()
    licence_ends(plan.clinician, plan.monday)
    client = Client()
    client.force_login(world.user(Role.SCHEDULER))
    page = client.get(reverse("scheduling:lacking"), {"clinician": plan.clinician.pk}).content.decode()
    assert plan.patient.label() in page
    assert "run out" in page
    assert f"?move={visit.pk}" in page
    shown = client.get(reverse("credentialing:clinician", args=[plan.clinician.pk])).content.decode()
    assert "1 booked visit cannot be kept" in shown


def test_the_page_shows_only_visits_in_scope(plan: Schedule, world: World) -> None:
    plan.book()
    licence_ends(plan.clinician, plan.monday)
    client = Client()
    client.force_login(world.user(Role.SCHEDULER, world.member_a.entity))
    assert plan.patient.label() not in client.get(reverse("scheduling:lacking")).content.decode()
