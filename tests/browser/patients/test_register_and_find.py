"""Registering with a card, the duplicate panel while typing, finding as one types, correcting, linking."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from medguild.foundation.access.rules import Role
from medguild.patients.coverage.models import Coverage
from medguild.patients.identity.models import Patient
from tests.factories.patients import make_patient
from tests.factories.payers import make_plan
from tests.factories.world import World

VIEWPORTS = ["desktop", "phone"]
Axe = Callable[..., None]
# The smallest whole PNG: one transparent point.
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture
def held(live_url: str, world: World) -> Patient:
    """Somebody who is on file already."""
    return make_patient(world, family_name="Quillfeather", given_name="Ann", birth_date=dt.date(1980, 2, 1))


def write_person(page: Page, family: str, given: str, born: str) -> None:
    page.get_by_label("Family name", exact=True).fill(family)
    page.get_by_label("Given name", exact=True).fill(given)
    page.get_by_label("Birth date", exact=True).fill(born)
    page.get_by_label("Phone", exact=False).first.fill("503 555 0123")


@pytest.mark.parametrize("viewport", VIEWPORTS)
def test_a_patient_is_registered_with_a_card_and_found(
    page_for: Any, axe: Axe, held: Patient, world: World, viewport: str
) -> None:
    make_plan()
    page: Page = page_for(Role.FRONT_DESK, viewport=viewport)
    page.goto(reverse("patients:list"))
    axe(page)
    page.get_by_role("link", name="Register a patient").first.click()
    write_person(page, "Quillfether", "Ann", "2/1/80")
    page.get_by_label("Sex on record").select_option("female")
    expect(page.get_by_text("This person may be on file already")).to_be_visible()
    expect(page.get_by_text("Name sounds alike, same birth date")).to_be_visible()
    axe(page)
    page.get_by_label("This is another person").check()
    page.get_by_label("Payer and plan").select_option(label="Cascade Health: Cascade PPO")
    page.get_by_label("Member id").fill("xyz 123")
    page.get_by_label("Card, front").set_input_files({"name": "front.png", "mimeType": "image/png", "buffer": PICTURE})
    page.get_by_label("Treatment").select_option("given")
    page.get_by_role("button", name="Register", exact=True).click()
    expect(page.get_by_role("heading", name="Quillfether, Ann")).to_be_visible()
    expect(page.get_by_text("XYZ123")).to_be_visible()
    axe(page)
    coverage = Coverage.objects.unscoped("test").get()
    assert coverage.front is not None

    page.goto(reverse("patients:list"))
    page.get_by_label("Name, birth date, record number or phone").press_sequentially("ann quillf")
    expect(page.get_by_role("link", name="Quillfether, Ann")).to_be_visible()
    expect(page.get_by_role("link", name="Quillfeather, Ann")).to_be_visible()
    assert "quill" not in page.url
    axe(page)
    page.get_by_role("link", name="Quillfether, Ann").click()
    page.get_by_role("link", name="Edit").click()
    page.get_by_label("City").fill("Salem")
    axe(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Details saved.")).to_be_visible()
    expect(page.get_by_text("Salem")).to_be_visible()


def test_a_child_needs_somebody_who_pays(page_for: Any, axe: Axe, held: Patient) -> None:
    page: Page = page_for(Role.FRONT_DESK)
    page.goto(reverse("patients:register"))
    write_person(page, "Small", "Tim", "1/1/2020")
    page.get_by_role("button", name="Register", exact=True).click()
    expect(page.get_by_text("A child does not pay").first).to_be_visible()
    page.get_by_label("Who pays?").select_option("parent")
    page.get_by_label("Family name of who pays").fill("Small")
    page.get_by_label("Given name of who pays").fill("Marta")
    axe(page)
    page.get_by_role("button", name="Register", exact=True).click()
    expect(page.get_by_text("Marta Small")).to_be_visible()


def test_everything_works_without_script(page_for: Any, held: Patient) -> None:
    page: Page = page_for(Role.FRONT_DESK, script=False)
    page.goto(reverse("patients:register"))
    write_person(page, "Quillfeather", "Ann", "02/01/1980")
    page.get_by_role("button", name="Register", exact=True).click()
    expect(page.get_by_text("Same name and birth date")).to_be_visible()
    assert page.get_by_label("Family name", exact=True).input_value() == "Quillfeather"
    page.get_by_role("link", name="Open this record").click()
    expect(page.get_by_role("heading", name="Quillfeather, Ann")).to_be_visible()
    page.goto(reverse("patients:list"))
    page.get_by_label("Name, birth date, record number or phone").fill("2/1/1980")
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_role("link", name="Quillfeather, Ann")).to_be_visible()


@pytest.mark.parametrize("viewport", VIEWPORTS)
def test_two_records_of_one_person_are_linked(
    page_for: Any, axe: Axe, held: Patient, world: World, viewport: str
) -> None:
    other = make_patient(world, family_name="Feather", given_name="Ann")
    page: Page = page_for(Role.PRACTICE_MANAGER, viewport=viewport)
    page.goto(reverse("patients:detail", args=[other.pk]))
    page.get_by_role("link", name="Link to another record of this person").click()
    page.get_by_label("Find the record that shall stand for both").fill("quillfeather")
    page.get_by_role("button", name="Find").click()
    axe(page)
    page.get_by_role("link", name="Quillfeather, Ann").click()
    axe(page)
    page.get_by_label("Why is this the same person?").fill("Same photo")
    page.get_by_role("button", name="Link the records").click()
    expect(page.get_by_role("heading", name="Quillfeather, Ann")).to_be_visible()
    expect(page.get_by_role("link", name=f"Record {other.mrn}")).to_be_visible()
