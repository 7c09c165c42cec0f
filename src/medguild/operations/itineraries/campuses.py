"""Campuses: which sites are a walk apart, and how long the walk takes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.organization.models import Unit
from medguild.operations.itineraries.errors import BadCampus
from medguild.operations.itineraries.models import Campus, CampusPlace, WalkingTime
from medguild.operations.itineraries.rules import Place, walking_minutes
from medguild.operations.scheduling.checks import refuse_invisible
from medguild.operations.scheduling.permissions import SchedulingRight

PLACED = declare_event("campus.place_set", gettext_lazy("Site placed on a campus"), icon="map-pin")
MEASURED = declare_event("campus.walk_measured", gettext_lazy("Walk measured"), icon="route")


@transaction.atomic
def found_campus(*, name: str, by: Actor) -> Campus:
    """A campus by its name; one that there is already is returned."""
    if not name.strip():
        raise BadCampus(_("Give the campus a name."), field="name")
    campus, _made = Campus.objects.get_or_create(name=name.strip())
    return campus


@transaction.atomic
def place_site(
    *, campus: Campus, unit: Unit, at: Place, start: dt.date, by: Actor, building: str = ""
) -> CampusPlace:  # fmt: skip
    """A site stands on the campus from a day on; where it stood before ends there."""
    refuse_invisible(by, unit.pk, SchedulingRight.TEMPLATES)
    before = CampusPlace.objects.filter(unit=unit, period__contains=start).first()
    if before is not None and before.period.lower == start:
        before.delete()
    elif before is not None:
        before.period = DateRange(before.period.lower, start)
        before.save(update_fields=["period"])
    placed = CampusPlace.objects.create(
        campus=campus, unit=unit, building=building.strip(), east=at.east, south=at.south, period=DateRange(start, None)
    )
    record(PLACED, subject=SubjectRef("campus", campus.pk, campus.name), by=by, unit_id=unit.pk)
    return placed


@transaction.atomic
def measure_walk(*, one: Unit, other: Unit, minutes: int, start: dt.date, by: Actor) -> WalkingTime:
    """Minutes between two sites as somebody walked them; they hold instead of what the plan says."""
    refuse_invisible(by, one.pk, SchedulingRight.TEMPLATES)
    if one.pk == other.pk or not 1 <= minutes <= 120:
        raise BadCampus(_("Write 1 to 120 minutes between two different sites."), field="minutes")
    low, high = sorted([one, other], key=lambda unit: unit.pk)
    known = WalkingTime.objects.filter(one=low, other=high, period__contains=start).first()
    if known is not None and known.period.lower == start:
        known.delete()
    elif known is not None:
        known.period = DateRange(known.period.lower, start)
        known.save(update_fields=["period"])
    made = WalkingTime.objects.create(one=low, other=high, minutes=minutes, period=DateRange(start, None))
    record(MEASURED, subject=SubjectRef("campus", None, ""), by=by, unit_id=one.pk, data={"minutes": minutes})
    return made


def places_of(campus: Campus, *, on: dt.date) -> list[CampusPlace]:
    """Sites of the campus on a day, by name."""
    rows = CampusPlace.objects.filter(campus=campus, period__contains=on).select_related("unit__site")
    return list(rows.order_by("unit__name"))


def walks_between(places: Sequence[CampusPlace], *, on: dt.date) -> dict[tuple[UUID, UUID], int]:
    """Minutes between each two places, both ways: measured, or worked out from the plan."""
    ids = [place.unit_id for place in places]
    measured = {
        (row.one_id, row.other_id): row.minutes
        for row in WalkingTime.objects.filter(one__in=ids, other__in=ids, period__contains=on)
    }
    found: dict[tuple[UUID, UUID], int] = {}
    for one in places:
        for other in places:
            if one.unit_id == other.unit_id:
                continue
            pair = (min(one.unit_id, other.unit_id), max(one.unit_id, other.unit_id))
            drawn = walking_minutes(Place(one.east, one.south), Place(other.east, other.south))
            found[one.unit_id, other.unit_id] = measured.get(pair, drawn)
    return found


def campuses() -> list[Campus]:
    return list(Campus.objects.order_by("name"))
