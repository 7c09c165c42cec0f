"""Calls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from medguild.foundation.access.rules import Role
from medguild.foundation.kernel.clock import now
from medguild.operations.calls.models import Call
from tests.factories.calls import make_call
from tests.factories.world import World
from tests.url_tables import Row


def _call(world: World) -> Call:
    if "call" not in world.kept:
        world.kept["call"] = make_call(world, phone="+15035550188")
    call: Call = world.kept["call"]
    return call


def _call_id(world: World) -> Mapping[str, Any]:
    return {"call_id": _call(world).pk}


def _told(world: World) -> Mapping[str, Any]:
    return {"site": str(world.main.site.unit_id), "received_at": now().isoformat(), "ended_at": now().isoformat()}


def _key(world: World) -> Mapping[str, Any]:
    return {"Idempotency-Key": "url-table"}


DESK = Role.FRONT_DESK
URLS = {
    "calls:numbers": Row(DESK, wrong=Role.BILLER, other="own"),
    "calls:list": Row(
        DESK, wrong=Role.BILLER, other="own", shows=lambda world: "(503) 555-0188" if _call(world) else ""
    ),
    "calls:show": Row(DESK, wrong=Role.BILLER, kwargs=_call_id),
    "calls:add": Row(DESK, wrong=Role.BILLER, other="own"),
    "calls:import": Row(Role.PRACTICE_MANAGER, wrong=DESK, other="own"),
    "POST /api/v1/calls": Row(DESK, wrong=Role.BILLER, method="post", data=_told, headers=_key),
}
