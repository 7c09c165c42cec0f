"""Calls and complaints in a real browser, on screen and phone: nothing for axe to find, numbers open their rows."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from medguild.foundation.access.rules import Role
from tests.factories.calls import make_call
from tests.factories.feedback import make_complaint
from tests.factories.patients import make_patient
from tests.factories.visits import make_walk_in
from tests.factories.world import World

OpenPage = Callable[..., Page]


@pytest.mark.parametrize("viewport", ["desktop", "phone"])
def test_numbers_of_calls_open_their_rows(
    page_for: OpenPage, world: World, axe: Callable[..., None], viewport: str
) -> None:
    for ago, wait, talk in ((50, 10, 120), (40, 50, 120), (30, 60, None)):
        make_call(world, ago=ago, wait=wait, talk=talk, phone="+15035550123")
    page = page_for(Role.PRACTICE_MANAGER, viewport=viewport)
    page.goto("/calls/")
    expect(page.get_by_role("heading", name="Calls", exact=True)).to_be_visible()
    axe(page)
    page.get_by_role("link", name="33.3 %").first.click()
    expect(page.get_by_role("heading", name="List of calls")).to_be_visible()
    expect(page.get_by_text("(503) 555-0123")).to_have_count(1)
    axe(page)
    page.goto("/calls/import/")
    axe(page)
    page.goto("/calls/new/")
    axe(page)


@pytest.mark.parametrize("viewport", ["desktop", "phone"])
def test_a_complaint_is_written_down_and_resolved(
    page_for: OpenPage, world: World, axe: Callable[..., None], viewport: str
) -> None:
    make_walk_in(world, patient=make_patient(world))
    make_complaint(world)
    page = page_for(Role.PRACTICE_MANAGER, viewport=viewport)
    page.goto("/complaints/")
    axe(page)
    page.get_by_role("link", name="Write down a complaint").first.click()
    page.get_by_label("What they said").fill("Nobody picks up.")
    axe(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Nobody picks up.")).to_be_visible()
    axe(page)
    page.get_by_label("What was done").fill("Two more lines.")
    page.get_by_role("button", name="Resolve").click()
    expect(page.get_by_text("Two more lines.")).to_be_visible()
