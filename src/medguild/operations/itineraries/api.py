"""Days with several visits over the API: campuses, days that can hold the visits, a day booked as a whole."""

from __future__ import annotations

import datetime as dt
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from medguild.foundation.access.api import TokenAuth, actor_of, answer, idempotent, show
from medguild.foundation.kernel.clock import today
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.foundation.kernel.ids import new_id
from medguild.operations.itineraries import campuses, selectors, services
from medguild.operations.itineraries.errors import NotThatDay
from medguild.operations.itineraries.models import Campus, CampusPlace, Itinerary
from medguild.operations.itineraries.outside import Outside, outside
from medguild.operations.itineraries.rules import MOST_PARTS
from medguild.operations.itineraries.services import Chosen, OfferedDay, Wanted
from medguild.operations.scheduling import selectors as schedule
from medguild.operations.scheduling.api_changes import named_clinician
from medguild.operations.scheduling.api_schemas import NetworkAnswerIn, PageQuery, ProblemOut, said
from medguild.operations.scheduling.errors import NetworkAnswerNeeded
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.rules import ReasonCategory
from medguild.operations.scheduling.services import About
from medguild.operations.scheduling.week_rules import local_time
from medguild.patients.identity.models import Patient
from medguild.patients.identity.selectors import patient as visible_patient

router = Router(tags=["itineraries"])
_READ, _BOOK = TokenAuth(SchedulingRight.READ), TokenAuth(SchedulingRight.BOOK)
_REFUSALS = {404: ProblemOut, 409: ProblemOut, 422: ProblemOut}
Day = Annotated[dt.date, Field(ge=dt.date(2000, 1, 1), le=dt.date(2199, 12, 31))]


class PlaceOut(Schema):
    site: UUID
    name: str
    building: str


class CampusOut(Schema):
    id: UUID
    name: str
    sites: list[PlaceOut]


class CampusesOut(Schema):
    campuses: list[CampusOut]


class WantedIn(Schema):
    """A kind of visit that is wanted; with `follows` only when the one before it in the list is over."""

    visit_type: UUID
    follows: bool = False


class DaysIn(Schema):
    """Which visits on which campus, on the `days` from `start` on."""

    patient: UUID
    campus: UUID
    visits: list[WantedIn] = Field(min_length=1, max_length=MOST_PARTS)
    start: Day
    days: int = Field(default=14, ge=1, le=14)


class StopOut(Schema):
    """A visit of a day in its turn; `walk` and `wait` are the minutes before it."""

    visit_type: UUID
    clinician: UUID
    site: UUID
    start: dt.datetime
    follows: bool
    walk: int
    wait: int


class DayOut(Schema):
    """`minutes` from the first start to the last end, of them `waiting` and `walking`."""

    day: dt.date
    minutes: int
    waiting: int
    walking: int
    visits: list[StopOut]


class DaysOut(Schema):
    days: list[DayOut]


class ChosenIn(Schema):
    """One visit of the day that was chosen, as it was offered; `network_answer` is the answer to the words about it."""

    visit_type: UUID
    clinician: UUID
    site: UUID
    start: dt.datetime
    follows: bool = False
    network_answer: NetworkAnswerIn | None = None


class ItineraryIn(Schema):
    """`network_answer` is kept with each visit that is out of network and has none of its own."""

    patient: UUID
    campus: UUID
    visits: list[ChosenIn] = Field(min_length=1, max_length=MOST_PARTS)
    reason: str = Field(default="", max_length=2000)
    reason_category: ReasonCategory = ReasonCategory.OTHER
    network_answer: NetworkAnswerIn | None = None


class PartOut(Schema):
    """`fits` is false where the day no longer holds: given up, moved to another day, or too early after a walk."""

    appointment: UUID
    status: str
    visit_type: UUID
    clinician: UUID
    site: UUID
    start: dt.datetime
    end: dt.datetime
    walk: int
    wait: int
    fits: bool


class ItineraryRowOut(Schema):
    id: UUID
    patient: UUID
    campus: UUID
    day: dt.date


class ItineraryOut(ItineraryRowOut):
    whole: bool
    visits: list[PartOut]


class ItinerariesOut(Schema):
    count: int
    itineraries: list[ItineraryRowOut]


class ItineraryQuery(PageQuery):
    patient: UUID | None = None
    day: dt.date | None = None


@router.get("/campuses", auth=_READ, response={200: CampusesOut})
def campus_list(request: HttpRequest) -> HttpResponse:
    """Campuses with the sites that stand on them today."""
    found = campuses.campuses()
    return answer({"campuses": [_campus(one, campuses.places_of(one, on=today())) for one in found]})


@router.post("/itineraries/search", auth=_BOOK, response={200: DaysOut, **_REFUSALS})
def search(request: HttpRequest, body: DaysIn) -> HttpResponse:
    """Up to five days that can hold all visits, walks counted, the shortest first. Nothing is changed."""
    actor, campus = actor_of(request), _campus_named(body.campus)
    patient = visible_patient(actor, body.patient)
    wanted = [Wanted(schedule.visit_type(actor, one.visit_type), one.follows) for one in body.visits]
    found = services.find_days(
        patient=patient, campus=campus, wanted=wanted, start=body.start, days=body.days, by=actor
    )
    zones = {one.unit_id: one.unit.site.time_zone for one in campuses.places_of(campus, on=body.start)}
    return show(request, {"days": [_day(one, wanted, zones) for one in found]}, patients=[patient.pk])


