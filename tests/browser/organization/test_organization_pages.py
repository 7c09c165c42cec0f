"""Pages of organization and access in a real browser, wide and narrow: readable, and without accessibility faults."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from medguild.foundation.access.models import BrokenGlass
from medguild.foundation.access.rules import GLASS_LASTS, Role
from medguild.foundation.access.services import create_token
from medguild.foundation.events.proofs import prove
from medguild.foundation.events.sealing import seal_all
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.ids import new_id
from medguild.foundation.organization import services, staffing
from medguild.foundation.organization.rules import RelationKind
from tests.factories.world import HOUSE, START, World, npi

OpenPage = Callable[..., Page]
# Set to a folder to look at the pages.
LOOK = os.environ.get("MEDGUILD_LOOK", "")


@pytest.fixture
def house(world: World, settings: Any, tmp_path: Path) -> World:
    settings.FORCE_SECOND_FACTOR = False
    settings.ANCHOR_FOLDER = tmp_path
    _ = (world.main, world.second, world.circle, world.member_a)
    services.relate_units(
        kind=RelationKind.OWNS, source=world.main.entity, target=world.second.entity, share=5100, by=HOUSE, start=START
    )
    staffing.set_billing_identity(
        entity=world.main.entity, by=HOUSE, start=START, tin="12-7654321", group_npi=npi(), taxonomy="207Q00000X",
        name="Harbor Billing", line1="1 Main", city="Portland", state="OR", postal_code="972010001",
        submitter_id="S", contact_name="Office", contact_phone="5035550100",
    )  # fmt: skip
    services.share_resource(
        resource=world.main.room, shares={world.main.practice.pk: 6000, world.second.practice.pk: 4000}, by=HOUSE,
        start=START,
    )  # fmt: skip
    create_token(name="Kiosk", role=Role.SCHEDULER, unit=world.main.entity, by=HOUSE)
    BrokenGlass.objects.create(
        user=world.user(Role.NURSE), patient_id=new_id(), reason="Fainted at the desk", started_at=now(),
        ends_at=now() + GLASS_LASTS,
    )  # fmt: skip
    seal_all()
    prove(by=HOUSE)
    return world


def _look(page: Page, name: str) -> None:
    if LOOK:
        Path(LOOK).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(LOOK) / f"{name}.png", full_page=True)


def _pages(world: World) -> list[tuple[Role, str, str]]:
    """Role, address, a heading or text that must be seen."""
    owner, admin, officer = Role.PHYSICIAN_OWNER, Role.ADMINISTRATOR, Role.COMPLIANCE_OFFICER
    nurse = world.user(Role.NURSE).pk
    return [
        (owner, "/organization/", "Organization"),
        (owner, f"/organization/units/{world.main.entity.pk}/", "Links still to convert"),
        (owner, f"/organization/units/{world.main.site_unit.pk}/", "Rooms and equipment"),
        (owner, f"/organization/units/{world.main.practice.pk}/", "Below it"),
        (owner, f"/organization/units/{world.main.entity.pk}/billing/new/", "Billing name"),
        (owner, f"/organization/things/{world.main.room.pk}/share/", "The shares together"),
        (owner, "/organization/circles/new/", "New sharing circle"),
        (owner, "/organization/circles/", "Harbor circle"),
        (owner, "/organization/people/", "Physician"),
        (owner, f"/organization/people/{world.main.clinician.person_id}/", "Legal entity"),
        (admin, "/access/users/", "Invite somebody"),
        (admin, f"/access/users/{nurse}/", "This role carries these rights"),
        (admin, "/access/users/invite/", "With everything that stands below it."),
        (admin, "/access/rights/", "Payment poster"),
        (admin, "/access/tokens/", "Kiosk"),
        (admin, "/access/tokens/new/", "The secret is shown once"),
        (officer, "/access/reviews/", "Fainted at the desk"),
        (officer, "/access/audit/", "As written"),
        (admin, "/access/me/", "Change my password"),
    ]


@pytest.mark.parametrize("viewport", ["desktop", "phone"])
def test_pages_are_seen_and_have_no_accessibility_fault(
    page_for: OpenPage, house: World, axe: Callable[..., None], viewport: str
) -> None:
    pages: dict[Role, Page] = {}
    for role, path, words in _pages(house):
        page = pages.setdefault(role, page_for(role, viewport=viewport))
        page.goto(path)
        expect(page.locator("main").get_by_text(words).first).to_be_visible()
        name = path.strip("/").replace("/", "-")[:40]
        _look(page, f"{viewport}-{name}")
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{path} is wider than a {viewport} by {wide} pixels"
        axe(page)


def test_a_unit_is_opened_and_a_mistake_is_told_at_its_field(page_for: OpenPage, house: World) -> None:
    page = page_for(Role.PHYSICIAN_OWNER)
    page.goto(f"/organization/units/{house.main.practice.pk}/")
    page.get_by_role("link", name="Add: Site").click()
    page.get_by_label("Name", exact=True).fill("East Side")
    page.get_by_label("Opens on").fill("2019-01-01")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("is not open on that day").first).to_be_visible()
    expect(page.get_by_label("Name", exact=True)).to_have_value("East Side")
    page.get_by_label("Opens on").fill("2026-01-01")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="East Side")).to_be_visible()


def test_closing_a_login_asks_first(page_for: OpenPage, house: World) -> None:
    page = page_for(Role.ADMINISTRATOR)
    page.goto(f"/access/users/{house.user(Role.NURSE).pk}/")
    page.get_by_role("button", name="Close the login").click()
    dialog = page.get_by_role("alertdialog")
    expect(dialog.get_by_text("Open sessions end at once.")).to_be_visible()
    dialog.get_by_role("button", name="Close the login").click()
    expect(page.get_by_text("This login is closed")).to_be_visible()
