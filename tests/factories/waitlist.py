"""People who wait for a time, in tests."""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from medguild.foundation.kernel.clock import now
from medguild.operations.scheduling.care.terms import set_visit_type_terms
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.showing import today_at
from medguild.operations.waitlist.models import WaitlistEntry
from medguild.operations.waitlist.services import Wanted, add_to_waitlist
from medguild.patients.coverage.models import Coverage
from medguild.patients.identity.models import Patient
from medguild.payers.networks.rules import Standing
from medguild.payers.networks.services import list_clinician
from tests.factories.payers import make_fees, make_network, make_plan
from tests.factories.scheduling import Schedule
from tests.factories.world import HOUSE, START


def out_of_network(plan: Schedule, patient: Patient) -> None:
    """The patient's plan pays nothing with the plan's clinician; the list price is $150.00."""
    held = make_plan()
    network = make_network(held, entity=plan.office.entity)
    list_clinician(
        network=network, entity=plan.office.entity, clinician=plan.clinician, standing=Standing.OUT, start=START,
        by=HOUSE,
    )  # fmt: skip
    Coverage.objects.create(
        patient=patient, payer=held.payer, plan=held, rank="primary", member_id="M1", relation="self",
        period=DateRange(START, None),
    )  # fmt: skip
    set_visit_type_terms(visit_type=plan.kind, privilege=None, service_code="99213", by=HOUSE)
    make_fees(plan.office.entity, c99213=15_000)


def wait_for(
    plan: Schedule, patient: Patient | None = None, *, instead_of: Appointment | None = None, **wanted: Any
) -> WaitlistEntry:
    """An entry for the plan's kind of visit, or another, at its site, from today on."""
    clinician, kind = wanted.pop("clinician", None), wanted.pop("visit_type", plan.kind)
    at = wanted.pop("at", now())
    _ = plan.session
    return add_to_waitlist(
        patient=patient or plan.another(), visit_type=kind, site=plan.site, clinician=clinician,
        wanted=Wanted(**({"earliest": today_at(plan.site)} | wanted)), instead_of=instead_of, by=HOUSE, at=at,
    )  # fmt: skip
