"""How days with several visits are put before people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from medguild.foundation.organization.people import Clinician
from medguild.operations.itineraries.models import CampusPlace, Itinerary
from medguild.operations.itineraries.plan_rules import HEIGHT, WIDTH, spots, way
from medguild.operations.itineraries.selectors import ShownDay, shown_day
from medguild.operations.itineraries.services import OfferedDay, Wanted
from medguild.operations.scheduling.week_rules import local_time


@dataclass(frozen=True, slots=True)
class ShownStop:
    start: dt.datetime
    visit: str
    clinician: str
    site: str
    walk: int
    wait: int
    pick: str


@dataclass(frozen=True, slots=True)
class ShownOffer:
    """`why` says how the visits fit."""

    day: dt.date
    zone: str
    why: str
    stops: list[ShownStop]


def shown_offers(
    offers: Sequence[OfferedDay], wanted: Sequence[Wanted], places: Sequence[CampusPlace]
) -> list[ShownOffer]:
    sites = {place.unit_id: place.unit for place in places}
    ids = {stop.at.key for one in offers for stop in one.plan.stops}
    clinicians = Clinician.objects.select_related("person").in_bulk(ids)
    return [_offer(one, wanted, sites, clinicians) for one in offers]


def _offer(
    one: OfferedDay, wanted: Sequence[Wanted], sites: dict[UUID, Any], clinicians: dict[UUID, Clinician]
) -> ShownOffer:
    stops = []
    for stop in one.plan.stops:
        unit, asked = sites[stop.at.place], wanted[stop.wish]
        start = local_time(unit.site.time_zone, stop.at.start)
        pick = f"{asked.visit_type.pk}|{stop.at.key}|{unit.pk}|{start.isoformat()}|{int(asked.follows)}"
        stops.append(ShownStop(
            start, asked.visit_type.name, clinicians[stop.at.key].label(), unit.label(), stop.walk, stop.wait, pick
        ))  # fmt: skip
    zone = sites[one.plan.stops[0].at.place].site.time_zone
    return ShownOffer(one.day, zone, fit_words(one.plan.minutes, one.plan.waiting, one.plan.walking), stops)


def fit_words(minutes: int, waiting: int, walking: int) -> str:
    """How well visits fit: all in all, of it waiting, of it walking."""
    hours, rest = divmod(minutes, 60)
    whole = _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": rest}
    return _("%(whole)s in all, %(waiting)s waiting, %(walking)s walking") % {
        "whole": whole, "waiting": _minutes(waiting), "walking": _minutes(walking),
    }  # fmt: skip


def _minutes(count: int) -> str:
    return ngettext("%(count)d minute", "%(count)d minutes", count) % {"count": count}


def day_context(made: Itinerary) -> dict[str, Any]:
    """A booked day: its parts in order, and the plan of the campus with the way."""
    shown = shown_day(made)
    return {"shown": shown, "plan": plan_of(shown), "zone": made.unit.site.time_zone}


def plan_of(shown: ShownDay) -> dict[str, Any]:
    places = shown.places
    numbers = {place.unit_id: number for number, place in enumerate(places)}
    stops = [
        numbers[part.visit.unit_id]
        for part in shown.parts
        if part.visit.holds_time and part.same_day and part.visit.unit_id in numbers
    ]
    labels = [(place.building or place.unit.label(), place.east, place.south) for place in places]
    drawn = spots(labels, stops)
    return {"spots": drawn, "way": way(drawn, stops), "width": WIDTH, "height": HEIGHT}
