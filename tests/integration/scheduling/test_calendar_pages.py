"""The calendar: week, list on paper, the way from an empty day; and booking twice from one page."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from medguild.foundation.access.rules import Role
from medguild.operations.scheduling.models import Appointment, Hold
from tests.factories.scheduling import Schedule, schedule, wall
from tests.factories.world import World
from tests.support_queries import queries_at_most


@pytest.fixture
def plan(world: World) -> Schedule:
    made = schedule(world, world.actor(Role.SCHEDULER))
    _ = made.session
    return made


@pytest.fixture
def desk(world: World, plan: Schedule) -> Client:
    client = Client()
    client.force_login(world.user(Role.SCHEDULER))
    return client


def test_the_week_shows_each_day_and_can_be_one_clinicians(plan: Schedule, desk: Client) -> None:
    visit = plan.book()
    address = reverse("scheduling:week_of", args=[plan.site.unit_id])
    week = desk.get(address, {"day": plan.monday + dt.timedelta(days=3)}).context["week"]
    assert [one.day for one in week.days][0] == plan.monday
    assert [visit.pk for visit in week.days[0].visits] == [visit.pk]
    assert [one.pk for one in week.days[0].working] == [plan.clinician.pk]
    narrowed = {"day": plan.monday, "clinician": plan.clinician.pk}
    assert desk.get(address, narrowed).context["week"].visits == 1
    stranger = "01920000-0000-7000-8000-000000000000"
    assert desk.get(address, {"day": plan.monday, "clinician": stranger}).context["week"].visits == 0
    assert desk.get(address, {"day": "nonsense", "clinician": "x"}).status_code == 200


def test_the_week_does_not_ask_more_when_more_is_booked(plan: Schedule, desk: Client) -> None:
    address = reverse("scheduling:week_of", args=[plan.site.unit_id])
    desk.get(address)
    for place in range(4):
        plan.book(9 + place // 3, 20 * (place % 3), patient=plan.another())
    with queries_at_most(20):
        desk.get(address, {"day": plan.monday})


def test_the_list_holds_what_the_desk_needs_on_paper(plan: Schedule, desk: Client) -> None:
    visit = plan.book()
    address = reverse("scheduling:list_of", args=[plan.site.unit_id])
    page = desk.get(address, {"day": plan.monday}).content.decode()
    for text in (visit.patient.label(), visit.patient.mrn, visit.visit_type.name, plan.clinician.label(), "data-print"):
        assert text in page
    assert "No visits on this day" in desk.get(address, {"day": plan.monday + dt.timedelta(days=1)}).content.decode()


def test_an_empty_day_leads_to_the_next_one_with_sessions(plan: Schedule, desk: Client) -> None:
    answer = desk.get(
        reverse("scheduling:day_of", args=[plan.site.unit_id]), {"day": plan.monday - dt.timedelta(days=1)}
    )
    assert answer.context["next_day"] == plan.monday
    assert f"?day={plan.monday}" in answer.content.decode()


def test_a_page_that_is_sent_twice_books_once_and_says_so(plan: Schedule, desk: Client) -> None:
    """A double click, the back button and a lost answer all end at the one visit."""
    start = wall(plan.monday, 9)
    desk.post(
        reverse("scheduling:hold", args=[plan.patient.pk]),
        {"clinician": plan.clinician.pk, "site": plan.site.unit_id, "visit_type": plan.kind.pk,
         "start": start.isoformat()},
    )  # fmt: skip
    kept = Hold.objects.unscoped("test").get()
    address = reverse("scheduling:book", args=[plan.patient.pk, kept.pk])
    said = {"reason_category": "acute", "mode": "in_person"}
    first, second = desk.post(address, said), desk.post(address, said)
    booked = Appointment.objects.unscoped("test").get()
    assert booked.pk == kept.pk
    assert first.url == second.url == desk.get(address).url == reverse("scheduling:show", args=[booked.pk])


def test_a_hold_that_ran_out_leads_back_to_the_search(plan: Schedule, desk: Client) -> None:
    gone = reverse("scheduling:book", args=[plan.patient.pk, "01920000-0000-7000-8000-000000000000"])
    answer = desk.get(gone, follow=True)
    assert answer.redirect_chain[-1][0].startswith(reverse("scheduling:find"))
    assert "no longer held" in answer.content.decode()
