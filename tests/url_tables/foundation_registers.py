"""Who may open the pages of registers."""

from __future__ import annotations

from typing import Any

from medguild.foundation.access.rules import Role
from medguild.foundation.registers.kept import REGULATIONS, TECHNOLOGY
from medguild.foundation.registers.models import RegisterEntry
from medguild.foundation.registers.services import add_entry
from tests.factories.world import HOUSE, World
from tests.url_tables import Row


def _regulation(world: World) -> RegisterEntry:
    if "regulation" not in world.kept:
        world.kept["regulation"] = add_entry(
            register=REGULATIONS, unit=world.main.entity, title="Harbor reads the new rule", source="CMS", change="x",
            by=HOUSE,
        )  # fmt: skip
    return world.kept["regulation"]  # type: ignore[no-any-return]


def _tool(world: World) -> RegisterEntry:
    if "tool" not in world.kept:
        world.kept["tool"] = add_entry(register=TECHNOLOGY, unit=world.main.entity, title="Harbor dictation", by=HOUSE)
    return world.kept["tool"]  # type: ignore[no-any-return]


def _of_regulation(world: World) -> dict[str, Any]:
    return {"entry_id": _regulation(world).pk}


def _of_tool(world: World) -> dict[str, Any]:
    return {"entry_id": _tool(world).pk}


OFFICER, DESK = Role.COMPLIANCE_OFFICER, Role.FRONT_DESK

URLS = {
    "registers:index": Row(DESK, other="own"),
    "regulations:list": Row(OFFICER, wrong=DESK, other="own", shows=lambda world: _regulation(world).title),
    "regulations:add": Row(OFFICER, wrong=DESK, other="own", shows=lambda world: world.main.practice.name),
    "regulations:show": Row(OFFICER, wrong=DESK, kwargs=_of_regulation, shows=lambda world: _regulation(world).title),
    "regulations:edit": Row(OFFICER, wrong=DESK, kwargs=_of_regulation),
    "regulations:move": Row(
        OFFICER, wrong=DESK, method="post", kwargs=_of_regulation, data=lambda world: {"to": "done"}
    ),
    "regulations:review": Row(
        OFFICER, wrong=DESK, method="post", kwargs=_of_regulation, data=lambda world: {"next_review": "2999-01-01"}
    ),
    "technology:list": Row(DESK, other="own", shows=lambda world: _tool(world).title),
    "technology:add": Row(Role.PRACTICE_MANAGER, wrong=DESK, other="own", shows=lambda world: world.main.practice.name),
    "technology:show": Row(DESK, kwargs=_of_tool, shows=lambda world: _tool(world).title),
    "technology:edit": Row(Role.PRACTICE_MANAGER, wrong=DESK, kwargs=_of_tool),
    "technology:move": Row(
        Role.PRACTICE_MANAGER, wrong=DESK, method="post", kwargs=_of_tool, data=lambda world: {"to": "approved"}
    ),
    "technology:review": Row(
        Role.PRACTICE_MANAGER,
        wrong=DESK,
        method="post",
        kwargs=_of_tool,
        data=lambda world: {"next_review": "2999-01-01"},
    ),
}
