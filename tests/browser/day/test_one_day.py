"""One day of one patient, from registration to a balance of zero, through the pages that people use.

Nothing is prepared but the house: books, fees, a contract, a clinician's sessions, codes. The payer answers the file
that was really sent, and the worker's part (the delivery of events) is done where the worker would do it.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, Page, expect

from medguild.demo.payer_simulator import answer
from medguild.foundation.access.rules import Role
from medguild.foundation.events.dispatch import dispatch_pending
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.money import dollars
from medguild.foundation.ledger.rules import Chart
from medguild.foundation.standards.services import set_standard
from medguild.operations.scheduling.templating import add_session
from medguild.operations.visits.models import Visit
from medguild.operations.visits.rules import VisitStatus
from medguild.patients.identity.models import Patient
from medguild.revenue.charges.models import Charge
from medguild.revenue.claims.models import Claim
from medguild.revenue.claims.rules import ClaimStatus
from medguild.revenue.statements.selectors import account_balance
from medguild.x12.records.remittance import Remittance
from tests.factories.payers import make_contract
from tests.factories.receipts import books, is_balanced
from tests.factories.revenue import FEES, Billing, make_billing
from tests.factories.scheduling import block, visit_type
from tests.factories.visits import clinician_actor, load_codes
from tests.factories.world import HOUSE, START, World
from tests.support_x12 import pyx12_errors, read_transactions

ALLOWED, COPAY = 12_000, 2_500
CHARGE = FEES["c99213"]


@dataclass
class House:
    """The group on a working day, and whoever works in it."""

    world: World
    billing: Billing
    page_for: Any
    axe: Any
    viewport: str

    def page(self, role: Role, path: str = "") -> Page:
        """A screen of somebody with this role."""
        page: Page = self.page_for(role, viewport=self.viewport)
        if path:
            page.goto(path)
        return page


@pytest.fixture(params=["desktop", "phone"])
def house(
    live_url: str, world: World, page_for: Any, axe: Any, request: pytest.FixtureRequest, tmp_path: Path, settings: Any
) -> House:
    settings.MEDIA_ROOT = tmp_path
    _ = world.circle
    billing = make_billing(world)
    office = world.main
    _open_at_any_hour(office.site)
    make_contract(office.entity, billing.plan.payer, c99213=ALLOWED)
    set_standard(key="checkin.copay", unit=office.entity, value=COPAY, start=START, by=HOUSE)
    kind = visit_type("follow_up")
    for weekday in range(7):
        whole_day = block(kind, weekday=weekday, start_minute=0, end_minute=24 * 60)
        add_session(clinician=office.clinician, site=office.site, block=whole_day, start=START, by=HOUSE)
    clinician_actor(world)
    load_codes()
    return House(world, billing, page_for, axe, request.param)


def _open_at_any_hour(site: Any) -> None:
    """The site stands where it is neither just before nor just after midnight, so that today has a free time left."""
    zones = ("America/Los_Angeles", "America/New_York", "Pacific/Honolulu")
    site.time_zone = next(zone for zone in zones if 1 <= now().astimezone(ZoneInfo(zone)).hour < 22)
    site.save(update_fields=["time_zone"])


def _worker_runs(done: Callable[[], bool]) -> None:
    """Deliver events as the worker does: again and again, as an event waits for older transactions of the server."""
    for _turn in range(600):
        dispatch_pending()
        if done():
            return
        time.sleep(0.2)
    raise AssertionError("the worker did not come to an end")


def _confirmed(page: Page, button: Locator) -> None:
    """Press a button that asks first, and say yes."""
    words = button.inner_text().strip()
    button.click()
    page.get_by_role("alertdialog").get_by_role("button", name=words).click()


def _labelled(page: Page, words: str) -> Locator:
    """A field by the beginning of its label, which goes on where the field may be left empty."""
    return page.get_by_label(re.compile(f"^\\s*{words}\\s*(\\(optional\\))?\\s*$"))


def _register(house: House) -> Patient:
    page = house.page(Role.FRONT_DESK, "/patients/register/")
    house.axe(page)
    page.get_by_label("Family name", exact=True).fill("Marsh")
    page.get_by_label("Given name", exact=True).fill("Odile")
    page.get_by_label("Birth date", exact=True).fill("03/09/1971")
    page.get_by_label("Sex on record").select_option("female")
    _labelled(page, "Phone").fill("503 555 0142")
    _labelled(page, "Street").fill("7 Alder Court")
    _labelled(page, "City").fill("Portland")
    _labelled(page, "State").fill("OR")
    _labelled(page, "ZIP code").fill("97201")
    page.get_by_label("Payer and plan").select_option(f"plan:{house.billing.plan.pk}")
    page.get_by_label("Member id").fill("W123456789")
    page.get_by_label("Covers from").fill("01/01/2024")
    _labelled(page, "Treatment").select_option("given")
    page.get_by_role("button", name="Register", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Marsh")
    house.axe(page)
    patient = Patient.objects.unscoped("test").get(family_name="Marsh")
    page.goto("/patients/?q=mars")
    expect(page.get_by_role("link", name=re.compile("Marsh"))).to_be_visible()
    return patient


def _book(house: House) -> None:
    page = house.page(Role.SCHEDULER, "/schedule/find/")
    page.get_by_label("Name, birth date, record number or phone").fill("5035550142")
    page.get_by_role("button", name="Search", exact=True).click()
    page.get_by_role("button", name=re.compile("Marsh, Odile")).click()
    page.get_by_label("Kind of visit").select_option(label="Follow up (20 min)")
    page.get_by_role("button", name="Show free times").click()
    times = page.locator(".day-offers").first.locator("button.time-button")
    expect(times.first).to_be_visible()
    house.axe(page)
    times.first.click()
    expect(page.get_by_text("Held for you")).to_be_visible()
    page.get_by_label("In the patient's words").fill("Cough for three days")
    house.axe(page)
    page.get_by_role("button", name="Book it").click()
    expect(page.get_by_text("Booked.", exact=True)).to_be_visible()


def _check_in(house: House) -> Visit:
    page = house.page(Role.FRONT_DESK, "/receipts/drawer/")
    page.get_by_label("Cash in the drawer now").fill("100")
    page.get_by_role("button", name="Open", exact=False).last.click()
    expect(page.get_by_text("Count and close")).to_be_visible()
    page.goto("/visits/arrivals/")
    row = page.get_by_role("listitem").filter(has_text="Marsh")
    row.get_by_role("button", name="Is here").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Check-in")
    page.get_by_role("button", name="Photo ID seen").click()
    page.get_by_role("button", name="The payer says yes").click()
    # The consent to treatment was given at registration; the list asks for what is missing alone.
    expect(page.get_by_role("button", name="Signed: Treatment")).to_have_count(0)
    page.get_by_role("button", name="Signed: Privacy notice received").click()
    page.get_by_role("button", name=f"Take {dollars(COPAY)}").click()
    asked = page.get_by_role("dialog", name="Take a payment")
    asked.get_by_label("Cash").check()
    house.axe(page)
    asked.get_by_role("button", name="Take the payment").click()
    expect(page.get_by_text(f"Payment taken: {dollars(COPAY)}.")).to_be_visible()
    expect(page.get_by_text("Needed first")).to_have_count(0)
    page.get_by_role("button", name="Finish check-in").click()
    expect(page.get_by_text("Check-in finished.")).to_be_visible()
    found: Visit = Visit.objects.unscoped("test").get()
    return found


def _room(house: House) -> None:
    page = house.page(Role.MEDICAL_ASSISTANT, "/visits/board/")
    expect(page.get_by_role("region", name="Arrived")).to_contain_text("Cough for three days")
    house.axe(page)
    page.get_by_role("button", name="To Room 1").press("Enter")
    expect(page.get_by_role("region", name="In a room")).to_contain_text("Cough for three days")


def _treat(house: House) -> None:
    page = house.page(Role.CLINICIAN, "/chart/day/")
    page.get_by_role("button", name="Begin", exact=True).first.click()
    page.get_by_role("button", name="Note", exact=True).first.click()
    expect(page.get_by_label("Reason for the visit")).to_have_value("Cough for three days")
    page.get_by_label("Assessment and plan").fill("Viral; rest and fluids.")
    expect(page.locator("#saved")).to_contain_text("Clinician", ignore_case=True)
    page.get_by_label("Add a diagnosis").press_sequentially("upper resp")
    page.get_by_role("button", name="J06.9").press("Enter")
    expect(page.locator("#lines")).to_contain_text("1. J06.9")
    page.get_by_label("Add a service").press_sequentially("99213")
    page.locator("#service-hits").get_by_role("button", name="99213").click()
    expect(page.locator("#lines")).to_contain_text("Rendered by")
    house.axe(page)
    page.get_by_role("button", name="Sign …").click()
    expect(page.get_by_text("A signed note is final")).to_be_visible()
    page.get_by_role("button", name="Sign", exact=True).press("Enter")
    expect(page.get_by_text("The note is signed.")).to_be_visible()


def _leave(house: House, visit: Visit) -> None:
    """The assistant ends the room on the board, the front desk says goodbye."""
    board = house.page(Role.MEDICAL_ASSISTANT, "/visits/board/")
    card = board.get_by_role("region", name="With clinician").get_by_role("listitem").filter(has_text="Marsh")
    card.get_by_role("button", name=re.compile("Ready", re.IGNORECASE)).press("Enter")
    expect(board.get_by_role("region", name="Ready to leave")).to_contain_text("Marsh")
    page = house.page(Role.FRONT_DESK, f"/visits/{visit.pk}/")
    page.get_by_role("link", name="Check-out").click()
    house.axe(page)
    page.get_by_role("button", name="Has left").click()
    expect(page.get_by_text("The patient has left.")).to_be_visible()
    assert Visit.objects.unscoped("test").get(pk=visit.pk).status == VisitStatus.LEFT


def _bill(house: House) -> bytes:
    """The file that the biller hands to the clearinghouse."""
    page = house.page(Role.BILLER, "/charges/")
    expect(page.get_by_text("99213").first).to_be_visible()
    house.axe(page)
    page.goto("/claims/")
    page.get_by_role("button", name="Make claims").click()
    expect(page.get_by_text("1 claim made.")).to_be_visible()
    house.axe(page)
    _confirmed(page, page.get_by_role("button", name="Send ready claims"))
    expect(page.get_by_text("1 claim sent.")).to_be_visible()
    house.axe(page)
    with page.expect_download() as download:
        page.locator("main table a[href*='/documents/']").first.click()
    return download.value.path().read_bytes()


def _answer_of_payer(sent: bytes) -> tuple[bytes, int]:
    """What the payer says when it pays and leaves the patient more than the co-pay; with the patient's share."""
    for seed in range(500):
        files = answer(sent, seed=seed, on=now().date())
        (said,) = [one for one in read_transactions(files[0]) if isinstance(one, Remittance)]
        share = said.claims[0].patient_responsibility_cents or 0
        if len(files) == 1 and not said.provider_adjustments and said.claims[0].paid_cents and share > COPAY:
            return files[0], share
    raise AssertionError("the payer never pays with a share for the patient")


