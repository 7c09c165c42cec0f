"""Who may open the pages of recalls."""

from __future__ import annotations

from typing import Any

from medguild.foundation.access.rules import Role
from medguild.operations.recalls.models import Recall, RecallRule
from tests.factories.recalls import due
from tests.factories.scheduling import visit_type
from tests.factories.world import World
from tests.url_tables import Row
from tests.url_tables.operations_scheduling import key, patient, plan


def recalled(world: World) -> Recall:
    if "recalls.recall" not in world.kept:
        world.kept["recalls.recall"] = due(plan(world))
    found: Recall = world.kept["recalls.recall"]
    return found


def recall(world: World) -> dict[str, Any]:
    return {"recall_id": recalled(world).pk}


def rule(world: World) -> dict[str, Any]:
    if "recalls.rule" not in world.kept:
        made, kind = plan(world), visit_type()
        world.kept["recalls.rule"] = RecallRule.objects.create(
            unit=made.site.unit, after_type=kind, due_type=kind, months=12
        )
    return {"rule_id": world.kept["recalls.rule"].pk}


def wanted(world: World) -> dict[str, Any]:
    made = plan(world)
    return {
        "patient": str(made.patient.pk), "visit_type": str(made.kind.pk), "site": str(made.site.unit_id),
        "due_on": str(made.monday),
    }  # fmt: skip


_BOOK: dict[str, Any] = {"right": Role.SCHEDULER, "wrong": Role.BILLER, "headers": key}

URLS = {
    "GET /api/v1/recalls": Row(
        Role.FRONT_DESK, wrong=Role.HR, other="own", shows=lambda world: str(recalled(world).pk)
    ),
    "POST /api/v1/recalls": Row(**_BOOK, data=wanted),
    "GET /api/v1/recalls/{recall_id}": Row(Role.BILLER, wrong=Role.HR, kwargs=recall),
    "POST /api/v1/recalls/{recall_id}/contacts": Row(
        **_BOOK, kwargs=recall, data=lambda _: {"way": "phone", "outcome": "no_answer"}
    ),
    "POST /api/v1/recalls/{recall_id}/due": Row(
        **_BOOK, kwargs=recall, data=lambda world: {"due_on": str(plan(world).monday)}
    ),
    "POST /api/v1/recalls/{recall_id}/close": Row(**_BOOK, kwargs=recall, data=lambda _: {"reason": "not_needed"}),
    "recalls:list": Row(
        Role.FRONT_DESK, wrong=Role.HR, other="own", shows=lambda world: recalled(world).patient.family_name
    ),
    "recalls:add": Row(Role.SCHEDULER, wrong=Role.BILLER, kwargs=patient),
    "recalls:show": Row(Role.BILLER, wrong=Role.HR, kwargs=recall),
    "recalls:contact": Row(Role.SCHEDULER, wrong=Role.BILLER, method="post", kwargs=recall),
    "recalls:put_off": Row(Role.SCHEDULER, wrong=Role.BILLER, method="post", kwargs=recall),
    "recalls:close": Row(Role.SCHEDULER, wrong=Role.BILLER, method="post", kwargs=recall),
    "recalls:rules": Row(Role.PRACTICE_MANAGER, wrong=Role.FRONT_DESK, other="own"),
    "recalls:end_rule": Row(Role.PRACTICE_MANAGER, wrong=Role.FRONT_DESK, method="post", kwargs=rule),
    "recalls:import": Row(Role.SCHEDULER, wrong=Role.BILLER, other="own"),
}
