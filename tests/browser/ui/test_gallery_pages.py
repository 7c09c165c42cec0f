"""The gallery in the browser: axe in both themes and sizes, and each moving part."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from medguild.foundation.access.rules import Role

GALLERY = "/ui/gallery/"


def _open(page_for: Any, **options: Any) -> Page:
    page: Page = page_for(Role.FRONT_DESK, **options)
    page.goto(GALLERY)
    return page


def _draw_charts(page: Page) -> None:
    for figure in page.locator(".chart").all():
        figure.scroll_into_view_if_needed()
    expect(page.locator(".chart:not([data-drawn])")).to_have_count(0)
    page.evaluate("window.scrollTo(0, 0)")


@pytest.mark.parametrize("viewport", ["desktop", "phone"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_serious_violation(page_for: Any, axe: Any, viewport: str, theme: str) -> None:
    page = _open(page_for, viewport=viewport, theme=theme)
    _draw_charts(page)
    folder = os.environ.get("MEDGUILD_SHOTS")
    if folder:
        page.screenshot(path=Path(folder) / f"gallery-{viewport}-{theme}.png", full_page=True)
    axe(page)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, "the page scrolls sideways"


def test_palette_finds_pages_and_goes_there(page_for: Any, axe: Any) -> None:
    page = _open(page_for)
    page.keyboard.press("Control+k")
    box = page.get_by_role("combobox", name="Search and go to")
    expect(box).to_be_focused()
    box.press_sequentially("gall")
    option = page.get_by_role("option", name=re.compile("Gallery of components"))
    expect(option).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", re.compile("option-"))
    axe(page, "#palette")
    box.press("Enter")
    page.wait_for_url(f"**{GALLERY}")


def test_palette_opens_with_slash_and_closes_with_escape(page_for: Any) -> None:
    page = _open(page_for)
    page.locator("body").press("/")
    expect(page.locator("#palette")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()
    page.locator("body").press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()


def test_table_sorts_in_place_and_keeps_it_in_the_address(page_for: Any) -> None:
    page = _open(page_for)
    table = page.locator("#table-sample")
    first = table.locator("tbody tr").first
    before = first.inner_text()
    table.get_by_role("link", name="Record type", exact=True).click()
    expect(table.locator("th[aria-sort=descending]")).to_be_visible()
    expect(first).not_to_have_text(before)
    expect(page).to_have_url(re.compile(r"sort=-model"))
    table.get_by_role("link", name="Page 2").click()
    expect(table.locator("[aria-current=page]")).to_have_text("2")
    page.go_back()
    expect(table.locator("[aria-current=page]")).to_have_text("1")


def test_table_filters_while_typing_and_says_when_nothing_is_left(page_for: Any) -> None:
    page = _open(page_for)
    table = page.locator("#table-sample")
    search = table.get_by_label("Search")
    search.press_sequentially("circlem")
    expect(table.locator("tbody tr")).to_have_count(1)
    expect(search).to_be_focused()
    expect(search).to_have_value("circlem")
    search.fill("nothing like this")
    expect(table.get_by_text("Nothing matches the filter")).to_be_visible()
    table.get_by_role("link", name="Clear the filters").click()
    expect(page.locator("#table-sample tbody tr")).to_have_count(10)


def test_table_exports_the_filtered_rows(page_for: Any) -> None:
    page = _open(page_for)
    page.goto(f"{GALLERY}?q=circlemember&sort=-model")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    text = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert text[0] == "Record type,Wing,Number,Amount,State"
    assert text[1].startswith("circlemember,foundation,")


def test_bulk_act_asks_and_tells(page_for: Any) -> None:
    page = _open(page_for)
    expect(page.locator(".bulk-bar")).to_be_hidden()
    rows = page.locator(".row-check")
    rows.nth(0).check()
    rows.nth(3).click(modifiers=["Shift"])
    expect(page.get_by_text("4 selected")).to_be_visible()
    page.get_by_role("button", name="Forget them").click()
    question = page.get_by_role("alertdialog")
    expect(question).to_contain_text("Forget these rows?")
    question.get_by_role("button", name="Keep as it is").click()
    expect(question).to_be_hidden()
    page.get_by_role("button", name="Forget them").click()
    question.get_by_role("button", name="Forget them").click()
    expect(page.get_by_text("4 rows were chosen.")).to_be_visible()


def test_confirm_names_the_loss_before_an_htmx_act(page_for: Any, axe: Any) -> None:
    page = _open(page_for)
    page.get_by_role("button", name="Void the receipt").click()
    question = page.get_by_role("alertdialog", name="Void this receipt?")
    expect(question.get_by_role("button", name="Keep as it is")).to_be_focused()
    axe(page, "#confirm")
    page.keyboard.press("Escape")
    expect(page.locator(".toast-item")).to_have_count(0)
    page.get_by_role("button", name="Void the receipt").click()
    question.get_by_role("button", name="Void the receipt").click()
    expect(page.locator(".toast-item")).to_contain_text("Saved.")


def test_toast_offers_undo_and_goes_away_when_dismissed(page_for: Any, axe: Any) -> None:
    page = _open(page_for)
    page.get_by_role("button", name="Refusal").click()
    toast = page.locator(".toast-item.tone-bad")
    expect(toast.get_by_role("button", name="Undo")).to_be_visible()
    axe(page, "#toasts")
    toast.get_by_role("button", name="Dismiss").click()
    expect(toast).to_have_count(0)


def test_refusal_of_a_service_is_told_and_changes_nothing(page_for: Any) -> None:
    page = _open(page_for)
    page.get_by_role("button", name="Conflict").click()
    expect(page.locator(".toast-item.tone-bad")).to_have_text(re.compile("Somebody else was first."))
    expect(page.get_by_role("heading", level=1)).to_have_text("Gallery of components")


def test_board_moves_a_card_without_loading_the_page(page_for: Any) -> None:
    page = _open(page_for)
    page.evaluate("window.stays = true")
    card = page.locator("#board-sample-a")
    expect(page.locator("[aria-label=Arrived] .board-card")).to_have_count(2)
    card.get_by_role("button", name="Move on").click()
    expect(page.locator("[aria-label=Roomed] #board-sample-a")).to_be_visible()
    assert page.evaluate("window.stays") is True


def test_form_keeps_what_was_typed_and_leads_to_the_error(page_for: Any, axe: Any) -> None:
    page = _open(page_for)
    page.get_by_label("Name").fill("Ana")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Please check 4 things")
    expect(page.get_by_label("Name")).to_have_value("Ana")
    expect(page.get_by_label("Born")).to_be_focused()
    axe(page, "#forms")


def test_language_switch_speaks_spanish_and_back(page_for: Any) -> None:
    page = _open(page_for)
    page.get_by_role("button", name="Español").click()
    expect(page.locator("html")).to_have_attribute("lang", "es")
    expect(page.get_by_role("heading", level=1)).to_have_text("Galería de componentes")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Gallery of components")


def test_theme_switch_is_remembered(page_for: Any) -> None:
    page = _open(page_for)
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "light")
    page.get_by_role("button", name="Light or dark").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_navigation_is_a_drawer_on_the_phone(page_for: Any, axe: Any) -> None:
    page = _open(page_for, viewport="phone")
    expect(page.get_by_role("navigation", name="Main")).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()
    axe(page, "#nav")
    page.keyboard.press("Escape")
    expect(page.get_by_role("navigation", name="Main")).to_be_hidden()


def test_everything_works_without_script(page_for: Any) -> None:
    page = _open(page_for, script=False)
    page.get_by_label("Search", exact=True).fill("circlemember")
    page.get_by_role("button", name="Filter").click()
    expect(page.locator("#table-sample tbody tr")).to_have_count(1)
    page.get_by_role("button", name="Done").click()
    expect(page.locator(".toast-item")).to_contain_text("Saved.")
    page.locator("#board-sample-a").get_by_role("button", name="Move on").click()
    expect(page.locator("[aria-label=Roomed] #board-sample-a")).to_be_visible()
    page.get_by_role("link", name="Search people").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Search and go to")


def test_sign_in_page(open_page: Any, axe: Any, world: Any) -> None:
    user = world.user(Role.FRONT_DESK)
    user.set_password("correct horse battery")
    user.save()
    page = open_page()
    page.goto(f"/accounts/login/?next={GALLERY}")
    axe(page)
    page.get_by_label("Email").fill(user.email)
    page.get_by_label("Password").fill("wrong horse battery")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Please check one thing")
    expect(page.get_by_label("Email")).to_have_value(user.email)
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"**{GALLERY}")
    page.goto("/accounts/2fa/")
    axe(page)


def test_a_page_that_does_not_exist_says_what_to_do(page_for: Any, axe: Any, watch: Any) -> None:
    watch.allowed.append("404")
    page = page_for(Role.FRONT_DESK)
    page.goto("/no/such/page/")
    expect(page.get_by_role("heading", level=1)).to_have_text("There is no such page")
    axe(page)
