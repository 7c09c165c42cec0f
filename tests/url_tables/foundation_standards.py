"""Who may open the pages of standards."""

from __future__ import annotations

import datetime as dt
from typing import Any

from medguild.foundation.access.rules import Role
from medguild.foundation.standards.deviations import propose_deviation
from medguild.foundation.standards.models import Deviation, StandardSetting, Workflow
from medguild.foundation.standards.rules import WorkflowStatus
from medguild.foundation.standards.services import set_standard
from medguild.foundation.standards.workflows import move_workflow, write_workflow
from tests.factories.world import HOUSE, World
from tests.url_tables import Row

KEY = "work.handoff_due"
TODAY = dt.datetime.now(dt.UTC).date()


def _deviation(world: World) -> Deviation:
    if "deviation" not in world.kept:
        world.kept["deviation"] = propose_deviation(
            key=KEY, unit=world.main.practice, value=dt.timedelta(days=3), reason="Maple room is being rebuilt",
            start=TODAY, end=TODAY + dt.timedelta(days=30), by=world.actor(Role.PRACTICE_MANAGER),
        )  # fmt: skip
    return world.kept["deviation"]  # type: ignore[no-any-return]


def _setting(world: World) -> StandardSetting:
    if "setting" not in world.kept:
        world.kept["setting"] = set_standard(
            key="work.escalation_step", unit=world.main.practice, value=dt.timedelta(hours=7), by=HOUSE,
            note="agreed at the desk meeting",
        )  # fmt: skip
    return world.kept["setting"]  # type: ignore[no-any-return]


def _workflow(world: World) -> Workflow:
    if "workflow" not in world.kept:
        made = write_workflow(
            title="Keys of the drug cupboard", unit=world.main.entity, owner_role=Role.NURSE, text="Two people count.",
            check_question="Counted by two?", review_on=TODAY + dt.timedelta(days=90), by=HOUSE,
        )  # fmt: skip
        world.kept["workflow"] = move_workflow(workflow_id=made.pk, to=WorkflowStatus.IN_FORCE, by=HOUSE)
    return world.kept["workflow"]  # type: ignore[no-any-return]


def _key(world: World) -> dict[str, Any]:
    return {"key": KEY}


def _of_deviation(world: World) -> dict[str, Any]:
    return {"deviation_id": _deviation(world).pk}


def _of_workflow(world: World) -> dict[str, Any]:
    return {"workflow_id": _workflow(world).pk}


def _practice(world: World) -> str:
    return world.main.practice.name


URLS = {
    "standards:list": Row(Role.FRONT_DESK, other="own"),
    "standards:map": Row(Role.FRONT_DESK, other="own", shows=_practice),
    "standards:show": Row(
        Role.FRONT_DESK,
        other="own",
        kwargs=lambda world: {"key": _setting(world).key},
        shows=lambda world: "agreed at the desk meeting",
    ),
    "standards:set": Row(Role.PRACTICE_MANAGER, wrong=Role.FRONT_DESK, other="own", kwargs=_key, shows=_practice),
    "standards:deviate": Row(Role.CLINICIAN, wrong=Role.FRONT_DESK, other="own", kwargs=_key),
    "standards:mark": Row(Role.ADMINISTRATOR, wrong=Role.FRONT_DESK, other="own", kwargs=_key),
    "standards:clear": Row(
        Role.PRACTICE_MANAGER,
        wrong=Role.FRONT_DESK,
        method="post",
        kwargs=lambda world: {"key": _setting(world).key, "setting_id": _setting(world).pk},
    ),
    "standards:deviations": Row(Role.FRONT_DESK, other="own", shows=lambda world: _deviation(world).reason),
    "standards:deviation": Row(Role.FRONT_DESK, kwargs=_of_deviation, shows=lambda world: _deviation(world).reason),
    "standards:decide": Row(
        Role.PHYSICIAN_OWNER,
        wrong=Role.FRONT_DESK,
        method="post",
        kwargs=_of_deviation,
        data=lambda world: {"act": "approve"},
    ),
    "standards:workflows": Row(Role.FRONT_DESK, other="own", shows=lambda world: _workflow(world).title),
    "standards:workflow": Row(Role.FRONT_DESK, kwargs=_of_workflow, shows=lambda world: _workflow(world).title),
    "standards:write": Row(Role.PRACTICE_MANAGER, wrong=Role.FRONT_DESK, other="own"),
    "standards:rewrite": Row(Role.PRACTICE_MANAGER, wrong=Role.FRONT_DESK, kwargs=_of_workflow),
    "standards:move": Row(
        Role.PRACTICE_MANAGER,
        wrong=Role.FRONT_DESK,
        method="post",
        kwargs=_of_workflow,
        data=lambda world: {"to": "retired"},
    ),
    "standards:check": Row(Role.PRACTICE_MANAGER, wrong=Role.FRONT_DESK, method="post", kwargs=_of_workflow),
}
