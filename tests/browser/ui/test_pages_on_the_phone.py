"""Pages that are read on the phone: nothing sticks out to the side, nothing that assistive technology stumbles over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from medguild.experience.outreach.links import token_of
from medguild.foundation.access.rules import Role
from medguild.foundation.kernel.clock import now
from medguild.operations.scheduling.models import Appointment
from medguild.operations.visits.rules import VisitStatus
from tests.factories.patients import make_patient
from tests.factories.scheduling import Schedule, schedule
from tests.factories.series import booked_series, every_morning
from tests.factories.visits import clinician_actor, make_visit
from tests.factories.world import World
from tests.integration.access.test_url_table import prepared
from tests.url_tables import gather

Axe = Callable[..., None]
OpenPage = Callable[..., Page]
TABLE = gather()
PAGES = (
    "attendance:model", "attendance:sessions", "calls:add", "calls:alerts", "calls:call_backs", "calls:import",
    "calls:show", "demand:changes", "demand:lengths", "feeds:mine", "groups:list", "itineraries:find",
    "outreach:list", "payers:network", "portal:calendar", "portal:questions", "portal:record", "promises:inquiry",
    "recalls:add", "recalls:import", "recalls:list", "recalls:rules", "recalls:show", "scheduling:overbook",
    "scheduling:visit_types", "series:new", "templates:holidays", "templates:list", "templates:plans",
    "waitlist:add", "waitlist:show",
)  # fmt: skip


def stands_out(page: Page) -> int:
    """By how many pixels the page is wider than the screen."""
    wider: int = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return max(wider, 0)


@pytest.fixture
def plan(live_url: str, world: World) -> Schedule:
    made = schedule(world)
    _ = made.patient
    return made


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_on_the_phone_and_axe_finds_nothing(open_page: OpenPage, world: World, axe: Axe, name: str) -> None:
    row = prepared(name, TABLE[name], world)
    page = open_page(row.right, viewport="phone")
    page.goto(row.path)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert stands_out(page) == 0
    axe(page)


def test_the_day_of_a_clinician_fits_on_the_phone(open_page: OpenPage, world: World, axe: Axe) -> None:
    """With people to see, notes to write, and all that is to be looked at."""
    _ = clinician_actor(world)
    for hours, step in ((5, VisitStatus.LEFT), (3, VisitStatus.LEFT), (1, VisitStatus.WITH_CLINICIAN)):
        patient = make_patient(world, family_name="Featherstonehaugh-Cholmondeley")
        make_visit(world, to=step, patient=patient, at=now() - dt.timedelta(hours=hours))
    page = open_page(world.main.clinician.person.user, viewport="phone")
    page.goto("/chart/day/")
    expect(page.get_by_text("Featherstonehaugh").first).to_be_visible()
    assert stands_out(page) == 0
    axe(page)


def test_who_is_asked_whether_they_come_reads_it_on_the_phone(open_page: OpenPage, plan: Schedule, axe: Axe) -> None:
    visit = plan.book(9)
    page = open_page(viewport="phone")
    page.goto(reverse("outreach:visit", args=[token_of(visit.pk)]))
    page.get_by_text("I cannot come").click()
    expect(page.get_by_role("button", name="Cancel my appointment")).to_be_visible()
    assert stands_out(page) == 0
    axe(page)
    page.get_by_role("button", name="Cancel my appointment").click()
    expect(page.get_by_text("This appointment is cancelled")).to_be_visible()


def test_a_link_in_a_notice_is_told_by_more_than_its_colour(page_for: OpenPage, plan: Schedule, axe: Axe) -> None:
    every_morning(plan)
    booked_series(plan)
    visit = Appointment.objects.unscoped("test").earliest("start")
    page = page_for(Role.SCHEDULER, viewport="phone")
    page.goto(reverse("scheduling:show", args=[visit.pk]))
    link = page.get_by_role("link", name="Open the series")
    assert "underline" in link.evaluate("one => getComputedStyle(one).textDecorationLine")
    axe(page)
