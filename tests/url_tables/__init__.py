"""The permission table of all URLs: rows by wing, gathered here. README.md tells how to add some."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Literal
from uuid import UUID

from medguild.foundation.access.rules import Role
from medguild.foundation.organization.models import Unit
from tests.factories.world import World

Given = Callable[[World], Mapping[str, Any]]
LET_IN = frozenset({200, 201, 204, 302, 303, 400, 405, 409, 422})


def nothing(world: World) -> Mapping[str, Any]:
    return {}


def main_entity(world: World) -> Unit:
    return world.main.entity


@dataclass(frozen=True)
class Row:
    """Who may open a URL; see README.md."""

    right: Role | None
    wrong: Role | None = None
    kwargs: Given = nothing
    query: Given = nothing
    data: Given = nothing
    headers: Given = nothing
    method: str = "get"
    other: Literal["refused", "own"] = "refused"
    shows: Callable[[World], str] | None = None
    unit: Callable[[World], Unit] = main_entity
    record: Callable[[World], UUID] | None = None
    ok: frozenset[int] = LET_IN


def gather() -> dict[str, Row]:
    """All rows; a URL listed twice is a mistake."""
    rows: dict[str, Row] = {}
    for module in pkgutil.iter_modules(__path__):
        for name, row in import_module(f"{__name__}.{module.name}").URLS.items():
            if name in rows:
                raise ValueError(f"{name} is listed twice in tests/url_tables")
            rows[name] = row
    return rows
