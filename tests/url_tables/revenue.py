"""Charges and claims."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from medguild.foundation.access.rules import Role
from medguild.revenue.claims.models import Claim, ClaimLine
from tests.factories.revenue import make_billing, ready_claim
from tests.factories.world import World
from tests.url_tables import Row


def _claim(world: World) -> Claim:
    if "claim" not in world.kept:
        world.kept["claim"] = ready_claim(world, make_billing(world))
    claim: Claim = world.kept["claim"]
    return claim


def _claim_id(world: World) -> Mapping[str, Any]:
    return {"claim_id": _claim(world).pk}


def _charge_id(world: World) -> Mapping[str, Any]:
    line = ClaimLine.objects.unscoped("a row of the table").get(claim=_claim(world))
    return {"charge_id": line.charge_id}


def _number(world: World) -> str:
    return _claim(world).number


def _family(world: World) -> str:
    return str(_claim(world).patient.family_name)


URLS = {
    "charges:list": Row(Role.CODER, wrong=Role.SCHEDULER, other="own", shows=_family),
    "charges:missing": Row(Role.CODER, wrong=Role.SCHEDULER, other="own"),
    "charges:show": Row(Role.CODER, wrong=Role.SCHEDULER, kwargs=_charge_id),
    "charges:release": Row(Role.CODER, wrong=Role.CLINICIAN, kwargs=_charge_id, method="post"),
    "charges:void": Row(Role.CODER, wrong=Role.CLINICIAN, kwargs=_charge_id, method="post"),
    "claims:list": Row(Role.BILLER, wrong=Role.FRONT_DESK, other="own", shows=_number),
    "claims:files": Row(Role.BILLER, wrong=Role.FRONT_DESK, other="own"),
    "claims:make": Row(Role.BILLER, wrong=Role.PRACTICE_MANAGER, other="own", method="post"),
    "claims:send": Row(Role.BILLER, wrong=Role.CODER, other="own", method="post"),
    "claims:show": Row(Role.BILLER, wrong=Role.FRONT_DESK, kwargs=_claim_id),
    "claims:check": Row(Role.BILLER, wrong=Role.PRACTICE_MANAGER, kwargs=_claim_id, method="post"),
    "claims:authorize": Row(Role.BILLER, wrong=Role.PRACTICE_MANAGER, kwargs=_claim_id, method="post"),
    "claims:void": Row(Role.BILLER, wrong=Role.PRACTICE_MANAGER, kwargs=_claim_id, method="post"),
    "claims:replace": Row(Role.BILLER, wrong=Role.PRACTICE_MANAGER, kwargs=_claim_id, method="post"),
    "claims:correct": Row(Role.BILLER, wrong=Role.PRACTICE_MANAGER, kwargs=_claim_id),
    "claims:cancel": Row(Role.BILLER, wrong=Role.PRACTICE_MANAGER, kwargs=_claim_id, method="post"),
    "claims:free": Row(Role.BILLER, wrong=Role.PRACTICE_MANAGER, kwargs=_claim_id, method="post"),
}
