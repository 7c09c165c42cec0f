"""Who may open which page of templates' versions, of visits that must move, and of holidays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from medguild.foundation.access.rules import Role
from medguild.operations.scheduling.models import Absence
from medguild.operations.scheduling.rules import AbsenceKind
from medguild.operations.scheduling.templating import record_absence
from medguild.operations.templates.models import MovePlan, PlannedMove, TemplateVersion
from medguild.operations.templates.previewing import plan_of
from tests.factories.scheduling import Schedule, coming, wall
from tests.factories.templates import begin, moves_of, previewed
from tests.factories.world import HOUSE, World
from tests.url_tables import Row
from tests.url_tables.operations_scheduling import plan


def drafted(world: World) -> TemplateVersion:
    if "template.draft" not in world.kept:
        world.kept["template.draft"] = begin(plan(world), HOUSE, coming(0, weeks=90))
    found: TemplateVersion = world.kept["template.draft"]
    return found


def looked_at(world: World) -> TemplateVersion:
    """A previewed version that makes one visit move."""
    if "template.previewed" not in world.kept:
        made: Schedule = plan(world)
        made.book(11, 20, patient=made.another())
        world.kept["template.previewed"] = previewed(made, HOUSE, end_minute=660)
    found: TemplateVersion = world.kept["template.previewed"]
    return found


def away(world: World) -> Absence:
    if "template.absence" not in world.kept:
        day = coming(0, weeks=85)
        world.kept["template.absence"] = record_absence(
            clinician=plan(world).clinician, start=wall(day, 9), end=wall(day, 10), kind=AbsenceKind.SICK, by=HOUSE
        )
    found: Absence = world.kept["template.absence"]
    return found


def moves(world: World) -> MovePlan:
    found = plan_of(looked_at(world))
    assert found is not None
    return found


def one_move(world: World) -> PlannedMove:
    return moves_of(looked_at(world))[0]


def clinician(world: World) -> Mapping[str, Any]:
    return {"clinician_id": plan(world).clinician.pk}


def draft(world: World) -> Mapping[str, Any]:
    return {"version_id": drafted(world).pk}


def seen(world: World) -> Mapping[str, Any]:
    return {"version_id": looked_at(world).pk}


def the_list(world: World) -> Mapping[str, Any]:
    return {"plan_id": moves(world).pk}


def the_move(world: World) -> Mapping[str, Any]:
    return {"move_id": one_move(world).pk}


def name_of_clinician(world: World) -> str:
    return plan(world).clinician.label()


_LOOK = {"right": Role.FRONT_DESK, "wrong": Role.HR}
_BOOK = {"right": Role.SCHEDULER, "wrong": Role.BILLER}
_KEEP = {"right": Role.PRACTICE_MANAGER, "wrong": Role.SCHEDULER}

URLS: dict[str, Row] = {
    "templates:list": Row(**_LOOK, other="own", shows=name_of_clinician),
    "templates:history": Row(**_LOOK, kwargs=clinician, shows=name_of_clinician),
    "templates:begin": Row(**_KEEP, kwargs=clinician, shows=name_of_clinician),
    "templates:show": Row(**_LOOK, kwargs=draft, shows=name_of_clinician),
    "templates:edit": Row(**_KEEP, kwargs=draft, shows=name_of_clinician),
    "templates:copy": Row(**_KEEP, kwargs=draft, method="post"),
    "templates:preview": Row(**_LOOK, kwargs=seen, shows=lambda world: one_move(world).appointment.patient.family_name),
    "templates:make_preview": Row(**_KEEP, kwargs=seen, method="post"),
    "templates:plans": Row(**_LOOK, other="own", query=lambda world: {"sort": "made_at"} if moves(world) else {}),
    "templates:moves": Row(
        **_LOOK, kwargs=the_list, shows=lambda world: one_move(world).appointment.patient.family_name
    ),
    "templates:accept_all": Row(**_BOOK, kwargs=the_list, method="post"),
    "templates:start": Row(**_BOOK, kwargs=the_list, method="post"),
    "templates:pick": Row(
        **_BOOK, kwargs=the_move, shows=lambda world: one_move(world).appointment.patient.family_name
    ),
    "templates:of_absence": Row(**_KEEP, kwargs=lambda world: {"absence_id": away(world).pk}, method="post"),
    "templates:holidays": Row(**_LOOK, kwargs=lambda world: {"site_id": plan(world).site.unit_id}),
    "templates:apply": Row(**_KEEP, kwargs=seen, method="post"),
    "templates:withdraw": Row(**_KEEP, kwargs=draft, method="post"),
    "templates:discard": Row(**_KEEP, kwargs=draft, method="post"),
}
