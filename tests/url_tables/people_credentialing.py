"""Who may open the pages of credentials."""

from __future__ import annotations

from typing import Any

from medguild.foundation.access.rules import Role
from medguild.people.credentialing.services import register_telehealth
from tests.factories.credentials import make_compact
from tests.factories.world import HOUSE, START, World
from tests.url_tables import Row

KEEPER = Role.CREDENTIALING_SPECIALIST


def of_clinician(world: World) -> dict[str, Any]:
    return {"clinician_id": world.main.clinician.pk}


def of_compact(world: World) -> dict[str, Any]:
    if "credentialing.compact" not in world.kept:
        world.kept["credentialing.compact"] = make_compact("OR")
    return {"compact_id": world.kept["credentialing.compact"].pk}


def of_row(world: World) -> dict[str, Any]:
    if "credentialing.row" not in world.kept:
        world.kept["credentialing.row"] = register_telehealth(
            clinician=world.main.clinician, state="WA", number="1", start=START, by=HOUSE
        )
    return {"what": "telehealth", "row_id": world.kept["credentialing.row"].pk}


URLS = {
    "credentialing:list": Row(
        Role.PRACTICE_MANAGER, wrong=Role.BILLER, other="own", shows=lambda world: str(world.main.clinician.pk)
    ),
    "credentialing:compacts": Row(Role.SCHEDULER, wrong=Role.BILLER, other="own"),
    "credentialing:new_compact": Row(KEEPER, wrong=Role.SCHEDULER, other="own"),
    "credentialing:compact": Row(KEEPER, wrong=Role.SCHEDULER, other="own", kwargs=of_compact),
    "credentialing:privilege_types": Row(Role.SCHEDULER, wrong=Role.BILLER, other="own"),
    "credentialing:clinician": Row(Role.SCHEDULER, wrong=Role.BILLER, kwargs=of_clinician),
    "credentialing:compact_privilege": Row(KEEPER, wrong=Role.SCHEDULER, kwargs=of_clinician),
    "credentialing:telehealth": Row(KEEPER, wrong=Role.SCHEDULER, kwargs=of_clinician),
    "credentialing:privilege": Row(KEEPER, wrong=Role.SCHEDULER, kwargs=of_clinician),
    "credentialing:end": Row(KEEPER, wrong=Role.SCHEDULER, kwargs=of_row),
}
