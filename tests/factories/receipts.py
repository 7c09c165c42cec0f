"""Money of patients for tests: what they owe, and payments at the desk."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass
from typing import Any

from medguild.foundation.access.rules import Role
from medguild.foundation.events.dispatch import dispatch_pending
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.foundation.ledger.models import Posting
from medguild.foundation.ledger.ports import ADJUSTMENT
from medguild.foundation.ledger.ports import REMITTANCE as REMITTANCE_ENTRY
from medguild.foundation.ledger.rules import Chart, Line, credit, debit
from medguild.foundation.ledger.services import post
from medguild.foundation.organization.models import Unit
from medguild.patients.accounts.models import GuarantorAccount
from medguild.patients.identity.models import Patient
from medguild.revenue.charges.models import Charge
from medguild.revenue.claims.models import ClaimLine
from medguild.revenue.claims.services import make_claims
from medguild.revenue.receipts.drawers import open_drawer
from medguild.revenue.receipts.models import Drawer, Receipt
from medguild.revenue.receipts.rules import Method, Purpose
from medguild.revenue.receipts.services import take_payment
from tests.factories.patients import make_account, make_patient
from tests.factories.revenue import Billing, charged_visit, insured_patient, make_billing
from tests.factories.world import HOUSE, Office, World


@dataclass
class Desk:
    """A front desk with a patient on an account."""

    world: World
    billing: Billing
    patient: Patient
    account: GuarantorAccount
    by: Actor

    @property
    def office(self) -> Office:
        return self.billing.office

    def charge(self, *services: str) -> list[Charge]:
        """A visit of the patient, charged. Events wait for other transactions of the server, also of other tests."""
        visit, charges = charged_visit(self.world, self.billing, self.patient, services or ("99213",))
        while not charges:
            time.sleep(0.2)
            dispatch_pending()
            charges = list(Charge.objects.unscoped("test").filter(visit=visit).order_by("code"))
        return charges

    def owe(self, amount: int, day: dt.date | None = None, key: str = "") -> None:
        """A balance that no charge explains, such as one taken over."""
        books = self.account.entity_id
        given = {"account_id": self.account.pk, "patient_id": self.patient.pk, "service_date": day}
        post(
            entry_type=ADJUSTMENT, occurred_on=day or now().date(), by=HOUSE,
            source_key=f"test:{self.account.pk}:{amount}:{day}:{key}",
            lines=[debit(books, Chart.PATIENT_AR, amount, **given), credit(books, Chart.OPENING, amount)],
        )  # fmt: skip

    def pay(self, amount: int, **given: Any) -> Receipt:
        values: dict[str, Any] = {
            "account": self.account, "patient": self.patient, "site": self.office.site, "amount": amount,
            "method": Method.CARD, "purpose": Purpose.BALANCE, "by": self.by,
        }  # fmt: skip
        return take_payment(**(values | given))

    def insurer_answers(self, charge: Charge, *, paid: int, share: int, day: dt.date | None = None) -> None:
        """The payer pays and leaves a share to the patient; the rest is the discount. As a remittance posts it."""
        line = ClaimLine.objects.unscoped("test").filter(charge=charge, live=True).first()
        if line is None:
            make_claims(by=HOUSE)
            line = ClaimLine.objects.unscoped("test").get(charge=charge, live=True)
        books = charge.entity_id
        at = {
            "claim_line_id": line.pk, "account_id": charge.account_id, "patient_id": charge.patient_id,
            "service_date": charge.service_date, "site_id": charge.site_id,
        }  # fmt: skip
        off = charge.amount - paid - share
        lines: list[Line] = [
            debit(books, Chart.UNDEPOSITED, paid),
            debit(books, Chart.CONTRACTUAL, off, **at),
            debit(books, Chart.PATIENT_AR, share, **at),
            credit(books, Chart.INSURANCE_AR, charge.amount, **at),
        ]
        post(
            entry_type=REMITTANCE_ENTRY, lines=lines, occurred_on=day or now().date(), by=HOUSE,
            source_key=f"test:remittance:{charge.pk}:{paid}:{share}",
        )  # fmt: skip


def make_desk(world: World, *, insured: bool = False, office: Office | None = None, **given: Any) -> Desk:
    """The main office (or another) with books and fees, a patient with account, and a front desk."""
    billing = make_billing(world, office)
    place = billing.office
    if insured:
        patient, _ = insured_patient(world, billing, **given)
        account = patient.account_memberships.unscoped("test").get().account
    else:
        patient = make_patient(world, unit=place.site_unit, **given)
        account = make_account(world, patient, place.entity)
    return Desk(world, billing, patient, account, world.actor(Role.FRONT_DESK, place.entity))


def settle_events() -> None:
    dispatch_pending()


def books(entity: Unit | None = None) -> dict[str, int]:
    """Signed sums by account of the books; those of zero left out."""
    rows = Posting.objects.unscoped("test").select_related("ledger_account")
    if entity is not None:
        rows = rows.filter(entity=entity)
    sums: dict[str, int] = {}
    for posting in rows:
        code = posting.ledger_account.code
        sums[code] = sums.get(code, 0) + posting.amount
    return {code: cents for code, cents in sums.items() if cents}


def is_balanced() -> bool:
    """Debits and credits agree in the books of every entity."""
    sums: dict[object, int] = {}
    for entity_id, amount in Posting.objects.unscoped("test").values_list("entity_id", "amount"):
        sums[entity_id] = sums.get(entity_id, 0) + amount
    return not any(sums.values())


def drawer(desk: Desk, float_amount: int = 10_000, at: dt.datetime | None = None) -> Drawer:
    return open_drawer(site=desk.office.site, float_amount=float_amount, by=desk.by, at=at)
