"""A name is sought in a list of patients: found while typing, kept when sorted and reloaded, never in the address."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from playwright.sync_api import expect

from medguild.foundation.access.rules import Role
from medguild.foundation.kernel.clock import now
from tests.factories.patients import make_patient
from tests.factories.visits import make_visit

MARKED = re.compile(r"/visits/\?(.*&)?q=(~|%7E)\w+")


def test_a_name_stays_out_of_the_address(page_for: Any, world: Any, axe: Any) -> None:
    for days, family in enumerate(("Larkwing", "Otherby"), start=1):
        make_visit(world, patient=make_patient(world, family_name=family), at=now() - dt.timedelta(days=days))
    asked: list[str] = []
    page = page_for(Role.PRACTICE_MANAGER)
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/visits/")
    rows, field = page.locator("#table-visits tbody tr"), page.locator("#table-visits input[type=search]")
    expect(rows).to_have_count(2)
    field.press_sequentially("larkw")
    expect(rows).to_have_count(1)
    expect(page).to_have_url(MARKED)
    expect(field).to_be_focused()
    axe(page)
    page.locator("#table-visits .sort-link").first.click()
    expect(page).to_have_url(re.compile("sort="))
    page.reload()
    expect(field).to_have_value("larkw")
    expect(rows).to_have_count(1)
    assert not [url for url in asked if "lark" in url.lower()]
    page.get_by_role("link", name="Clear").click()
    expect(rows).to_have_count(2)
    expect(field).to_have_value("")


def test_without_script_too(page_for: Any, world: Any) -> None:
    make_visit(world, patient=make_patient(world, family_name="Larkwing"))
    page = page_for(Role.PRACTICE_MANAGER, script=False)
    page.goto("/visits/")
    page.fill("#table-visits input[type=search]", "nobody")
    page.locator("#table-visits .filter-go").click()
    expect(page).to_have_url(MARKED)
    expect(page.locator("#table-visits")).to_contain_text("Nothing matches the filter")
