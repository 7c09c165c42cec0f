"""Who may open the pages of recalls."""

from __future__ import annotations

from typing import Any

from medguild.foundation.access.rules import Role
from medguild.operations.recalls.models import Recall, RecallRule
from tests.factories.recalls import due
from tests.factories.scheduling import visit_type
from tests.factories.world import World
from tests.url_tables import Row
from tests.url_tables.operations_scheduling import patient, plan


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


URLS = {
    "recalls:list": Row(
        Role.FRONT_DESK, wrong=Role.HR, other="own", shows=lambda world: recalled(world).patient.family_name
    ),
    "recalls:add": Row(Role.SCHEDULER, wrong=Role.BILLER, kwargs=patient),
    "recalls:show": Row(Role.BILLER, wrong=Role.HR, kwargs=recall),
    "recalls:contact": Row(Role.SCHEDULER, wrong=Role.BILLER, method="post", kwargs=recall),
    "recalls:close": Row(Role.SCHEDULER, wrong=Role.BILLER, method="post", kwargs=recall),
    "recalls:rules": Row(Role.PRACTICE_MANAGER, wrong=Role.FRONT_DESK, other="own"),
    "recalls:end_rule": Row(Role.PRACTICE_MANAGER, wrong=Role.FRONT_DESK, method="post", kwargs=rule),
    "recalls:import": Row(Role.SCHEDULER, wrong=Role.BILLER, other="own"),
}
