"""My work in a real browser: taking, finishing, undoing; no accessibility faults on screen or phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from medguild.foundation.access.rules import Role
from medguild.foundation.work.acts import take
from medguild.foundation.work.handovers import hand_over
from medguild.foundation.work.models import WorkItem
from tests.factories.work import duty, item
from tests.factories.world import World

OpenPage = Callable[..., Page]


@pytest.mark.parametrize("viewport", ["desktop", "phone"])
def test_take_finish_and_undo(page_for: OpenPage, world: World, axe: Callable[..., None], viewport: str) -> None:
    duty(world)
    opened = item(world, category="controlled", summary="Asks for the blue ones")
    page = page_for(Role.NURSE, viewport=viewport)
    page.goto("/work/")
    expect(page.get_by_role("heading", name="Work", exact=True)).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Take: Refill request").click()
    expect(page.get_by_role("button", name="Done: Refill request")).to_be_visible()
    page.get_by_role("button", name="Done: Refill request").click()
    expect(page.get_by_text("No work waits for you")).to_be_visible()
    assert WorkItem.objects.unscoped("test").get(pk=opened.pk).status == "done"
    page.get_by_role("button", name="Undo").last.click()
    page.goto(f"/work/{opened.pk}/")
    expect(page.get_by_text("Asks for the blue ones")).to_be_visible()
    assert WorkItem.objects.unscoped("test").get(pk=opened.pk).status == "accepted"
    axe(page)


def test_hand_over_map_and_hand_offs(page_for: OpenPage, world: World, axe: Callable[..., None]) -> None:
    duty(world)
    nurse, desk = world.actor(Role.NURSE), world.user(Role.FRONT_DESK)
    first = take(item_id=item(world).pk, by=nurse)
    second = take(item_id=item(world).pk, by=nurse)
    hand_over(item_id=second.pk, content="Call back", by=nurse, to_user=desk)
    page = page_for(Role.NURSE)
    page.goto(f"/work/{first.pk}/")
    page.get_by_role("button", name="Hand over").click()
    dialog: Any = page.get_by_role("dialog")
    dialog.get_by_label("What they need to know").fill("They call at three")
    axe(page)
    dialog.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Choose a person or a role.").first).to_be_visible()
    page.get_by_role("dialog").get_by_label("or to a role").select_option("front_desk")
    page.get_by_role("dialog").get_by_role("button", name="Send").click()
    expect(page.get_by_text("Waits for an answer")).to_be_visible()
    for role, path, words in (
        (Role.FRONT_DESK, "/work/handoffs/", "They call at three"),
        (Role.PRACTICE_MANAGER, "/work/owners/", "No owner"),
        (Role.PRACTICE_MANAGER, "/standards/map/", "Variation map"),
        (Role.PRACTICE_MANAGER, "/standards/of/work.handoff_due/", "What is allowed"),
        (Role.PRACTICE_MANAGER, "/registers/technology/add/", "What metrics matter?"),
    ):
        other = page_for(role)
        other.goto(path)
        expect(other.get_by_text(words).first).to_be_visible()
        axe(other)
