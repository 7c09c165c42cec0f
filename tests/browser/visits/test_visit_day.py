"""A visit from the desk to the door, in the browser: check-in, flow board on two screens, note, signature, leaving."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from medguild.foundation.access.rules import Role
from medguild.foundation.kernel.clock import now
from medguild.operations.chart.models import Note
from medguild.operations.scheduling.models import Appointment
from medguild.operations.visits.models import Visit
from medguild.operations.visits.rules import VisitStatus
from tests.factories.patients import make_coverage
from tests.factories.visits import MINUTE, clinician_actor, load_codes, make_appointment, make_visit
from tests.factories.world import World

VIEWPORTS = ["desktop", "phone"]


@pytest.fixture
def booked(live_url: str, world: World) -> Appointment:
    found = make_appointment(world, reason="Sore throat")
    make_coverage(found.patient)
    load_codes()
    return found


def visit_of(appointment: Appointment) -> Visit:
    found: Visit = Visit.objects.unscoped("test").get(appointment=appointment)
    return found


@pytest.mark.parametrize("viewport", VIEWPORTS)
def test_the_front_desk_checks_in(page_for: Any, axe: Any, world: World, booked: Appointment, viewport: str) -> None:
    page: Page = page_for(Role.FRONT_DESK, viewport=viewport)
    page.goto(reverse("visits:arrivals"))
    row = page.get_by_role("listitem").filter(has_text=booked.patient.label())
    expect(row).to_contain_text("Coverage not verified")
    axe(page)
    row.get_by_role("button", name="Is here").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Check-in")
    axe(page)
    page.get_by_role("button", name="Photo ID seen").click()
    page.get_by_role("button", name="The payer says yes").click()
    page.get_by_role("button", name="Signed: Treatment").click()
    page.get_by_role("button", name="Signed: Privacy notice received").click()
    expect(page.get_by_text("Needed first")).to_have_count(0)
    page.get_by_role("button", name="Finish check-in").click()
    expect(page.get_by_text("Check-in finished.")).to_be_visible()
    assert visit_of(booked).checked_in_at is not None


@pytest.mark.parametrize("viewport", VIEWPORTS)
def test_two_screens_follow_each_other(
    page_for: Any, axe: Any, world: World, booked: Appointment, viewport: str
) -> None:
    visit = make_visit(world, appointment=booked)
    board = reverse("visits:board_of", args=[world.main.site.unit_id])
    hall: Page = page_for(Role.NURSE, viewport=viewport)
    hall.goto(board)
    desk: Page = page_for(Role.MEDICAL_ASSISTANT, viewport=viewport)
    desk.goto(board)
    axe(desk)
    arrived = hall.get_by_role("region", name="Arrived")
    expect(arrived).to_contain_text("Sore throat")
    desk.get_by_role("button", name="To Room 1").press("Enter")
    expect(desk.get_by_role("region", name="In a room")).to_contain_text("Sore throat")
    expect(hall.get_by_role("region", name="In a room")).to_contain_text("Sore throat")
    assert visit_of(booked).status == VisitStatus.ROOMED
    desk.get_by_role("button", name="Undo").click()
    expect(desk.get_by_role("region", name="Arrived")).to_contain_text("Sore throat")
    assert Visit.objects.unscoped("test").get(pk=visit.pk).status == VisitStatus.ARRIVED


@pytest.mark.parametrize("viewport", VIEWPORTS)
def test_the_clinician_writes_and_signs(
    page_for: Any, axe: Any, world: World, booked: Appointment, viewport: str
) -> None:
    visit = make_visit(world, appointment=booked, at=now() - 12 * MINUTE, to=VisitStatus.ROOMED)
    clinician_actor(world)
    page: Page = page_for(Role.CLINICIAN, viewport=viewport)
    page.goto(reverse("chart:day"))
    expect(page.get_by_text("Sore throat").first).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Begin", exact=True).first.click()
    page.get_by_role("button", name="Note", exact=True).first.click()
    expect(page.get_by_label("Reason for the visit")).to_have_value("Sore throat")
    axe(page)
    page.get_by_label("Assessment and plan").press_sequentially("Viral; rest", delay=90)
    page.get_by_label("History").press_sequentially("Three days", delay=90)
    page.get_by_label("Assessment and plan").fill("Viral; rest and fluids.")
    expect(page.locator("#saved")).to_contain_text("Clinician".lower(), ignore_case=True)
    page.get_by_label("Add a diagnosis").press_sequentially("upper resp")
    page.get_by_role("button", name="J06.9").press("Enter")
    expect(page.locator("#lines")).to_contain_text("1. J06.9")
    page.get_by_label("Add a service").press_sequentially("99213")
    page.locator("#service-hits").get_by_role("button", name="99213").click()
    expect(page.locator("#lines")).to_contain_text("Rendered by")
    page.get_by_role("button", name="Sign …").click()
    expect(page.get_by_text("A signed note is final")).to_be_visible()
    expect(page.get_by_text("Viral; rest and fluids.")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Sign", exact=True).press("Enter")
    expect(page.get_by_text("The note is signed.")).to_be_visible()
    axe(page)
    note: Note = Note.objects.unscoped("test").get(visit=visit)
    assert note.is_signed
    assert note.assessment == "Viral; rest and fluids."


@pytest.mark.parametrize("viewport", VIEWPORTS)
def test_the_patient_leaves(page_for: Any, axe: Any, world: World, booked: Appointment, viewport: str) -> None:
    visit = make_visit(world, appointment=booked, at=now() - 40 * MINUTE, to=VisitStatus.READY_TO_LEAVE)
    page: Page = page_for(Role.FRONT_DESK, viewport=viewport)
    page.goto(reverse("visits:show", args=[visit.pk]))
    axe(page)
    page.get_by_role("link", name="Check-out").click()
    axe(page)
    page.get_by_role("button", name="Has left").click()
    expect(page.get_by_text("The patient has left.")).to_be_visible()
    assert visit_of(booked).status == VisitStatus.LEFT


def test_the_board_works_without_script(page_for: Any, world: World, booked: Appointment) -> None:
    make_visit(world, appointment=booked)
    page: Page = page_for(Role.NURSE, script=False)
    page.goto(reverse("visits:board_of", args=[world.main.site.unit_id]))
    page.get_by_role("button", name="To Room 1").click()
    expect(page.get_by_role("region", name="In a room")).to_contain_text("Sore throat")
