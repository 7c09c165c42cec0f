"""Every constraint of the payers wing, violated once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from medguild.payers.networks.models import Network, NetworkClinician, NetworkGroup, NetworkPlan, PlanTerms
from medguild.payers.payers.models import Payer, Plan
from medguild.payers.pricing.models import Contract, ContractRate, FeeLine, FeeSchedule
from tests.factories.payers import make_contract, make_fees, make_network, make_payer, make_plan
from tests.factories.world import START, World

FOREVER = DateRange(START, None)
NEVER = DateRange(START, START)


def payer(**given: Any) -> Callable[[World], Any]:
    values = {
        "name": "P", "kind": "commercial", "payer_id": "AB12", "filing_indicator": "CI", "period": FOREVER,
    } | given  # fmt: skip
    return lambda world: Payer.objects.create(**values)


def plan(**given: Any) -> Callable[[World], Any]:
    values = {"name": "Plan", "kind": "ppo", "period": FOREVER} | given
    return lambda world: Plan.objects.create(payer=make_payer(), **values)


def schedule(**given: Any) -> Callable[[World], Any]:
    values = {"name": "S", "kind": "standard", "period": FOREVER} | given
    return lambda world: FeeSchedule.objects.create(entity=world.main.entity, **values)


def line(**given: Any) -> Callable[[World], Any]:
    values = {"code": "99213", "modifier": "26", "amount": 1} | given
    return lambda world: FeeLine.objects.create(schedule=make_fees(world.main.entity), **values)


def contract(**given: Any) -> Callable[[World], Any]:
    values = {"name": "C", "period": FOREVER} | given
    return lambda world: Contract.objects.create(entity=world.main.entity, payer=make_payer(), **values)


def rate(**given: Any) -> Callable[[World], Any]:
    values = {"code": "99213", "allowed": 1} | given
    return lambda world: ContractRate.objects.create(
        contract=make_contract(world.main.entity, make_payer(), c99212=1), **values
    )


def network(**given: Any) -> Callable[[World], Any]:
    values = {"name": "N", "period": FOREVER} | given
    return lambda world: Network.objects.create(payer=make_payer(), **values)


def used(**given: Any) -> Callable[[World], Any]:
    def make(world: World) -> Any:
        plan = make_plan()
        values = {"tier": 1, "period": DateRange(dt.date(2019, 1, 1), START)} | given
        return NetworkPlan.objects.create(network=make_network(plan), plan=plan, **values)

    return make


def listed_group(**given: Any) -> Callable[[World], Any]:
    def make(world: World) -> Any:
        values = {"standing": "in", "period": DateRange(dt.date(2019, 1, 1), START)} | given
        held = make_network(make_plan(), entity=world.main.entity)
        return NetworkGroup.objects.create(network=held, entity=world.main.entity, **values)

    return make


def listed_clinician(**given: Any) -> Callable[[World], Any]:
    def make(world: World) -> Any:
        values = {"standing": "in", "period": DateRange(dt.date(2019, 1, 1), START)} | given
        office = world.main
        held = make_network(make_plan(), entity=office.entity, one=office.clinician)
        return NetworkClinician.objects.create(
            network=held, entity=office.entity, clinician=office.clinician, **values
        )  # fmt: skip

    return make


def terms(*periods: DateRange) -> Callable[[World], Any]:
    def make(world: World) -> None:
        plan = make_plan()
        for period in periods:
            PlanTerms.objects.create(
                plan=plan, needs_gatekeeper=True, needs_referral=True, covers_outside=False, has_tiers=False,
                period=period,
            )  # fmt: skip

    return make


def same_network(world: World) -> None:
    held = make_network(make_plan())
    Network.objects.create(payer=held.payer, name=held.name, period=FOREVER)


def same_payer_id(world: World) -> None:
    make_payer(payer_id="AB12")
    payer()(world)


def same_plan(world: World) -> None:
    held = make_plan()
    Plan.objects.create(payer=held.payer, name=held.name, kind="ppo", period=FOREVER)


def same_line(world: World) -> None:
    held = make_fees(world.main.entity)
    FeeLine.objects.create(schedule=held, code="99213", amount=1)


def same_rate(world: World) -> None:
    held = make_contract(world.main.entity, make_payer(), c99212=1)
    ContractRate.objects.create(contract=held, code="99212", allowed=1)


def two_schedules(world: World) -> None:
    schedule()(world)
    schedule(period=DateRange(dt.date(2025, 1, 1), None))(world)


def two_contracts(world: World) -> None:
    held = make_contract(world.main.entity, make_payer(), c99212=1)
    Contract.objects.create(entity=held.entity, payer=held.payer, name="Again", period=FOREVER)


@pytest.mark.parametrize(
    ("name", "violate"),
    [
        ("payer_kind_known", payer(kind="bank")),
        ("payer_filing_known", payer(filing_indicator="??")),
        ("payer_has_name", payer(name="")),
        ("payer_id_form", payer(payer_id="a b")),
        ("payer_has_id_unless_self_pay", payer(payer_id="")),
        ("payer_id_once", same_payer_id),
        ("payer_postal_code_form", payer(postal_code="123")),
        ("payer_period_whole", payer(period=NEVER)),
        ("plan_kind_known", plan(kind="bank")),
        ("plan_filing_known", plan(filing_indicator="??")),
        ("plan_has_name", plan(name="")),
        ("plan_name_once_per_payer", same_plan),
        ("plan_period_whole", plan(period=NEVER)),
        ("fee_schedule_kind_known", schedule(kind="secret")),
        ("fee_schedule_has_name", schedule(name="")),
        ("fee_schedule_once_at_a_time", two_schedules),
        ("fee_schedule_period_whole", schedule(period=NEVER)),
        ("fee_line_once", same_line),
        ("fee_line_code_form", line(code="9 9")),
        ("fee_line_modifier_form", line(modifier="2")),
        ("fee_line_not_negative", line(amount=-1)),
        ("contract_has_name", contract(name="")),
        ("contract_once_at_a_time", two_contracts),
        ("contract_period_whole", contract(period=NEVER)),
        ("contract_rate_once", same_rate),
        ("contract_rate_code_form", rate(code="9 9")),
        ("contract_rate_modifier_form", rate(modifier="2")),
        ("contract_rate_amount_or_percent", rate(percent=100)),
        ("network_has_name", network(name="")),
        ("network_name_once_per_payer", same_network),
        ("network_period_whole", network(period=NEVER)),
        ("network_plan_once_at_a_time", used(period=FOREVER)),
        ("network_plan_tier_known", used(tier=9)),
        ("network_plan_period_whole", used(period=NEVER)),
        ("network_group_standing_known", listed_group(standing="perhaps")),
        ("network_group_once_at_a_time", listed_group(period=FOREVER)),
        ("network_group_period_whole", listed_group(period=NEVER)),
        ("network_clinician_standing_known", listed_clinician(standing="perhaps")),
        ("network_clinician_once_at_a_time", listed_clinician(period=FOREVER)),
        ("network_clinician_period_whole", listed_clinician(period=NEVER)),
        ("plan_terms_once_at_a_time", terms(FOREVER, FOREVER)),
        ("plan_terms_period_whole", terms(NEVER)),
    ],
)
def test_refused_by_the_database(world: World, name: str, violate: Callable[[World], Any]) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        violate(world)
