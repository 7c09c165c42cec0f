"""Forms begin with no kind of visit: the first of the alphabet is nobody's wish."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from medguild.foundation.access.rules import Role
from medguild.operations.scheduling.rules import PatientKind
from tests.factories.scheduling import Schedule, schedule, visit_type
from tests.factories.world import World

NOTHING = '<option value="" selected>Choose a kind of visit</option>'


@pytest.fixture
def plan(world: World) -> Schedule:
    made = schedule(world)
    _ = made.session, visit_type("a_class", 60)
    return made


@pytest.fixture
def desk(world: World, plan: Schedule) -> Client:
    client = Client()
    client.force_login(world.user(Role.SCHEDULER))
    return client


@pytest.mark.parametrize("page", ["scheduling:find", "waitlist:add", "recalls:add"])
def test_nothing_is_chosen_before_somebody_chooses(desk: Client, plan: Schedule, page: str) -> None:
    shown = desk.get(reverse(page, args=[] if page == "scheduling:find" else [plan.patient.pk]))
    assert NOTHING in shown.content.decode()


def test_a_search_without_a_kind_asks_for_one(desk: Client) -> None:
    shown = desk.get(reverse("scheduling:find") + "?visit_type=&days=14")
    assert "visit_type" in shown.context["form"].errors


def test_with_a_patient_the_usual_kind_is_searched_where_none_was_chosen(desk: Client, plan: Schedule) -> None:
    usual = visit_type("first_visit", 40, patient_kind=PatientKind.NEW)
    shown = desk.get(reverse("scheduling:find") + f"?visit_type=&days=14&patient={plan.patient.pk}")
    assert shown.context["form"]["visit_type"].value() == str(usual.pk)


def test_a_specialty_alone_searches_for_a_new_patient(desk: Client, plan: Schedule) -> None:
    usual = visit_type("first_visit", 40, patient_kind=PatientKind.NEW)
    shown = desk.get(reverse("scheduling:find") + f"?specialty={plan.clinician.specialty}")
    assert shown.context["form"]["visit_type"].value() == str(usual.pk)


def test_the_list_is_for_the_patients_own_site(desk: Client, plan: Schedule) -> None:
    shown = desk.get(reverse("waitlist:add", args=[plan.patient.pk]))
    assert shown.context["form"]["site"].value() == str(plan.patient.home_unit_id)


def test_a_day_that_has_passed_is_said_to_have_passed(desk: Client, plan: Schedule) -> None:
    shown = desk.get(reverse("scheduling:find") + f"?visit_type={plan.kind.pk}&start=2020-01-01")
    assert "start" in shown.context["form"].errors
    assert shown.context["days"] is None
