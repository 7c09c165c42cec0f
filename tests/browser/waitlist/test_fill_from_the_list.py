"""A cancellation fills from the waiting list by a patient's yes on the page behind the link, on a telephone."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from medguild.experience.outreach.offering import send_offers
from medguild.experience.outreach.sinks import outbox
from medguild.experience.outreach.terms import set_terms
from medguild.foundation.access.rules import Role
from medguild.foundation.events.dispatch import dispatch_pending
from medguild.foundation.kernel.clock import today
from medguild.operations.scheduling.care.models import NetworkAnswer
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.outcomes import cancel_appointment
from medguild.operations.scheduling.rules import CancelReason
from medguild.operations.waitlist.models import SlotOffer
from medguild.patients.identity.models import Patient
from tests.factories.scheduling import Schedule, schedule
from tests.factories.waitlist import out_of_network, wait_for
from tests.factories.world import HOUSE, World

OpenPage = Callable[..., Page]


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> None:
    settings.OUTBOX = tmp_path


def waiting(plan: Schedule, name: str, phone: str) -> Patient:
    patient = plan.another()
    patient.given_name, patient.phone = name, phone
    patient.save(update_fields=["given_name", "phone"])
    wait_for(plan, patient)
    return patient


def links() -> dict[str, str]:
    """The path of each message's link, by the number that it went to: what a telephone would open."""
    lines = [json.loads(line) for line in outbox().read_text("utf-8").splitlines()]
    found = {line["to"]: re.search(r"/waitlist/o/[^\s]+", line["words"]) for line in lines}
    return {to: match[0] for to, match in found.items() if match}


def test_the_first_yes_by_link_takes_the_cancelled_time(
    open_page: OpenPage, page_for: OpenPage, world: World, axe: Callable[..., None]
) -> None:
    plan = schedule(world)
    visit = plan.book(9)
    waiting(plan, "Ada", "+15035550142")
    out_of_network(plan, waiting(plan, "Bea", "+15035550143"))

    desk = page_for(Role.SCHEDULER)
    desk.goto(f"/schedule/appointments/{visit.pk}/")
    desk.get_by_role("button", name="Cancel visit").first.click()
    desk.get_by_role("button", name="Cancel the visit").click()
    expect(desk.get_by_text("Cancelled", exact=True).first).to_be_visible()
    dispatch_pending()
    dispatch_pending()
    # At night the words wait for the morning; the test does not.
    offers = list(SlotOffer.objects.unscoped("test").order_by("pk"))
    send_offers(at=max(offer.sends_at for offer in offers))
    assert len(links()) == 2

    first = open_page(viewport="phone")
    first.goto(links()["+15035550143"])
    expect(first.get_by_role("button", name="Yes, I take it")).to_be_visible()
    expect(first.get_by_text("is not in the network of your plan")).to_contain_text("$150.00")
    axe(first)
    width = first.evaluate("document.documentElement.scrollWidth")
    assert width <= 390, "nothing sticks out on a telephone"
    first.get_by_role("button", name="Yes, I take it").click()
    expect(first.get_by_text("This time is yours.")).to_be_visible()
    axe(first)

    second = open_page(viewport="phone")
    second.goto(links()["+15035550142"])
    expect(second.get_by_text("no longer open")).to_be_visible()
    expect(second.get_by_role("button", name="Yes, I take it")).to_have_count(0)

    booked = Appointment.objects.unscoped("test").get(status="booked")
    assert (booked.start, booked.patient.given_name) == (visit.start, "Bea")
    answer = NetworkAnswer.objects.unscoped("test").get(appointment=booked)
    assert (answer.answer, answer.channel, answer.price) == ("self_pay", "link", 15_000)
    desk.goto("/waitlist/?status=booked")
    expect(desk.get_by_role("link", name=re.compile("Bea"))).to_be_visible()


@pytest.mark.parametrize("viewport", ["desktop", "phone"])
def test_pages_of_reaching_people_have_nothing_for_axe(
    page_for: OpenPage, world: World, axe: Callable[..., None], viewport: str
) -> None:
    plan = schedule(world)
    _ = plan.session
    waiting(plan, "Ada", "+15035550142")
    cancel_appointment(appointment=plan.book(9), reason=CancelReason.PATIENT_REQUEST, by=HOUSE)
    set_terms(visit_type=plan.kind, first_hours=96, last_hours=24, start=today(), by=HOUSE)
    page = page_for(Role.PRACTICE_MANAGER, viewport=viewport)
    for path in (
        "/recalls/", "/recalls/rules/", "/recalls/import/", f"/recalls/add/{plan.patient.pk}/", "/promises/",
        "/promises/responses/", "/promises/messages/", "/promises/messages/new/", f"/promises/add/{plan.patient.pk}/",
        "/calls/call-backs/", "/calls/waits/", f"/visits/queue/{plan.site.unit_id}/", "/waitlist/",
        "/waitlist/free/", "/messages/kinds/",
    ):  # fmt: skip
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        axe(page)
