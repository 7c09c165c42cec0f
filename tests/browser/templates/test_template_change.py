"""A manager edits a template, looks at the preview, and moves the patients that it affects."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from medguild.foundation.access.rules import Role
from medguild.operations.templates.models import MovePlan
from medguild.operations.templates.moving import carry_out
from tests.factories.scheduling import Schedule, schedule, wall
from tests.factories.templates import fresh
from tests.factories.world import World

Axe = Callable[..., None]


@pytest.fixture
def plan(live_url: str, world: World) -> Schedule:
    made = schedule(world)
    _ = made.session
    return made


@pytest.mark.parametrize("viewport", ["desktop", "phone"])
def test_a_manager_changes_a_template_and_moves_its_patients(
    viewport: str, plan: Schedule, page_for: Callable[..., Any], axe: Axe
) -> None:
    moved, picked = plan.book(11), plan.book(11, 20, patient=plan.another())
    page = page_for(Role.PRACTICE_MANAGER, viewport=viewport)
    page.goto(reverse("templates:list"))
    axe(page, within="#main")
    page.get_by_role("link", name=plan.clinician.label()).first.click()
    page.get_by_role("link", name="Plan a new version").click()
    page.get_by_label("Holds from").fill(plan.monday.isoformat())
    page.get_by_label("Name").fill("Short Mondays")
    page.get_by_role("button", name="Begin the draft").click()

    block = page.get_by_role("group", name=re.compile("Monday"))
    block.get_by_label("Ends").first.fill("11:00")
    block.get_by_text("Held parts").click()
    block.get_by_label("Held from").first.fill("10:00")
    block.get_by_label("Held until").first.fill("11:00")
    axe(page, within="#main")
    page.get_by_role("button", name="Save and look at the preview").click()

    expect(page.get_by_text("2 visits must move.")).to_be_visible()
    expect(page.get_by_text("Same clinician, same site").first).to_be_visible()
    axe(page, within="#main")
    page.get_by_role("link", name="Pick another time").nth(1).click()
    axe(page, within="#main")
    page.get_by_role("button", name=re.compile("^9:20")).first.click()
    expect(page.get_by_role("cell", name=re.compile("Move to another time"))).to_be_visible()
    page.get_by_role("button", name="Accept all proposals").click()
    expect(page.get_by_text("Chosen for 1 visit.")).to_be_visible()
    page.get_by_role("button", name="Apply this version").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Apply this version").click()

    expect(page.get_by_text("Applied.")).to_be_visible()
    carry_out(plan_id=MovePlan.objects.unscoped("test").get().pk)  # the worker's part
    page.reload()
    expect(page.get_by_text("All settled")).to_be_visible()
    axe(page, within="#main")
    assert fresh(picked).start == wall(plan.monday, 9, 20)
    assert fresh(moved).start < wall(plan.monday, 10)


def test_a_manager_closes_the_site_on_a_holiday(plan: Schedule, page_for: Callable[..., Any], axe: Axe) -> None:
    page = page_for(Role.PRACTICE_MANAGER, viewport="phone")
    page.goto(reverse("templates:holidays", args=[plan.site.unit_id]))
    page.get_by_role("link", name=re.compile(r"^20\d\d$")).nth(1).click()
    page.get_by_label(re.compile("^Jan 1, ")).check()
    axe(page, within="#main")
    page.get_by_role("button", name="Save the closed days").click()
    expect(page.get_by_text("Closed on 1 day.")).to_be_visible()
    expect(page.get_by_label(re.compile("^Jan 1, "))).to_be_checked()
