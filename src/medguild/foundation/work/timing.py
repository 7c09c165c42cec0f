"""When work is due: the time allowed, around the clock or in the open hours of its place."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from medguild.foundation.organization.local_time import zone_of_unit
from medguild.foundation.organization.models import Closure
from medguild.foundation.standards.resolution import StandardContext, resolve
from medguild.foundation.work.ports import WorkType
from medguild.foundation.work.presets import CLOSES, OPENS, WEEKDAYS
from medguild.foundation.work.routing import specialty_at
from medguild.foundation.work.rules import Clock, OpenHours, due_in_open_hours

_DAYS = {"mon_fri": range(5), "mon_sat": range(6), "all": range(7)}
# Closed days further ahead than the longest time allowed (90 working days) do not matter.
_AHEAD = dt.timedelta(days=200)


def due_after(
    declared: WorkType, allowed: dt.timedelta, *, unit_id: UUID, specialty: str, start: dt.datetime
) -> dt.datetime:
    """The moment at which work of the type that was opened at `start` is due."""
    if declared.clock == Clock.ALWAYS:
        return start + allowed
    zone = zone_of_unit(unit_id, on=start.date())
    wall = start.astimezone(zone).replace(tzinfo=None)
    hours = open_hours(unit_id, specialty, on=wall.date())
    return due_in_open_hours(wall, allowed, hours).replace(tzinfo=zone).astimezone(dt.UTC)


def time_allowed(declared: WorkType, unit_id: UUID, specialty: str, on: dt.date) -> dt.timedelta:
    """The standard of the type at a place."""
    value = resolve(declared.due_standard, StandardContext(unit_id=unit_id, specialty=specialty, on=on)).value
    if not isinstance(value, dt.timedelta):
        raise TypeError(declared.due_standard)
    return value


def open_hours(unit_id: UUID, specialty: str, *, on: dt.date) -> OpenHours:
    """When the place is open, by its standards, without the days on which it or a unit above it is closed."""
    context = StandardContext(unit_id=unit_id, specialty=specialty, on=on)
    opens, closes, days = (resolve(key, context).value for key in (OPENS, CLOSES, WEEKDAYS))
    closed = Closure.objects.filter(
        unit__paths_down__descendant_id=unit_id, unit__paths_down__period__contains=on, day__range=(on, on + _AHEAD)
    )
    return OpenHours(
        int(str(opens)), int(str(closes)), frozenset(_DAYS[str(days)]), frozenset(closed.values_list("day", flat=True))
    )


def is_open_at(unit_id: UUID, *, at: dt.datetime) -> bool:
    """Whether the place is open at an instant, by its standards and closed days."""
    zone = zone_of_unit(unit_id, on=at.date())
    wall = at.astimezone(zone).replace(tzinfo=None)
    return open_hours(unit_id, specialty_at(unit_id, on=wall.date()), on=wall.date()).open_at(wall)
