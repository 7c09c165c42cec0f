"""The pages of the day cost a bounded number of queries, and no more of them when more people are there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from medguild.foundation.access.rules import Role
from medguild.operations.visits.models import Visit
from tests.factories.patients import make_account, make_coverage
from tests.factories.visits import make_appointment, make_visit
from tests.factories.world import World
from tests.support_queries import queries_at_most

_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
Address = Callable[[World, Visit], str]


def _site(name: str) -> Address:
    return lambda world, visit: reverse(name, args=[world.main.site_unit.pk])


def _patient(world: World, visit: Visit) -> str:
    return reverse("patients:detail", args=[visit.patient_id])


def _visit(world: World, visit: Visit) -> str:
    return reverse("visits:show", args=[visit.pk])


def _named(name: str) -> Address:
    return lambda world, visit: reverse(name)


PAGES: dict[str, tuple[Role, Address, int]] = {
    "today of the front desk": (Role.FRONT_DESK, _named("today:home"), 50),
    "today of the manager": (Role.PRACTICE_MANAGER, _named("today:home"), 60),
    "arrivals": (Role.FRONT_DESK, _site("visits:arrivals_of"), 20),
    "flow board": (Role.NURSE, _site("visits:board_of"), 20),
    "calendar, day": (Role.FRONT_DESK, _site("scheduling:day_of"), 12),
    "calendar, week": (Role.FRONT_DESK, _site("scheduling:week_of"), 14),
    "list to print": (Role.FRONT_DESK, _site("scheduling:list_of"), 10),
    "appointments": (Role.FRONT_DESK, _named("scheduling:list"), 14),
    "visits": (Role.FRONT_DESK, _named("visits:list"), 14),
    "patients": (Role.FRONT_DESK, _named("patients:list"), 10),
    "a patient": (Role.FRONT_DESK, _patient, 28),
    "a visit": (Role.FRONT_DESK, _visit, 16),
}


@pytest.mark.parametrize("page", list(PAGES))
def test_a_page_costs_the_same_for_one_and_for_many(world: World, page: str, settings: object) -> None:
    settings.FORCE_SECOND_FACTOR = False  # type: ignore[attr-defined]
    role, address, most = PAGES[page]
    client = Client()
    client.force_login(world.user(role), backend=_BACKEND)
    visit = make_visit(world)
    make_account(world, visit.patient)
    make_appointment(world, clinician=world.clinician(world.main.site_unit), start=_later(4))
    plan = make_coverage(visit.patient).plan
    target = address(world, visit)
    if page == "patients":
        target += f"?q={visit.patient.family_name}"
    client.get(target)
    with CaptureQueriesContext(connection) as alone:
        assert client.get(target).status_code == 200
    for number in range(4):
        other = make_visit(world, clinician=world.clinician(world.main.site_unit))
        make_coverage(other.patient, plan)
        make_account(world, other.patient)
        make_appointment(world, clinician=world.clinician(world.main.site_unit), start=_later(number))
    with queries_at_most(most) as many:
        assert client.get(target).status_code == 200
    assert len(many) <= len(alone) + 3, f"{len(alone)} queries for one, {len(many)} for many"


def _later(number: int) -> dt.datetime:
    return dt.datetime.now(dt.UTC) + dt.timedelta(minutes=20 + number)
