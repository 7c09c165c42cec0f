"""On a telephone a patient books a free time, moves it, waits for another, and says how to be written to."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from medguild.foundation.access.rules import Role
from medguild.operations.scheduling.models import Appointment
from medguild.operations.waitlist.models import WaitlistEntry
from medguild.patients.preferences.rules import Channel
from medguild.patients.preferences.selectors import reach_of
from tests.factories.scheduling import Schedule, schedule
from tests.factories.world import World

OpenPage = Callable[..., Page]


@pytest.fixture
def plan(world: World, live_url: str) -> Schedule:
    made = schedule(world)
    _ = made.session
    return made


def test_a_patient_books_moves_and_waits(
    open_page: OpenPage, world: World, plan: Schedule, axe: Callable[..., None]
) -> None:
    page = open_page(world.user(Role.PATIENT, patient_id=plan.patient.pk), viewport="phone")
    record = f"/my/{plan.patient.pk}/"

    def narrow_and_clean() -> None:
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, "nothing sticks out on a telephone"

    page.goto(record)
    page.get_by_role("link", name="Book a visit").click()
    narrow_and_clean()
    page.get_by_role("link", name="9:20 AM").last.click()  # a week ahead: not too late to be moved
    narrow_and_clean()
    page.get_by_role("button", name="Yes, book it").click()
    expect(page.get_by_text("We look forward to seeing you.")).to_be_visible()
    expect(page.get_by_text("9:20 AM")).to_be_visible()

    page.get_by_role("link", name="Move", exact=True).click()
    expect(page.get_by_text("It is kept until you have chosen another time.")).to_be_visible()
    page.get_by_role("link", name="10:40 AM").last.click()
    page.get_by_role("button", name="Move it to this time").click()
    expect(page.get_by_text("The new time is yours.")).to_be_visible()
    expect(page.get_by_text("10:40 AM")).to_be_visible()
    narrow_and_clean()

    page.get_by_role("button", name="Earlier, if a time comes free").click()
    expect(page.get_by_text("You are next.")).to_be_visible()
    narrow_and_clean()
    page.get_by_role("link", name="Change days and times").click()
    page.get_by_label("Monday").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("You keep your place on the list.")).to_be_visible()

    page.goto(f"{record}messages/")
    narrow_and_clean()
    page.get_by_label("Messages by").select_option("email")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Recorded.")).to_be_visible()

    assert Appointment.objects.unscoped("test").get().origin == "portal"
    assert WaitlistEntry.objects.unscoped("test").get().weekdays == [0]
    assert reach_of(plan.patient.pk).channels == (Channel.EMAIL,)
