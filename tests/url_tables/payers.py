"""Who may open the pages of payers and prices."""

from __future__ import annotations

from typing import Any

from medguild.foundation.access.rules import Role
from medguild.payers.networks.models import Network
from medguild.payers.payers.models import Payer
from medguild.payers.pricing.models import Contract, FeeSchedule
from medguild.payers.remote.models import RemoteRule
from tests.factories.payers import make_contract, make_fees, make_network, make_payer, make_plan, make_remote_rule
from tests.factories.world import World
from tests.url_tables import Row


def payer(world: World) -> Payer:
    held = world.kept.get("payers.payer")
    return held or _keep(world, "payers.payer", make_payer())


def schedule(world: World) -> FeeSchedule:
    held = world.kept.get("payers.schedule")
    return held or _keep(world, "payers.schedule", make_fees(world.main.entity))


def network(world: World) -> Network:
    held = world.kept.get("payers.network")
    made = held or make_network(make_plan(), entity=world.main.entity, one=world.main.clinician)
    return held or _keep(world, "payers.network", made)


def of_network(world: World) -> dict[str, Any]:
    return {"network_id": network(world).pk}


def remote_rule(world: World) -> RemoteRule:
    held = world.kept.get("payers.remote_rule")
    return held or _keep(world, "payers.remote_rule", make_remote_rule())


def _keep(world: World, key: str, value: Any) -> Any:
    world.kept[key] = value
    return value


def schedule_name(world: World) -> str:
    found = schedule(world)
    found.name = "Charges of Harbor alone"
    found.save(update_fields=["name"])
    return found.name


def contract(world: World) -> Contract:
    held = world.kept.get("payers.contract")
    return held or _keep(world, "payers.contract", make_contract(world.main.entity, payer(world), c99213=90_00))


def of_schedule(world: World) -> dict[str, Any]:
    return {"schedule_id": schedule(world).pk}


def of_contract(world: World) -> dict[str, Any]:
    return {"contract_id": contract(world).pk}


URLS = {
    "payers:remote_rules": Row(Role.FRONT_DESK, wrong=Role.HR, other="own"),
    "payers:new_remote_rule": Row(Role.REVENUE_DIRECTOR, wrong=Role.FRONT_DESK, other="own"),
    "payers:end_remote_rule": Row(
        Role.CODER, wrong=Role.FRONT_DESK, other="own", kwargs=lambda world: {"rule_id": remote_rule(world).pk}
    ),
    "payers:networks": Row(Role.FRONT_DESK, wrong=Role.HR, other="own"),
    "payers:new_network": Row(Role.CREDENTIALING_SPECIALIST, wrong=Role.BILLER, other="own"),
    "payers:network_check": Row(Role.SCHEDULER, wrong=Role.HR, other="own"),
    "payers:network": Row(Role.SCHEDULER, wrong=Role.HR, kwargs=of_network, other="own"),
    "payers:network_plan": Row(Role.CREDENTIALING_SPECIALIST, wrong=Role.BILLER, kwargs=of_network, other="own"),
    "payers:network_group": Row(
        Role.CREDENTIALING_SPECIALIST,
        wrong=Role.BILLER,
        kwargs=of_network,
        other="own",
        shows=lambda world: str(world.main.entity.pk),
    ),
    "payers:network_clinician": Row(
        Role.CREDENTIALING_SPECIALIST,
        wrong=Role.BILLER,
        kwargs=of_network,
        other="own",
        shows=lambda world: str(world.main.clinician.pk),
    ),
    "payers:end_network_listing": Row(
        Role.CREDENTIALING_SPECIALIST,
        wrong=Role.BILLER,
        kwargs=lambda world: {"what": "group", "row_id": network(world).groups.get().pk},
    ),
    "payers:plan_terms": Row(
        Role.CREDENTIALING_SPECIALIST,
        wrong=Role.BILLER,
        other="own",
        kwargs=lambda world: {"plan_id": network(world).plans.get().plan_id},
    ),
    "payers:list": Row(Role.BILLER, wrong=Role.HR, other="own"),
    "payers:new": Row(Role.BILLER, wrong=Role.FRONT_DESK, method="post", other="own"),
    "payers:detail": Row(
        Role.FRONT_DESK, wrong=Role.HR, kwargs=lambda world: {"payer_id": payer(world).pk}, other="own"
    ),
    "payers:fees": Row(Role.BILLER, wrong=Role.FRONT_DESK, other="own", shows=schedule_name),
    "payers:fee_schedule": Row(
        Role.BILLER, wrong=Role.IPA_STAFF, kwargs=lambda world: {"schedule_id": schedule(world).pk}
    ),
    "payers:contracts": Row(Role.BILLER, wrong=Role.IPA_STAFF, other="own"),
    "payers:new_fee_schedule": Row(
        Role.REVENUE_DIRECTOR, wrong=Role.BILLER, other="own", shows=lambda world: str(world.main.entity.pk)
    ),
    "payers:new_fee": Row(Role.REVENUE_DIRECTOR, wrong=Role.BILLER, kwargs=of_schedule),
    "payers:load_fees": Row(Role.REVENUE_DIRECTOR, wrong=Role.BILLER, method="post", kwargs=of_schedule),
    "payers:fee": Row(
        Role.REVENUE_DIRECTOR,
        wrong=Role.BILLER,
        kwargs=lambda world: {"line_id": schedule(world).lines.unscoped("test").first().pk},
    ),
    "payers:contract": Row(Role.BILLER, wrong=Role.IPA_STAFF, kwargs=of_contract),
    "payers:new_contract": Row(
        Role.REVENUE_DIRECTOR, wrong=Role.BILLER, other="own", shows=lambda world: str(world.main.entity.pk)
    ),
    "payers:end_contract": Row(Role.REVENUE_DIRECTOR, wrong=Role.BILLER, method="post", kwargs=of_contract),
    "payers:new_rate": Row(Role.REVENUE_DIRECTOR, wrong=Role.BILLER, kwargs=of_contract),
    "payers:load_rates": Row(Role.REVENUE_DIRECTOR, wrong=Role.BILLER, method="post", kwargs=of_contract),
    "payers:rate": Row(
        Role.REVENUE_DIRECTOR,
        wrong=Role.BILLER,
        kwargs=lambda world: {"rate_id": contract(world).rates.unscoped("test").first().pk},
    ),
}
