"""Duties and items for tests."""

from __future__ import annotations

import datetime as dt

from medguild.foundation.access.rules import Role
from medguild.foundation.organization.models import Unit
from medguild.foundation.work.duties import assign_duty
from medguild.foundation.work.models import Duty, WorkItem
from medguild.foundation.work.presets import REFILL
from medguild.foundation.work.services import open_item
from tests.factories.world import HOUSE, START, World


def duty(world: World, unit: Unit | None = None, work_type: str = REFILL, **changes: object) -> Duty:
    """Nurses answer, medical assistants stand in, at the main entity unless said otherwise."""
    wanted: dict[str, object] = {
        "work_type": work_type,
        "unit": unit or world.main.entity,
        "role": Role.NURSE,
        "backup_role": Role.MEDICAL_ASSISTANT,
        "start": START,
        "by": HOUSE,
    }
    return assign_duty(**(wanted | changes))  # type: ignore[arg-type]


def item(world: World, unit: Unit | None = None, work_type: str = REFILL, **changes: object) -> WorkItem:
    """An item at the main site; its duty must stand already."""
    place = unit or world.main.site.unit
    return open_item(work_type=work_type, unit_id=place.pk, by=HOUSE, **changes)  # type: ignore[arg-type]


def hours(number: float) -> dt.timedelta:
    return dt.timedelta(hours=number)
