"""A scheduler books a series with a holiday in it, changes it from a visit on, and overbooks up to the limit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from medguild.foundation.access.rules import Role
from medguild.foundation.organization.models import Closure
from medguild.foundation.standards.services import set_standard
from medguild.operations.bumps.rules import Cause
from medguild.operations.bumps.services import bump
from medguild.operations.scheduling.models import Appointment
from tests.factories.scheduling import Schedule, schedule
from tests.factories.series import every_morning
from tests.factories.world import HOUSE, World

Axe = Callable[..., None]
WEEK = dt.timedelta(weeks=1)


@pytest.fixture
def plan(live_url: str, world: World) -> Schedule:
    made = schedule(world)
    every_morning(made)
    _ = made.patient
    return made


@pytest.mark.parametrize("viewport", ["desktop", "phone"])
def test_a_series_is_seen_booked_and_changed(page_for: Any, axe: Axe, plan: Schedule, viewport: str) -> None:
    Closure.objects.create(unit=plan.site.unit, day=plan.monday + WEEK, reason="Holiday")
    page: Page = page_for(Role.SCHEDULER, viewport=viewport)
    page.goto(reverse("series:new", args=[plan.patient.pk]))
    axe(page)
    page.get_by_label("Kind of visit").select_option(str(plan.kind.pk))
    page.get_by_label("Clinician").select_option(str(plan.clinician.pk))
    page.get_by_label("First day").fill(plan.monday.isoformat())
    page.get_by_label("Time", exact=True).fill("09:00")
    page.get_by_label("How many visits").fill("4")
    page.get_by_role("button", name="Show the visits").click()
    expect(page.get_by_text("The site is closed on this day")).to_be_visible()
    axe(page)
    page.get_by_label("Choice for visit 4").select_option("skip")
    page.get_by_role("button", name="Book the series").click()
    expect(page.get_by_text("This one was moved")).to_be_visible()
    axe(page)
    rows = Appointment.objects.unscoped("test").filter(patient=plan.patient)
    assert rows.count() == 3

    page.get_by_role("link", name="Change from here on").nth(2).click()
    page.get_by_label("Time", exact=True).fill("10:00")
    page.get_by_role("button", name="Show what changes").click()
    expect(page.get_by_text("will be moved")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Change the series").click()
    expect(page.get_by_text("From visit 3")).to_be_visible()
    assert sorted(one.start.astimezone(dt.UTC).minute for one in rows) == [0, 0, 0]


def test_overbooking_tells_its_limit_and_stops_there(page_for: Any, axe: Axe, plan: Schedule) -> None:
    set_standard(key="scheduling.overbook_per_day", unit=plan.site.unit, value=1, by=HOUSE)
    for hour in (9, 10):
        plan.book(hour, patient=plan.another())
    page: Page = page_for(Role.SCHEDULER)
    address = reverse("scheduling:overbook", args=[plan.patient.pk, plan.kind.pk, plan.clinician.pk, plan.site.unit_id])
    for time, patient in (("09:00", plan.patient), ("10:00", plan.another())):
        page.goto(address.replace(str(plan.patient.pk), str(patient.pk)))
        page.get_by_label("Day", exact=True).fill(plan.monday.isoformat())
        page.get_by_label("Time", exact=True).fill(time)
        page.get_by_label("Why must this time be overbooked?").fill("Child with fever")
        page.get_by_role("button", name="Overbook", exact=True).click()
        page.wait_for_load_state()
    expect(page.get_by_text("the limit is 1")).to_be_visible()
    axe(page)
    assert Appointment.objects.unscoped("test").filter(overbooked=True).count() == 1


def test_the_bump_list_fits_on_the_screen(page_for: Any, plan: Schedule) -> None:
    kept = plan.book(9)
    bump(appointments=[kept], cause=Cause.CLINICIAN_AWAY, reason="Clinician is ill", by=HOUSE)
    page: Page = page_for(Role.SCHEDULER)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto("/bumps/")
    expect(page.get_by_text(plan.patient.label())).to_be_visible()
    assert page.locator(".table-scroll").evaluate("one => one.scrollWidth <= one.clientWidth")
