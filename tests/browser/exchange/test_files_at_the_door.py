"""Files in the browser: read on a page, money as a waterfall, answers to save, bad ones kept and decided about."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from medguild.foundation.access.rules import Role
from tests.factories.world import World
from tests.support_exchange import FOLDER

pytestmark = pytest.mark.skipif(not FOLDER.exists(), reason="the shared sample files are not here")
VIEWPORTS = ["desktop", "phone"]


def look(page: Page, name: str) -> None:
    """Keep a picture where somebody asks for it (`MEDGUILD_LOOK=folder`)."""
    folder = os.environ.get("MEDGUILD_LOOK")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def paths(*names: str) -> list[str]:
    return [str(FOLDER / name) for name in names]


@pytest.mark.parametrize("viewport", VIEWPORTS)
def test_files_are_read_and_bad_ones_kept(live_url: str, page_for: Any, axe: Any, world: World, viewport: str) -> None:
    page: Page = page_for(Role.BILLER, viewport=viewport)
    page.goto(reverse("edi:inspect"))
    axe(page)
    page.get_by_label("X12 files").set_input_files(
        paths("own_835_interest.835", "own_837p_multi_claims_dependents.837", "own_835_unbalanced_bpr.835")
    )
    page.get_by_role("button", name="Read", exact=True).click()
    first = page.get_by_role("region", name="own_835_interest.835")
    expect(first.get_by_text("Nothing is wrong with it")).to_be_visible()
    first.locator(".chart").scroll_into_view_if_needed()
    expect(first.locator('.chart[data-drawn="yes"] canvas')).to_be_visible()
    first.get_by_text("Show as table").click()
    expect(first.get_by_role("row", name="Payment 93.21")).to_be_visible()
    bad = page.get_by_role("region", name="own_835_unbalanced_bpr.835")
    expect(bad.get_by_text("Kept in quarantine")).to_be_visible()
    expect(bad.get_by_role("cell", name="835.total")).to_be_attached()
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    look(page, f"door-{viewport}")
    with page.expect_download() as saved:
        first.get_by_role("button", name="Download the answer").click()
    assert b"ST*999*" in Path(saved.value.path()).read_bytes()
    with page.expect_download() as saved:
        bad.get_by_role("button", name="Download the report").click()
    assert b'"balanced": false' in Path(saved.value.path()).read_bytes()
    first.get_by_text("Compare with a second file").click()
    first.get_by_label("Second file").set_input_files(paths("own_835_capitation.835"))
    first.get_by_role("button", name="Compare").click()
    expect(first.get_by_text("Only in the first").first).to_be_visible()
    axe(page)
    page.get_by_label("Claim number").fill("PCN1001")
    page.get_by_label("Claim number").press("Enter")
    expect(page.get_by_role("heading", name="What it says of claim PCN1001").first).to_be_visible()
    expect(first.get_by_text("No such claim")).to_be_visible()


@pytest.mark.parametrize("viewport", VIEWPORTS)
def test_a_kept_file_is_seen_and_discarded(live_url: str, page_for: Any, axe: Any, world: World, viewport: str) -> None:
    page: Page = page_for(Role.BILLER, viewport=viewport)
    page.goto(reverse("edi:quarantine"))
    expect(page.get_by_text("No bad files")).to_be_visible()
    axe(page)
    page.goto(reverse("edi:inspect"))
    page.get_by_label("X12 files").set_input_files(paths("own_835_truncated.835"))
    page.get_by_role("button", name="Read", exact=True).click()
    page.get_by_role("link", name="Decide about it").click()
    expect(page.get_by_role("heading", name="own_835_truncated.835")).to_be_visible()
    axe(page)
    look(page, f"kept-{viewport}")
    page.get_by_role("button", name="Look again").click()
    expect(page.get_by_text("File looked at again")).to_be_visible()
    page.get_by_label("Why is it discarded?").fill("The payer sent a whole one.")
    page.get_by_role("button", name="Discard").click()
    dialog = page.get_by_role("alertdialog")
    expect(dialog.get_by_text("It stays here as discarded")).to_be_visible()
    dialog.get_by_role("button", name="Discard").click()
    expect(page.get_by_text("The payer sent a whole one.")).to_be_visible()
    expect(page.get_by_role("button", name="Discard")).to_have_count(0)
    page.goto(reverse("edi:quarantine"))
    expect(page.get_by_text("own_835_truncated.835").first).to_be_visible()
    axe(page)
    look(page, f"quarantine-{viewport}")


def test_files_can_be_dropped(live_url: str, page_for: Any, world: World) -> None:
    page: Page = page_for(Role.BILLER)
    page.goto(reverse("edi:inspect"))
    content = (FOLDER / "own_999_partial.999").read_text()
    dropped = page.evaluate_handle(
        """(text) => {
            const data = new DataTransfer();
            data.items.add(new File([text], "own_999_partial.999"));
            return data;
        }""",
        content,
    )
    page.locator("[data-drop]").dispatch_event("drop", {"dataTransfer": dropped})
    expect(page.get_by_text("Group 17 was partly accepted.")).to_be_visible()


def test_it_is_read_without_script(live_url: str, page_for: Any, world: World) -> None:
    page: Page = page_for(Role.BILLER, script=False)
    page.goto(reverse("edi:inspect"))
    page.get_by_label("X12 files").set_input_files(paths("own_835_interest.835"))
    page.get_by_role("button", name="Read", exact=True).click()
    expect(page.get_by_text("Nothing is wrong with it")).to_be_visible()


def test_nothing_chosen_is_told(live_url: str, page_for: Any, axe: Any, world: World, watch: Any) -> None:
    watch.allowed.append("422")
    page: Page = page_for(Role.BILLER)
    page.goto(reverse("edi:inspect"))
    page.get_by_role("button", name="Read", exact=True).press("Enter")
    expect(page.get_by_text("Choose a file, or drop one here.").first).to_be_visible()
    axe(page)
