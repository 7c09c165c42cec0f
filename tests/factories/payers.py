"""Payers, plans and prices for tests."""

from __future__ import annotations

import itertools

from django.db.backends.postgresql.psycopg_any import DateRange

from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.people import Clinician
from medguild.patients.coverage.models import Coverage
from medguild.patients.identity.models import Patient
from medguild.payers.networks import services as networks
from medguild.payers.networks.models import Network
from medguild.payers.networks.rules import Standing
from medguild.payers.payers import services
from medguild.payers.payers.models import Payer, Plan
from medguild.payers.payers.rules import PayerKind, PlanKind
from medguild.payers.pricing import services as pricing
from medguild.payers.pricing.models import Contract, FeeSchedule
from medguild.payers.remote.models import RemoteRule
from medguild.payers.remote.rules import PLACE_AT_HOME, PLACE_ELSEWHERE, RemoteMode, RemoteTerms
from medguild.payers.remote.services import set_remote_rule
from tests.factories.world import HOUSE, START

_numbers = itertools.count(1)


def make_payer(name: str = "Cascade Health", kind: PayerKind = PayerKind.COMMERCIAL, **given: str) -> Payer:
    number = given.pop("payer_id", f"T{next(_numbers):05d}")
    return services.add_payer(name=name, kind=kind, payer_id=number, start=START, by=HOUSE, **given)


def make_plan(payer: Payer | None = None, name: str = "Cascade PPO", kind: PlanKind = PlanKind.PPO) -> Plan:
    return services.add_plan(payer=payer or make_payer(), name=name, kind=kind, start=START, by=HOUSE)


def make_fees(entity: Unit, **amounts: int) -> FeeSchedule:
    """A schedule from START on; `make_fees(entity, c99213=15000)` sets code 99213 to 150.00."""
    schedule = pricing.open_fee_schedule(entity=entity, name="Charge master", start=START, by=HOUSE)
    fees = [pricing.Fee(code.removeprefix("c"), cents) for code, cents in (amounts or {"c99213": 15_000}).items()]
    pricing.set_fees(schedule=schedule, fees=fees, by=HOUSE)
    return schedule


def make_contract(entity: Unit, payer: Payer, **allowed: int) -> Contract:
    contract = pricing.sign_contract(entity=entity, payer=payer, name="Agreement", start=START, by=HOUSE)
    rates = [pricing.Rate(code.removeprefix("c"), allowed=cents) for code, cents in allowed.items()]
    pricing.set_rates(contract=contract, rates=rates, by=HOUSE)
    return contract


def make_network(
    plan: Plan, name: str = "Cascade Preferred", *, entity: Unit | None = None, **listed: Clinician
) -> Network:
    """A network that the plan uses from START on; with an entity, it lists it and the clinicians given."""
    network = networks.add_network(payer=plan.payer, name=name, start=START, by=HOUSE)
    networks.use_network(network=network, plan=plan, start=START, by=HOUSE)
    if entity is not None:
        networks.list_group(network=network, entity=entity, standing=Standing.IN, start=START, by=HOUSE)
        for clinician in listed.values():
            networks.list_clinician(
                network=network, entity=entity, clinician=clinician, standing=Standing.IN, start=START, by=HOUSE
            )
    return network


def make_remote_rule(payer: Payer | None = None, mode: RemoteMode = RemoteMode.VIDEO) -> RemoteRule:
    terms = RemoteTerms(True, PLACE_AT_HOME, PLACE_ELSEWHERE, ("95",))
    return set_remote_rule(payer=payer or make_payer(), mode=mode, terms=terms, start=START, by=HOUSE)


def insure_out_of_network(patient: Patient, *, entity: Unit, clinician: Clinician) -> None:
    """The plan's network lists the group; of the clinician it says: not a participant."""
    held = make_plan()
    networks.list_clinician(
        network=make_network(held, entity=entity), entity=entity, clinician=clinician, standing=Standing.OUT,
        start=START, by=HOUSE,
    )  # fmt: skip
    Coverage.objects.create(
        patient=patient, payer=held.payer, plan=held, rank="primary", member_id="M1", relation="self",
        period=DateRange(START, None),
    )  # fmt: skip
