"""Numbers of access."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from medguild.foundation.access.rules import Role
from tests.factories.world import World
from tests.url_tables import Row
from tests.url_tables.operations_templates import looked_at


def _day(world: World) -> Mapping[str, Any]:
    return {"site_id": world.main.site.unit_id, "clinician_id": world.main.clinician.pk, "day": "2026-01-05"}


def _version(world: World) -> Mapping[str, Any]:
    return {"version_id": looked_at(world).pk}


MANAGER = Role.PRACTICE_MANAGER
URLS = {
    "demand:access": Row(MANAGER, wrong=Role.BILLER, other="own"),
    "demand:match": Row(MANAGER, wrong=Role.BILLER, other="own"),
    "demand:fill": Row(MANAGER, wrong=Role.BILLER, other="own"),
    "demand:backfill": Row(MANAGER, wrong=Role.BILLER, other="own"),
    "demand:scarce": Row(MANAGER, wrong=Role.BILLER, other="own"),
    "demand:plan": Row(MANAGER, wrong=Role.BILLER, other="own"),
    "demand:late": Row(MANAGER, wrong=Role.BILLER, other="own"),
    "demand:late_days": Row(MANAGER, wrong=Role.BILLER, other="own"),
    "demand:late_day": Row(MANAGER, wrong=Role.BILLER, kwargs=_day),
    "demand:lengths": Row(MANAGER, wrong=Role.BILLER, other="own"),
    "demand:changes": Row(MANAGER, wrong=Role.BILLER, other="own"),
    "demand:change": Row(MANAGER, wrong=Role.BILLER, kwargs=_version),
    "demand:samples": Row(MANAGER, wrong=Role.BILLER, other="own"),
    "demand:searches": Row(MANAGER, wrong=Role.BILLER, other="own"),
    "demand:visits": Row(MANAGER, wrong=Role.HR, other="own"),
}
