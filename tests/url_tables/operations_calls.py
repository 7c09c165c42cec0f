"""Calls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from medguild.foundation.access.rules import Role
from medguild.foundation.kernel.clock import now
from medguild.foundation.work.duties import assign_duty
from medguild.foundation.work.models import WorkItem
from medguild.operations.calls.models import Call, HoldAlert
from tests.factories.calls import make_call
from tests.factories.world import HOUSE, START, World
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


def _line(world: World) -> Mapping[str, Any]:
    return {"site": str(world.main.site.unit_id), "waiting": 1, "longest_seconds": 5}


def _alert(world: World) -> Mapping[str, Any]:
    if "alert" not in world.kept:
        at = now()
        world.kept["alert"] = HoldAlert.objects.create(
            site=world.main.site.unit, began_at=at, last_at=at, limit_seconds=60, worst_seconds=61
        )
    return {"alert_id": world.kept["alert"].pk}


def _item(world: World) -> Mapping[str, Any]:
    if "call_back" not in world.kept:
        assign_duty(work_type="call_back", unit=world.main.entity, role=Role.FRONT_DESK, start=START, by=HOUSE)
        missed = make_call(world, talk=None, wait=60, phone="+15035550189")
        world.kept["call_back"] = WorkItem.objects.unscoped("test").get(subject_id=missed.pk)
    return {"item_id": world.kept["call_back"].pk}


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
    "calls:now": Row(DESK, wrong=Role.BILLER, other="own"),
    "calls:call_backs": Row(DESK, wrong=Role.BILLER, other="own"),
    "calls:called_back": Row(DESK, wrong=Role.AUDITOR, method="post", kwargs=_item),
    "calls:alerts": Row(DESK, wrong=Role.BILLER, other="own"),
    "calls:alert": Row(DESK, wrong=Role.BILLER, kwargs=_alert),
    "PUT /api/v1/calls/waiting": Row(DESK, wrong=Role.BILLER, method="put", data=_line),
    "POST /api/v1/calls": Row(DESK, wrong=Role.BILLER, method="post", data=_told, headers=_key),
}
