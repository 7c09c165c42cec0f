"""A visit that was seen, signed and charged, and its claim: through the services that people use."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from medguild.foundation.events.dispatch import dispatch_pending
from medguild.foundation.ledger.periods import open_books
from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.staffing import set_billing_identity
from medguild.operations.chart.lines import add_service
from medguild.operations.chart.services import sign_note
from medguild.operations.scheduling.rules import REMOTE, Mode
from medguild.operations.visits.arrival import mark_step
from medguild.operations.visits.models import Visit
from medguild.operations.visits.rules import LOCATION, MarkOutcome, PatientPlace, VisitStatus
from medguild.patients.coverage.models import Coverage
from medguild.patients.identity.models import Patient
from medguild.payers.payers.models import Plan
from medguild.revenue.charges.models import Charge
from medguild.revenue.claims.models import Claim
from medguild.revenue.claims.services import make_claims
from tests.factories.patients import make_account, make_coverage, make_patient
from tests.factories.payers import make_fees, make_plan
from tests.factories.scheduling import visit_type
from tests.factories.visits import clinician_actor, make_note, make_visit, make_walk_in, walk_through
from tests.factories.world import HOUSE, START, Office, World, npi

FEES = {"c99213": 17_500, "c99214": 25_500, "c93000": 6_500}


@dataclass
class Billing:
    """An office that can bill: books, fees, numbers, a plan."""

    office: Office
    plan: Plan


def make_billing(world: World, office: Office | None = None, plan: Plan | None = None) -> Billing:
    """Books, charge master and billing identity of an office's entity."""
    place = office or world.main
    open_books(entity=place.entity, start=dt.date(2025, 1, 1), by=HOUSE)
    make_fees(place.entity, **FEES)
    set_identity(place.entity)
    return Billing(place, plan or make_plan())


def set_identity(entity: Unit) -> None:
    set_billing_identity(
        entity=entity, by=HOUSE, start=START, tin=entity.entity.ein, group_npi=npi(), taxonomy="207Q00000X",
        name=entity.entity.legal_name, line1="1 Main Street", city="Portland", state="OR", postal_code="972010001",
        submitter_id="HARBOR1", contact_name="Billing Office", contact_phone="5035550101",
    )  # fmt: skip


def insured_patient(world: World, billing: Billing, **given: object) -> tuple[Patient, Coverage]:
    """A patient of the office with account and primary coverage."""
    patient = make_patient(world, unit=billing.office.site_unit, **given)
    make_account(world, patient, billing.office.entity)
    return patient, make_coverage(patient, billing.plan)


def charged_visit(
    world: World,
    billing: Billing,
    patient: Patient | None = None,
    services: tuple[str, ...] = ("99213",),
    mode: Mode = Mode.IN_PERSON,
    place: PatientPlace | None = None,
) -> tuple[Visit, list[Charge]]:
    """A visit of a patient, seen, signed with one diagnosis, left, and charged by the worker. A remote one was booked,
    and somebody may have said in which `place` the patient was."""
    held = patient or insured_patient(world, billing)[0]
    visit = _begun(world, billing.office, held, mode)
    if place is not None:
        mark_step(visit=visit, key=LOCATION, outcome=MarkOutcome.DONE, proof=place, by=HOUSE)
    room = billing.office.room if mode is Mode.IN_PERSON else None
    visit = walk_through(visit, VisitStatus.WITH_CLINICIAN, room=room)
    by = clinician_actor(world, billing.office)
    note = make_note(visit, by, services=False)
    for code in services:
        add_service(note=note, code=code, by=by)
    sign_note(note=note, by=by)
    walk_through(visit, VisitStatus.LEFT)
    dispatch_pending()
    charges = Charge.objects.unscoped("the test looks").filter(visit=visit).order_by("code")
    return visit, list(charges)


def _begun(world: World, office: Office, patient: Patient, mode: Mode) -> Visit:
    if mode is Mode.IN_PERSON:
        return make_walk_in(world, office, patient=patient)
    remote = visit_type("remote", modes=tuple(sorted(REMOTE)))
    return make_visit(world, office, patient=patient, visit_type=remote, mode=mode)


def ready_claim(world: World, billing: Billing, **given: object) -> Claim:
    """One claim made of one visit's charges."""
    charged_visit(world, billing, **given)  # type: ignore[arg-type]
    (claim,) = make_claims(by=HOUSE)
    return claim
