"""Finding a slot, booking, overbooking, moving, cancelling; a race of two screens; a manager's template."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from medguild.foundation.access.rules import Role
from medguild.operations.scheduling.models import Appointment, Session
from medguild.patients.identity.models import Patient
from tests.factories.scheduling import Schedule, schedule
from tests.factories.world import World

VIEWPORTS = ["desktop", "phone"]
Axe = Callable[..., None]


@pytest.fixture
def plan(live_url: str, world: World) -> Schedule:
    made = schedule(world)
    _ = made.session, made.patient
    return made


def appointment_of(patient: Patient) -> Appointment:
    found: Appointment = Appointment.objects.unscoped("test").get(patient=patient)
    return found


def find(page: Page, plan: Schedule, patient: Patient) -> None:
    """Search the patient by name, then the free times of the Monday."""
    page.goto(reverse("scheduling:find"))
    page.get_by_label("Name, birth date, record number or phone").fill(patient.family_name)
    page.get_by_role("button", name="Search", exact=True).click()
    page.get_by_role("button", name=patient.mrn).click()
    page.get_by_label("From").fill(plan.monday.isoformat())
    page.get_by_role("button", name="Show free times").click()


@pytest.mark.parametrize("viewport", VIEWPORTS)
def test_a_visit_is_found_booked_moved_and_cancelled(page_for: Any, axe: Axe, plan: Schedule, viewport: str) -> None:
    page: Page = page_for(Role.SCHEDULER, viewport=viewport)
    find(page, plan, plan.patient)
    axe(page)
    page.get_by_role("button", name="9:20 AM").first.click()
    expect(page.get_by_text("Held for you")).to_be_visible()
    axe(page)
    page.get_by_label("Reason", exact=True).select_option("acute")
    page.get_by_label("In the patient's words").fill("Cough")
    page.get_by_role("button", name="Book it").click()
    expect(page.get_by_text("Visit booked", exact=True)).to_be_visible()
    axe(page)
    booked = appointment_of(plan.patient)
    assert (booked.reason_category, booked.reason) == ("acute", "Cough")

    page.get_by_role("link", name="Move", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Move a visit")
    page.get_by_label("From").fill(plan.monday.isoformat())
    page.get_by_role("button", name="Show free times").click()
    page.get_by_role("link", name="11:00 AM").first.click()
    expect(page.get_by_text("From and to")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Move it").click()
    expect(page.get_by_text("Visit moved", exact=True)).to_be_visible()

    page.goto(f"{reverse('scheduling:day_of', args=[plan.site.unit_id])}?day={plan.monday}")
    expect(page.get_by_role("link", name=plan.patient.label())).to_be_visible()
    axe(page)
    page.get_by_role("link", name=plan.patient.label()).click()
    page.get_by_role("button", name="Cancel visit").click()
    page.get_by_label("Why is the visit given up?").select_option("patient_ill")
    axe(page)
    page.get_by_role("button", name="Cancel the visit").click()
    expect(page.get_by_text("Visit cancelled", exact=True)).to_be_visible()
    assert appointment_of(plan.patient).status == "cancelled"


def test_two_schedulers_press_the_same_time(open_page: Any, world: World, plan: Schedule) -> None:
    other = plan.another()
    first: Page = open_page(world.user(Role.SCHEDULER))
    second: Page = open_page(world.user(Role.FRONT_DESK))
    find(first, plan, plan.patient)
    find(second, plan, other)
    first.get_by_role("button", name="9:00 AM").first.click()
    expect(first.get_by_text("Held for you")).to_be_visible()
    second.get_by_role("button", name="9:00 AM").first.click()
    expect(second.get_by_text("already taken")).to_be_visible()
    first.get_by_role("button", name="Choose another time").click()
    expect(first.get_by_role("heading", level=1)).to_contain_text("Book a visit")
    find(second, plan, other)
    second.get_by_role("button", name="9:00 AM").first.click()
    second.get_by_role("button", name="Book it").click()
    expect(second.get_by_text("Visit booked", exact=True)).to_be_visible()
    assert appointment_of(other).start.minute == 0


def test_a_full_time_is_overbooked_with_its_reason(page_for: Any, axe: Axe, plan: Schedule) -> None:
    plan.book(patient=plan.another())
    page: Page = page_for(Role.SCHEDULER)
    find(page, plan, plan.patient)
    page.get_by_label("Clinician (optional)", exact=True).select_option(str(plan.clinician.pk))
    page.get_by_label("Site").select_option(str(plan.site.unit_id))
    page.get_by_role("button", name="Show free times").click()
    page.get_by_role("link", name="Overbook a time").click()
    page.get_by_label("Day", exact=True).fill(plan.monday.isoformat())
    page.get_by_label("Time", exact=True).fill("09:00")
    page.get_by_role("button", name="Overbook", exact=True).click()
    expect(page.get_by_label("Why must this time be overbooked?")).to_be_focused()
    axe(page)
    page.get_by_label("Why must this time be overbooked?").fill("Child with fever")
    page.get_by_role("button", name="Overbook", exact=True).click()
    expect(page.get_by_text("Overbooked because")).to_be_visible()
    assert appointment_of(plan.patient).overbooked


@pytest.mark.parametrize("viewport", VIEWPORTS)
def test_a_manager_adds_a_session(page_for: Any, axe: Axe, plan: Schedule, viewport: str) -> None:
    page: Page = page_for(Role.PRACTICE_MANAGER, viewport=viewport)
    page.goto(reverse("scheduling:templates_of", args=[plan.site.unit_id]))
    expect(page.get_by_text("Monday 9:00 AM–12:00 PM")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Add a session").click()
    page.get_by_label("Day of the week").select_option("2")
    page.get_by_label("Begins").fill("13:00")
    page.get_by_label("Ends").fill("17:00")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Choose at least one kind of visit.")).to_be_visible()
    axe(page)
    page.get_by_label("Follow up, minutes").fill("30")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Wednesday 1:00 PM–5:00 PM")).to_be_visible()
    assert Session.objects.unscoped("test").filter(weekday=2, start_minute=780).exists()
