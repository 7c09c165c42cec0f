"""A booking is refused for a licence that has run out and offers another clinician; out of network warns and keeps
the answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from playwright.sync_api import Page, expect

from medguild.foundation.access.rules import Role
from medguild.foundation.organization.people import Clinician, Licence
from medguild.operations.scheduling.care.models import NetworkAnswer
from medguild.operations.scheduling.care.terms import set_visit_type_terms
from medguild.operations.scheduling.models import Appointment
from medguild.patients.coverage.models import Coverage
from medguild.payers.networks import services as networks
from medguild.payers.networks.rules import Standing
from tests.factories.payers import make_fees, make_network, make_plan
from tests.factories.scheduling import Schedule, schedule
from tests.factories.world import HOUSE, START, World

VIEWPORTS = ["desktop", "phone"]
Axe = Callable[..., None]


@pytest.fixture
def plan(live_url: str, world: World) -> Schedule:
    made = schedule(world)
    _ = made.session, made.patient
    return made


@pytest.fixture
def colleague(plan: Schedule, world: World) -> Clinician:
    other = world.clinician(plan.site.unit)
    plan.add(other)
    return other


def search(plan: Schedule, **more: object) -> str:
    given = {"visit_type": plan.kind.pk, "start": plan.monday, "days": 7, "patient": plan.patient.pk} | more
    return f"{reverse('scheduling:find')}?" + "&".join(f"{name}={value}" for name, value in given.items())


@pytest.mark.parametrize("viewport", VIEWPORTS)
def test_a_booking_is_refused_for_an_expired_licence_and_offers_another_clinician(
    page_for: Any, axe: Axe, plan: Schedule, colleague: Clinician, viewport: str
) -> None:
    page: Page = page_for(Role.SCHEDULER, viewport=viewport)
    page.goto(search(plan, clinician=plan.clinician.pk, site=plan.site.unit_id))
    expect(page.get_by_role("button", name="9:00 AM").first).to_be_visible()
    # The licence turns out to end before the visit while the page with its times is open.
    Licence.objects.filter(clinician=plan.clinician).update(period=DateRange(START, plan.monday))
    page.get_by_role("button", name="9:00 AM").first.click()
    expect(page.get_by_text("is not offered").first).to_be_visible()
    expect(page.get_by_text("has run out").first).to_be_visible()
    others = page.get_by_role("region", name="Others who may see the patient")
    expect(others.get_by_text(colleague.label())).to_be_visible()
    axe(page)
    others.get_by_role("button", name="9:00 AM").click()
    page.get_by_role("button", name="Book it").click()
    expect(page.get_by_role("heading", name="What happened")).to_be_visible()
    booked = Appointment.objects.unscoped("test").get(patient=plan.patient)
    assert booked.clinician_id == colleague.pk


@pytest.mark.parametrize("viewport", VIEWPORTS)
def test_out_of_network_warns_and_stores_the_answer(page_for: Any, axe: Axe, plan: Schedule, viewport: str) -> None:
    held = make_plan()
    network = make_network(held, entity=plan.office.entity)
    networks.list_clinician(
        network=network, entity=plan.office.entity, clinician=plan.clinician, standing=Standing.OUT, start=START,
        by=HOUSE,
    )  # fmt: skip
    Coverage.objects.create(
        patient=plan.patient, payer=held.payer, plan=held, rank="primary", member_id="M1", relation="self",
        period=DateRange(START, None),
    )  # fmt: skip
    set_visit_type_terms(visit_type=plan.kind, privilege=None, service_code="99213", by=HOUSE)
    make_fees(plan.office.entity, c99213=15_000)
    page: Page = page_for(Role.SCHEDULER, viewport=viewport)
    page.goto(search(plan))
    expect(page.get_by_text("Out of network").first).to_be_visible()
    page.get_by_role("button", name="9:00 AM").first.click()
    expect(page.get_by_text("Our list price for this visit is $150.00").first).to_be_visible()
    page.get_by_role("button", name="Book it").click()
    assert not Appointment.objects.unscoped("test").filter(patient=plan.patient).exists()
    axe(page)
    page.get_by_label("Comes all the same and pays what the plan does not").check()
    page.get_by_label("How was the patient told?").select_option(label="On the telephone")
    page.get_by_role("button", name="Book it").click()
    expect(page.get_by_text("List price told")).to_be_visible()
    axe(page)
    kept = NetworkAnswer.objects.unscoped("test").get()
    assert (kept.answer, kept.channel, kept.price) == ("self_pay", "phone", 15_000)
    assert "$150.00" in kept.words
