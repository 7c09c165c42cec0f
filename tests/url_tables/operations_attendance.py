"""Who may open which page of attendance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from medguild.foundation.access.rules import Role
from medguild.operations.attendance.models import NoShowModel
from tests.factories.attendance import live, trained
from tests.factories.world import World
from tests.url_tables import Row
from tests.url_tables.operations_scheduling import plan


def _model(world: World) -> Mapping[str, Any]:
    """The group's model; a member of the IPA has its own."""
    if "attendance" not in world.kept:
        made = plan(world)
        live(made, visits=250, people=40)
        world.kept["attendance"] = trained(world, made, unit=world.main.entity)
    model: NoShowModel = world.kept["attendance"]
    return {"model_id": model.pk}


def _site(world: World) -> Mapping[str, Any]:
    return {"site_id": plan(world).site.unit_id}


def _unit(world: World) -> Mapping[str, Any]:
    return {"unit_id": world.enterprise.pk}


DESK, MANAGER = Role.SCHEDULER, Role.PRACTICE_MANAGER
URLS = {
    "attendance:rates": Row(DESK, wrong=Role.BILLER, other="own"),
    "attendance:visits": Row(DESK, wrong=Role.BILLER, other="own"),
    "attendance:sessions": Row(DESK, wrong=Role.BILLER, other="own"),
    "attendance:sessions_of": Row(DESK, wrong=Role.BILLER, kwargs=_site),
    "attendance:chosen": Row(DESK, wrong=Role.BILLER, other="own"),
    "attendance:choices": Row(DESK, wrong=Role.BILLER, other="own"),
    "attendance:model": Row(DESK, wrong=Role.BILLER, other="own"),
    "attendance:version": Row(DESK, wrong=Role.BILLER, kwargs=_model),
    "attendance:train": Row(MANAGER, wrong=DESK, method="post", other="own", kwargs=_unit),
    "attendance:fairness": Row(MANAGER, wrong=DESK, other="own"),
    "attendance:fairness_of": Row(MANAGER, wrong=DESK, kwargs=_model),
}
