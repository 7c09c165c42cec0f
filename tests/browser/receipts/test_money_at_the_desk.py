"""Money at the desk in the browser: a drawer, the co-pay at check-in, the balance down to its records, zero."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from medguild.foundation.access.rules import Role
from medguild.foundation.standards.services import set_standard
from medguild.operations.visits.rules import VisitStatus
from medguild.revenue.receipts.models import Receipt
from tests.factories.receipts import Desk, make_desk
from tests.factories.visits import make_visit
from tests.factories.world import HOUSE, START, World

VIEWPORTS = ["desktop", "phone"]


def look(page: Page, name: str) -> None:
    """Keep a picture where somebody asks for it (`MEDGUILD_LOOK=folder`)."""
    folder = os.environ.get("MEDGUILD_LOOK")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.fixture
def desk(live_url: str, world: World) -> Desk:
    return make_desk(world, insured=True)


@pytest.mark.parametrize("viewport", VIEWPORTS)
def test_the_co_pay_is_taken_into_the_drawer(page_for: Any, axe: Any, desk: Desk, viewport: str) -> None:
    set_standard(key="checkin.copay", unit=desk.office.entity, value=2_500, start=START, by=HOUSE)
    visit = make_visit(desk.world, patient=desk.patient, to=VisitStatus.ARRIVED)
    page: Page = page_for(Role.FRONT_DESK, viewport=viewport)
    page.goto(reverse("receipts:my_drawer"))
    axe(page)
    page.get_by_label("Cash in the drawer now").fill("100")
    page.get_by_role("button", name="Open the drawer").click()
    expect(page.get_by_text("Your drawer is open.")).to_be_visible()
    page.goto(reverse("visits:check_in", args=[visit.pk]))
    step = page.get_by_role("region", name="Take the co-pay")
    step.get_by_role("button", name="Take $25.00").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Amount")).to_have_value("25.00")
    dialog.get_by_label("Cash").check()
    axe(page)
    look(page, f"check-in-{viewport}")
    dialog.get_by_role("button", name="Take the payment").click()
    expect(page.get_by_role("region", name="Take the co-pay")).to_contain_text("$25.00 taken")
    page.goto(reverse("receipts:my_drawer"))
    expect(page.get_by_text("$125.00")).to_be_visible()
    axe(page)
    look(page, f"drawer-{viewport}")
    page.get_by_label("Cash counted").fill("120")
    page.get_by_role("button", name="Close the drawer").click()
    expect(page.get_by_text("Count again, or write why they differ").first).to_be_visible()
    page.get_by_label("Why it differs").fill("Five dollars too little change")
    page.get_by_role("button", name="Close the drawer").click()
    expect(page.get_by_text("The drawer is closed.")).to_be_visible()
    manager: Page = page_for(Role.PRACTICE_MANAGER, viewport=viewport)
    manager.goto(reverse("receipts:day"))
    expect(manager.get_by_text("Differs")).to_be_visible()
    axe(manager)
    look(manager, f"day-{viewport}")


@pytest.mark.parametrize("viewport", VIEWPORTS)
def test_a_balance_opens_to_its_records_and_is_paid(page_for: Any, axe: Any, desk: Desk, viewport: str) -> None:
    (charge,) = desk.charge()
    desk.insurer_answers(charge, paid=9_500, share=3_000)
    biller: Page = page_for(Role.BILLER, viewport=viewport)
    biller.goto(reverse("statements:list"))
    axe(biller)
    look(biller, f"balances-{viewport}")
    biller.get_by_role("link", name=desk.account.number).click()
    axe(biller)
    look(biller, f"account-{viewport}")
    biller.get_by_role("button", name="Make a statement").click()
    expect(biller.get_by_text("is made.")).to_be_visible()
    biller.get_by_role("link", name="Return visit").first.click()
    expect(biller.get_by_text("What your insurance left for you to pay.")).to_be_visible()
    axe(biller)
    look(biller, f"service-{viewport}")
    biller.get_by_role("link", name=desk.account.number).click()
    biller.get_by_role("link", name="Take a payment").click()
    expect(biller.get_by_label("Amount")).to_have_value("30.00")
    biller.get_by_label("Paid by").select_option("card")
    axe(biller)
    look(biller, f"take-{viewport}")
    biller.get_by_role("button", name="Take the payment").click()
    expect(biller.get_by_text("Nothing is owed")).to_be_visible()
    axe(biller)
    look(biller, f"receipt-{viewport}")
    assert Receipt.objects.unscoped("test").get().amount == 3_000
    biller.goto(reverse("statements:account", args=[desk.account.pk]))
    expect(biller.get_by_text("Nothing is owed").first).to_be_visible()


def test_the_guarantor_reads_the_own_account(open_page: Any, axe: Any, desk: Desk) -> None:
    (charge,) = desk.charge()
    desk.insurer_answers(charge, paid=9_500, share=3_000)
    page: Page = open_page(desk.world.user(Role.PATIENT, patient_id=desk.patient.pk), viewport="phone")
    page.goto(reverse("statements:account", args=[desk.account.pk]))
    expect(page.get_by_text("$30.00").first).to_be_visible()
    expect(page.get_by_role("button", name="Make a statement")).to_have_count(0)
    axe(page)
    look(page, "guarantor-phone")
    page.get_by_role("link", name="Return visit").first.click()
    expect(page.get_by_text("In the books")).to_have_count(0)