def _post(house: House, file: bytes) -> None:
    page = house.page(Role.PAYMENT_POSTER, "/remittances/")
    page.get_by_role("link", name="Import a file").first.click()
    upload = {"name": "payment.835", "mimeType": "application/octet-stream", "buffer": file}
    page.get_by_label("835 file").set_input_files(upload)  # type: ignore[arg-type]
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text("1 posted, 0 in suspense, 0 with denials")).to_be_visible()
    house.axe(page)
    before = books()
    page.get_by_label("835 file").set_input_files(upload)  # type: ignore[arg-type]
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text("Posted before; nothing changed")).to_be_visible()
    assert books() == before, "the same payment again changes nothing"


def _settle(house: House, left: int) -> None:
    """The biller makes the statement, the front desk takes the rest, and nothing is owed."""
    page = house.page(Role.BILLER, "/balances/")
    house.axe(page)
    page.locator("main table a[href*='/balances/']").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Account")
    expect(page.get_by_text(dollars(left)).first).to_be_visible()
    house.axe(page)
    page.get_by_role("button", name="Make a statement").click()
    expect(page.get_by_text(re.compile("Statement .* is made"))).to_be_visible()
    with page.expect_download() as download:
        page.locator("main a[href*='/documents/']").first.click()
    assert download.value.path().read_bytes().startswith(b"%PDF")
    desk = house.page(Role.FRONT_DESK, page.url)
    desk.get_by_role("link", name="Take a payment").click()
    expect(desk.get_by_label("Amount", exact=True)).to_have_value(
        re.compile(re.escape(dollars(left).removeprefix("$")))
    )
    house.axe(desk)
    desk.get_by_label("Paid by").select_option("card")
    desk.get_by_role("button", name="Take the payment").click()
    expect(desk.get_by_text(f"Payment taken: {dollars(left)}.")).to_be_visible()
    house.axe(desk)
    page.reload()
    expect(page.get_by_text("Everything is paid.")).to_be_visible()
    page.get_by_role("table").first.get_by_role("link").first.click()
    heading = page.get_by_role("heading", name="What the insurance said")
    said = page.locator("section").filter(has=heading)
    expect(said.get_by_role("row").filter(has_text=dollars(CHARGE))).to_have_count(1)
    house.axe(page)


def test_one_day_from_registration_to_a_balance_of_zero(house: House) -> None:
    patient = _register(house)
    _book(house)
    visit = _check_in(house)
    _room(house)
    _treat(house)
    _leave(house, visit)
    _worker_runs(lambda: Charge.objects.unscoped("test").exists())
    sent = _bill(house)
    assert pyx12_errors(sent) == []
    claim = Claim.objects.unscoped("test").get()
    assert (claim.status, claim.charge, claim.patient_id) == (ClaimStatus.SENT, CHARGE, patient.pk)
    file, share = _answer_of_payer(sent)
    assert pyx12_errors(file) == []
    _post(house, file)
    account = patient.account_memberships.unscoped("test").get().account
    _worker_runs(lambda: account_balance(account.pk).unapplied == 0)
    _settle(house, share - COPAY)
    assert account_balance(account.pk).patient_owes == 0
    assert is_balanced()
    left = books(house.billing.office.entity)
    assert Chart.PATIENT_AR not in left
    assert Chart.INSURANCE_AR not in left
