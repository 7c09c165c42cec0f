"""A manager says what a kind of visit needs; a scheduler books a visit that takes a room, a device and staff."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from medguild.foundation.access.rules import Role
from medguild.foundation.organization.rules import ResourceKind
from medguild.operations.scheduling.kinds.visit_types import Needed, Terms, record_visit_type
from medguild.operations.scheduling.models import Allocation, Appointment, VisitType
from tests.factories.needs import capability, helper, needy, thing
from tests.factories.scheduling import Schedule, schedule
from tests.factories.world import HOUSE, World

VIEWPORTS = ["desktop", "phone"]
Axe = Callable[..., None]


@pytest.fixture
def plan(live_url: str, world: World) -> Schedule:
    """A procedure room, one scope, one nurse; two clinicians who do small procedures on Monday morning."""
    made = schedule(world)
    _ = made.patient
    room = capability(ResourceKind.ROOM, "procedure-room")
    scope = capability(ResourceKind.EQUIPMENT, "scope")
    nurse = capability(ResourceKind.STAFF, "procedure-nurse")
    thing(made.site.unit, room, "Theatre")
    thing(made.site.unit, scope, "Scope 7")
    helper(made, nurse, "Nadia")
    kind = needy(
        "procedure", {room: Needed(), scope: Needed(), nurse: Needed()}, minutes=40,
        terms=Terms(prep_minutes=10, clean_up_minutes=10),
    )  # fmt: skip
    for clinician in (made.clinician, world.clinician(made.site.unit)):
        made.add(clinician, visit_types={kind.pk: 40})
    return made


@pytest.mark.parametrize("viewport", VIEWPORTS)
def test_a_scheduler_books_a_multi_resource_visit(page_for: Any, axe: Axe, plan: Schedule, viewport: str) -> None:
    page: Page = page_for(Role.SCHEDULER, viewport=viewport)
    page.goto(reverse("scheduling:find"))
    page.get_by_label("Name, birth date, record number or phone").fill(plan.patient.family_name)
    page.get_by_role("button", name="Search", exact=True).click()
    page.get_by_role("button", name=plan.patient.mrn).click()
    page.get_by_label("Kind of visit").select_option(label="Procedure (40 min)")
    page.locator("#id_start").fill(plan.monday.isoformat())
    page.get_by_role("button", name="Show free times").click()
    page.get_by_role("button", name="9:20 AM").first.click()
    expect(page.get_by_text("Held for you")).to_be_visible()
    page.get_by_role("button", name="Book it").click()
    expect(page.get_by_role("heading", name="Takes besides the clinician")).to_be_visible()
    for taken in ("Theatre", "Scope 7", "Nadia Helper"):
        expect(page.get_by_role("cell", name=taken)).to_be_visible()
    expect(page.get_by_text("9:10 AM").first).to_be_visible()
    axe(page)
    booked = Appointment.objects.unscoped("test").get(patient=plan.patient)
    assert Allocation.objects.unscoped("test").filter(appointment=booked).count() == 5

    # The other clinician's times begin when the room is clean again.
    page.goto(f"{reverse('scheduling:find')}?visit_type={booked.visit_type_id}&start={plan.monday}&days=7")
    expect(page.get_by_text("10:20 AM", exact=True).first).to_be_visible()
    expect(page.get_by_text("10:00 AM", exact=True)).to_have_count(0)


def test_a_manager_says_what_a_visit_needs(page_for: Any, axe: Axe, plan: Schedule) -> None:
    kind: VisitType = record_visit_type(owner=plan.office.entity, code="biopsy", name="Biopsy", minutes=30, by=HOUSE)
    page: Page = page_for(Role.PRACTICE_MANAGER)
    page.goto(reverse("scheduling:change_visit_type", args=[kind.pk]))
    axe(page)
    page.get_by_label("Preparing before it (minutes)").fill("10")
    page.get_by_label("Never shorter than (minutes)").fill("20")
    page.get_by_label("Kind of room").select_option(label="Procedure room")
    page.get_by_role("spinbutton", name="Procedure nurse").fill("1")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("row", name="Biopsy")).to_contain_text("Procedure room")
    page.get_by_role("link", name="Biopsy").click()
    page.locator('a[href$="/lengths/add/"]').click()
    page.get_by_label("Minutes").fill("15")
    page.get_by_label("With").select_option(str(plan.clinician.pk))
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("takes at least 20 minutes").first).to_be_visible()
    axe(page)
    page.get_by_label("Minutes").fill("25")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("cell", name=plan.clinician.label())).to_be_visible()
    assert kind.lengths.get().minutes == 25


def test_a_manager_gives_a_skill_and_a_shift(page_for: Any, axe: Axe, plan: Schedule) -> None:
    page: Page = page_for(Role.PRACTICE_MANAGER)
    page.goto(reverse("organization:unit", args=[plan.site.unit_id]))
    expect(page.get_by_text("Nadia Helper").first).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Add a shift").click()
    page.get_by_label("Who", exact=True).select_option(label="Nadia Helper")
    page.get_by_label("Saturday").check()
    page.get_by_label("Begins").fill("08:00")
    page.get_by_label("Ends").fill("12:00")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saturday 8:00 AM–12:00 PM")).to_be_visible()
    page.get_by_role("link", name="Nadia Helper").click()
    page.get_by_role("link", name="Add a skill").click()
    axe(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("This is recorded already for that time.").first).to_be_visible()
