"""Who may open the calendar, and what its screens ask."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from medguild.foundation.access.rules import Role
from medguild.foundation.kernel.clock import now
from medguild.operations.calendar import ticket
from medguild.operations.calendar.changes import look
from medguild.operations.calendar.rules import Span
from tests.factories.world import World
from tests.url_tables import Row
from tests.url_tables.operations_scheduling import appointment, booked, name_of_patient, plan, site


def day(world: World) -> Mapping[str, Any]:
    return {"day": str(booked(world).start.date())}


def seen(world: World, *, current: bool = True) -> Mapping[str, Any]:
    """The ticket of a screen, of now or from before everything."""
    made = plan(world)
    span = Span(made.site.unit_id, made.site.time_zone, booked(world).start.date())
    version = look(span, at=now()) if current else "of before"
    return {"Medguild-Ticket": ticket.write(span, version, "")}


def behind(world: World) -> Mapping[str, Any]:
    return seen(world, current=False)


_LOOK = {"right": Role.FRONT_DESK, "wrong": Role.HR}
_BOOK = {"right": Role.SCHEDULER, "wrong": Role.BILLER}

URLS: dict[str, Row] = {
    "calendar:usual": Row(**_LOOK, other="own"),
    "calendar:page": Row(**_LOOK, kwargs=site, query=day, shows=lambda world: plan(world).site.unit.name),
    "calendar:feed": Row(**_LOOK, kwargs=site, query=day, shows=name_of_patient),
    "calendar:news": Row(**_LOOK, method="post", headers=behind, shows=name_of_patient),
    "calendar:ask": Row(right=None, headers=seen),
    "calendar:panel": Row(**_LOOK, kwargs=appointment, shows=name_of_patient),
    "calendar:shift": Row(**_BOOK, kwargs=appointment, shows=name_of_patient),
    "calendar:back": Row(**_BOOK, kwargs=appointment, method="post"),
}
