"""A session that ends by idleness: said in time, put off, and what was typed is back after signing in again."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from medguild.foundation.access.models import User
from medguild.foundation.access.rules import IDLE_LIMIT, Role
from medguild.foundation.kernel.clock import now

PASSWORD = "a long secret for tests 5"  # noqa: S105
FORM = "/access/users/invite/"
NAME, WARNING = "input[name=display_name]", "[data-session-ends]"
NEARLY = IDLE_LIMIT - dt.timedelta(seconds=70)


@pytest.fixture
def clerk(world: Any) -> User:
    user: User = world.user(Role.ADMINISTRATOR)
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture(autouse=True)
def _no_second_factor(settings: Any) -> None:
    settings.FORCE_SECOND_FACTOR = False


def _idle_for(page: Page, time: dt.timedelta) -> None:
    """As if nothing had been done for so long, on the server and for the page."""
    key = next(one["value"] for one in page.context.cookies() if one["name"] == "sessionid")
    held = Session.objects.get(session_key=key)
    store = held.get_session_store_class()(session_key=key)
    store["seen"] = (now() - time).isoformat()
    store.save()
    page.clock.fast_forward(int(time.total_seconds() * 1000))


def _open(page: Page, path: str = FORM) -> Page:
    page.clock.install()
    page.goto(path)
    return page


def _type(page: Page) -> None:
    """The key of what is typed comes with the first letter."""
    with page.expect_response("**/access/me/session/"):
        page.fill(NAME, "Robin Alvarez")
    page.fill("input[name=email]", "robin@larkspur.example")


def _sign_in(page: Page, user: User) -> None:
    page.fill("input[name=login]", user.email)
    page.fill("input[name=password]", PASSWORD)
    page.click("form:has(input[name=login]) button[type=submit]")


def test_the_end_is_said_and_put_off(open_page: Any, clerk: User, axe: Any) -> None:
    page = _open(open_page(clerk))
    page.focus(NAME)
    _idle_for(page, NEARLY)
    warning = page.locator(WARNING)
    expect(warning).to_contain_text("You will be signed out at")
    expect(warning).to_have_attribute("role", "status")
    expect(page.locator(NAME)).to_be_focused()
    axe(page)
    with page.expect_response("**/access/me/session/"):
        warning.get_by_role("button", name="Stay signed in").click()
    expect(warning).to_have_count(0)
    assert page.request.get("/access/me/session/").json()["left"] > IDLE_LIMIT.total_seconds() - 60


def test_what_was_typed_is_back_after_signing_in(open_page: Any, clerk: User, watch: Any) -> None:
    watch.allowed.append("status of 401")
    page = _open(open_page(clerk))
    _type(page)
    _idle_for(page, IDLE_LIMIT + dt.timedelta(minutes=1))
    page.wait_for_url("**/accounts/login/?ended=1*")
    expect(page.locator("main")).to_contain_text("You were signed out because nothing was done")
    kept = page.evaluate("sessionStorage.getItem('medguild.typed')")
    assert kept, "kept in this tab"
    assert "Robin" not in kept, "but not readable"
    _sign_in(page, clerk)
    page.wait_for_url(f"**{FORM}")
    expect(page.locator(NAME)).to_have_value("Robin Alvarez")
    expect(page.locator("input[name=email]")).to_have_value("robin@larkspur.example")
    expect(page.locator("#toasts")).to_contain_text("What you typed before you were signed out is here again")
    assert page.evaluate("sessionStorage.getItem('medguild.typed')") is None, "used once"


def test_another_user_finds_nothing(open_page: Any, clerk: User, world: Any, watch: Any) -> None:
    watch.allowed.append("status of 401")
    other = world.user(Role.ADMINISTRATOR, unit=world.second.entity)
    other.set_password(PASSWORD)
    other.save()
    page = _open(open_page(clerk))
    _type(page)
    _idle_for(page, IDLE_LIMIT + dt.timedelta(minutes=1))
    page.wait_for_url("**/accounts/login/?ended=1*")
    _sign_in(page, other)
    page.wait_for_url(f"**{FORM}")
    expect(page.locator(NAME)).to_have_value("")
    assert page.evaluate("sessionStorage.getItem('medguild.typed')") is None


def test_tabs_agree(open_page: Any, clerk: User, watch: Any) -> None:
    watch.allowed.append("status of 401")
    first = _open(open_page(clerk))
    second = _open(first.context.new_page())
    _idle_for(first, NEARLY)
    second.clock.fast_forward(int(NEARLY.total_seconds() * 1000))
    expect(first.locator(WARNING)).to_have_count(1)
    expect(second.locator(WARNING)).to_have_count(1)
    second.get_by_role("button", name="Stay signed in").click()
    expect(first.locator(WARNING)).to_have_count(0)
    first.locator("[popovertarget=who]").click()
    first.get_by_role("button", name="Sign out").click()
    second.wait_for_url("**/accounts/login/**")


def test_a_form_sent_too_late_leads_back_to_its_page(open_page: Any, clerk: User) -> None:
    """Without script: the sign-in page leads back to the form and not to the start."""
    page = open_page(clerk, script=False)
    page.goto(FORM)
    Session.objects.all().delete()
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(f"**/accounts/login/?next={FORM}")
