"""Questions about days with several visits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import local_date
from medguild.foundation.kernel.errors import NotVisible
from medguild.operations.itineraries.campuses import places_of, walks_between
from medguild.operations.itineraries.models import CampusPlace, Itinerary, ItineraryPart
from medguild.operations.itineraries.rules import Leg, broken
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.permissions import SchedulingRight

_VISIBLE = "the day is visible"


def itineraries(actor: Actor, right: str = SchedulingRight.READ) -> QuerySet[Itinerary]:
    rows: QuerySet[Itinerary] = Itinerary.objects.visible_to(actor, right)
    return rows.select_related("patient", "campus", "unit__site")


def itinerary(actor: Actor, itinerary_id: UUID, right: str = SchedulingRight.READ) -> Itinerary:
    """Raises NotVisible."""
    found = itineraries(actor, right).filter(pk=itinerary_id).first()
    if found is None:
        raise NotVisible
    return found


def itineraries_of(actor: Actor, patient_ids: Iterable[UUID]) -> QuerySet[Itinerary]:
    return itineraries(actor).filter(patient_id__in=list(patient_ids)).order_by("-day")


def day_of_visit(appointment: Appointment) -> Itinerary | None:
    """The day to which a visit belongs; the caller sees the visit."""
    rows = ItineraryPart.objects.unscoped("the visit is visible").select_related(
        "itinerary__campus", "itinerary__unit__site"
    )
    part = rows.filter(appointment=appointment).first()
    return part.itinerary if part else None


@dataclass(frozen=True, slots=True)
class ShownPart:
    """A visit of the day in the order of time; `walk` minutes lead to it; `fits` is false where the day broke."""

    visit: Appointment
    walk: int
    wait: int
    fits: bool
    same_day: bool


@dataclass(frozen=True, slots=True)
class ShownDay:
    parts: list[ShownPart]
    places: list[CampusPlace]

    @property
    def whole(self) -> bool:
        return all(part.fits for part in self.parts)


def shown_day(made: Itinerary) -> ShownDay:
    """The visits as they stand now, with the walks between them and what no longer fits."""
    rows = ItineraryPart.objects.unscoped(_VISIBLE).filter(itinerary=made)
    visits = [
        part.appointment
        for part in rows.select_related(
            "appointment__visit_type", "appointment__clinician__person", "appointment__unit__site", "appointment__room"
        )
    ]
    visits.sort(key=lambda visit: (not visit.holds_time, visit.start))
    places = places_of(made.campus, on=made.day)
    walks = walks_between(places, on=made.day)
    legs = [
        Leg(_minute(visit.start), _minute(visit.end), visit.unit_id, visit.holds_time) for visit in visits
    ]  # fmt: skip
    same = [local_date(visit.start, visit.unit.site.time_zone) == made.day for visit in visits]
    bad = set(broken(legs, walks, same_day=same))
    parts: list[ShownPart] = []
    for number, visit in enumerate(visits):
        before = legs[number - 1] if number else None
        walk = walks.get((before.place, visit.unit_id), 0) if before else 0
        wait = max(0, legs[number].start - before.end - walk) if before else 0
        parts.append(ShownPart(visit, walk, wait, number not in bad, same[number]))
    return ShownDay(parts, places)


def _minute(moment: dt.datetime) -> int:
    return int(moment.timestamp()) // 60