@router.post("/itineraries", auth=_BOOK, response={201: ItineraryOut, **_REFUSALS})
def book(request: HttpRequest, body: ItineraryIn) -> HttpResponse:
    """Book all visits of a day, or none. Needs an `Idempotency-Key`.

    One that cannot be booked refuses the day with `not_that_day` and what was in the way (`because`); where it is the
    network, `out_of_network` tells of every such visit the words to be read to the patient and the price in cents.
    """
    if any(one.start.tzinfo is None for one in body.visits):
        raise Refusal("Send each start with its offset.", code="offset_missing", field="visits")

    def run() -> HttpResponse:
        actor = actor_of(request)
        patient, chosen = visible_patient(actor, body.patient), [_chosen(request, one) for one in body.visits]
        try:
            made = services.book_day(
                itinerary_id=new_id(), patient=patient, campus=_campus_named(body.campus), chosen=chosen, by=actor,
                about=About(body.reason_category, body.reason), network_answer=said(body.network_answer),
            )  # fmt: skip
        except NotThatDay as refusal:
            refusal.more |= _why(refusal, patient, chosen)
            raise
        response = _shown(request, made.pk)
        response.status_code = 201
        return response

    return idempotent(request, body.dict(), run)


@router.get("/itineraries", auth=_READ, response={200: ItinerariesOut})
def itinerary_list(request: HttpRequest, query: Query[ItineraryQuery]) -> HttpResponse:
    """Days that were booked, the latest first."""
    rows = selectors.itineraries(actor_of(request))
    if query.patient:
        rows = rows.filter(patient_id=query.patient)
    if query.day:
        rows = rows.filter(day=query.day)
    found = list(rows.order_by("-day", "-pk")[query.offset : query.offset + query.limit])
    body = {"count": rows.count(), "itineraries": [_row(one) for one in found]}
    return show(request, body, patients=[one.patient_id for one in found])


@router.get("/itineraries/{itinerary_id}", auth=_READ, response={200: ItineraryOut, 404: ProblemOut})
def itinerary(request: HttpRequest, itinerary_id: UUID) -> HttpResponse:
    """A day with its visits as they stand."""
    return _shown(request, itinerary_id)


def _campus_named(campus_id: UUID) -> Campus:
    """Raises NotVisible."""
    found = Campus.objects.filter(pk=campus_id).first()
    if found is None:
        raise NotVisible
    return found


def _chosen(request: HttpRequest, one: ChosenIn) -> Chosen:
    actor = actor_of(request)
    site = schedule.site(actor, one.site, SchedulingRight.BOOK)
    kind = schedule.visit_type(actor, one.visit_type)
    return Chosen(kind, named_clinician(one.clinician), site, one.start, one.follows, said(one.network_answer))


def _why(refusal: NotThatDay, patient: Patient, chosen: list[Chosen]) -> dict[str, object]:
    """Why booking refused the visit that stops the day, and, where it is the network, what to tell of each visit."""
    cause = refusal.__cause__
    if not isinstance(cause, Refusal):
        return {}
    because: dict[str, object] = {"because": {"code": cause.code, "detail": cause.message}}
    if isinstance(cause, NetworkAnswerNeeded):
        because["out_of_network"] = [_outside(one) for one in outside(patient, chosen)]
    return because


def _outside(one: Outside) -> dict[str, object]:
    visit = one.visit
    return {
        "visit_type": visit.visit_type.pk,
        "clinician": visit.clinician.pk,
        "site": visit.site.unit_id,
        "start": visit.start.astimezone(ZoneInfo(visit.site.time_zone)),
        "price": one.told.check.price,
        "words": one.told.words,
    }


def _campus(campus: Campus, places: list[CampusPlace]) -> dict[str, object]:
    sites = [{"site": one.unit_id, "name": one.unit.name, "building": one.building} for one in places]
    return {"id": campus.pk, "name": campus.name, "sites": sites}


def _day(one: OfferedDay, wanted: list[Wanted], zones: dict[UUID, str]) -> dict[str, object]:
    plan = one.plan
    visits = [
        {
            "visit_type": wanted[stop.wish].visit_type.pk,
            "clinician": stop.at.key,
            "site": stop.at.place,
            "start": local_time(zones[stop.at.place], stop.at.start),
            "follows": wanted[stop.wish].follows,
            "walk": stop.walk,
            "wait": stop.wait,
        }
        for stop in plan.stops
    ]
    return {
        "day": one.day, "minutes": plan.minutes, "waiting": plan.waiting, "walking": plan.walking, "visits": visits
    }  # fmt: skip


def _row(made: Itinerary) -> dict[str, object]:
    return {"id": made.pk, "patient": made.patient_id, "campus": made.campus_id, "day": made.day}


def _shown(request: HttpRequest, itinerary_id: UUID) -> HttpResponse:
    made = selectors.itinerary(actor_of(request), itinerary_id)
    day = selectors.shown_day(made)
    visits = [_part(part) for part in day.parts]
    return show(request, {**_row(made), "whole": day.whole, "visits": visits}, patients=[made.patient_id])


def _part(part: selectors.ShownPart) -> dict[str, object]:
    visit = part.visit
    place = ZoneInfo(visit.unit.site.time_zone)
    return {
        "appointment": visit.pk,
        "status": visit.status,
        "visit_type": visit.visit_type_id,
        "clinician": visit.clinician_id,
        "site": visit.unit_id,
        "start": visit.start.astimezone(place),
        "end": visit.end.astimezone(place),
        "walk": part.walk,
        "wait": part.wait,
        "fits": part.fits,
    }
