"""Finding a day on which a patient can have several visits on one campus, and booking all of it or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import local_date, now
from medguild.foundation.kernel.errors import NotAllowed, NotVisible, Refusal
from medguild.foundation.organization.models import Site
from medguild.foundation.organization.people import Clinician
from medguild.operations.itineraries.campuses import places_of, walks_between
from medguild.operations.itineraries.errors import NotThatDay
from medguild.operations.itineraries.models import Campus, Itinerary, ItineraryPart
from medguild.operations.itineraries.rules import Day, Start, Wish, best_days
from medguild.operations.scheduling.models import Appointment, VisitType
from medguild.operations.scheduling.network.rules import Said
from medguild.operations.scheduling.placing import lock_for_visits
from medguild.operations.scheduling.protocol import as_resource, guarded_transaction
from medguild.operations.scheduling.rules import HOLDING
from medguild.operations.scheduling.selectors import find_slots
from medguild.operations.scheduling.services import NOTHING_SAID, About, book_appointment
from medguild.operations.scheduling.slot_rules import Opening
from medguild.patients.identity.models import Patient

MADE = declare_event("itinerary.made", gettext_lazy("Day with several visits booked"), icon="route")
LONGEST_LOOK = dt.timedelta(days=14)
MOST_DAYS = 5


@dataclass(frozen=True, slots=True)
class Wanted:
    """A visit that is wanted; `follows` says that the one before it in the list must be over."""

    visit_type: VisitType
    follows: bool = False


@dataclass(frozen=True, slots=True)
class OfferedDay:
    """A day that can hold all visits, in the order of its stops."""

    day: dt.date
    plan: Day


@dataclass(frozen=True, slots=True)
class Chosen:
    """One visit of a day that was chosen; `network_answer` is what the patient said to the words about this one."""

    visit_type: VisitType
    clinician: Clinician
    site: Site
    start: dt.datetime
    follows: bool = False
    network_answer: Said | None = None


def find_days(
    *,
    patient: Patient,
    campus: Campus,
    wanted: Sequence[Wanted],
    start: dt.date,
    by: Actor,
    days: int = 14,
    at: dt.datetime | None = None,
) -> list[OfferedDay]:
    """Days of the campus that can hold all visits, the shortest way of each, shortest first; at most five.

    One search for each kind of visit, then a pure search for each day.
    """
    places = places_of(campus, on=start)
    walks = walks_between(places, on=start)
    end = start + min(dt.timedelta(days=days), LONGEST_LOOK)
    units = [place.unit_id for place in places]
    busy = _busy(patient, start, end)
    by_type = {
        kind: _by_day(
            find_slots(actor=by, visit_type_id=kind, units=units, start=start, end=end, at=at or now()), busy
        )
        for kind in {one.visit_type.pk for one in wanted}
    }  # fmt: skip
    found: list[OfferedDay] = []
    for day in sorted(set.intersection(*(set(one) for one in by_type.values())) if by_type else set()):
        wishes = [
            Wish(by_type[one.visit_type.pk][day], frozenset({number - 1}) if one.follows and number else frozenset())
            for number, one in enumerate(wanted)
        ]
        plans = best_days(wishes, walks, most=1)
        found += [OfferedDay(day, plan) for plan in plans]
    return sorted(found, key=lambda one: (one.plan.minutes, one.day))[:MOST_DAYS]


def _by_day(openings: Sequence[Opening], busy: Sequence[tuple[int, int]]) -> dict[dt.date, list[Start]]:
    found: dict[dt.date, list[Start]] = {}
    for opening in openings:
        session = opening.session
        for start in opening.starts:
            end = start + session.minutes
            if not any(start < until and since < end for since, until in busy):
                found.setdefault(opening.day, []).append(Start(start, end, session.unit_id, session.clinician_id))
    return found


def _busy(patient: Patient, start: dt.date, end: dt.date) -> list[tuple[int, int]]:
    """When the patient has something else, in minutes."""
    margin = dt.timedelta(days=1)
    rows = Appointment.objects.unscoped("only whether the patient is free").filter(
        patient_id=patient.pk, status__in=HOLDING, start__date__gte=start - margin, start__date__lt=end + margin
    )
    return [
        (int(since.timestamp()) // 60, int(until.timestamp()) // 60)
        for since, until in rows.values_list("start", "end")
    ]


def book_day(
    *,
    itinerary_id: UUID,
    patient: Patient,
    campus: Campus,
    chosen: Sequence[Chosen],
    by: Actor,
    about: About = NOTHING_SAID,
    network_answer: Said | None = None,
    at: dt.datetime | None = None,
) -> Itinerary:
    """Book all visits of a day in one transaction. Sent twice with one id, it books once.

    `network_answer` is the answer to all visits that have none of their own.
    Raises NotThatDay with the visit that was refused, and why.
    """
    moment = at or now()
    ordered = sorted(chosen, key=lambda one: one.start)
    if not ordered:
        raise NotThatDay(_("Choose at least one visit."))

    def known() -> Itinerary | None:
        found: Itinerary | None = Itinerary.objects.visible_to(by).filter(pk=itinerary_id, patient=patient).first()
        return found

    def run() -> Itinerary:
        day = _one_day(ordered, campus)
        asked = [(one.visit_type.pk, one.site.unit_id) for one in ordered]
        lock_for_visits(
            asked, clinicians=[one.clinician for one in ordered], people=[as_resource(patient)], start=day,
            end=day + dt.timedelta(days=1),
        )  # fmt: skip
        if (sent_before := known()) is not None:  # the first of two that came at once has the patient's lock before
            return sent_before
        made: Itinerary = Itinerary.objects.create(
            pk=itinerary_id, patient=patient, campus=campus, unit_id=ordered[0].site.unit_id, made_at=moment, day=day
        )
        for place, one in enumerate(ordered, start=1):
            visit = _book(one, patient, by, about, network_answer, moment)
            ItineraryPart.objects.create(itinerary=made, place=place, appointment=visit, must_follow=one.follows)
        record(
            MADE, subject=SubjectRef("itinerary", made.pk, campus.name), by=by, patient_id=patient.pk,
            unit_id=made.unit_id, data={"visits": len(ordered)},
        )  # fmt: skip
        return made

    return known() or guarded_transaction(run)


def _one_day(ordered: Sequence[Chosen], campus: Campus) -> dt.date:
    """The local day of all visits. Raises NotThatDay for one on another day, or at a site that is not on the campus."""
    days = {local_date(one.start, one.site.time_zone) for one in ordered}
    day = min(days)
    placed = {place.unit_id for place in places_of(campus, on=day)}
    if len(days) > 1 or any(one.site.unit_id not in placed for one in ordered):
        raise NotThatDay(_("All visits are on one day, at sites of the campus. Search for days again."))
    return day


def _book(
    one: Chosen, patient: Patient, by: Actor, about: About, network_answer: Said | None, moment: dt.datetime
) -> Appointment:
    try:
        return book_appointment(
            patient=patient, clinician=one.clinician, visit_type=one.visit_type, site=one.site, start=one.start, by=by,
            about=about, network_answer=one.network_answer or network_answer, at=moment,
        )  # fmt: skip
    except (NotVisible, NotAllowed):
        raise
    except Refusal as refusal:
        raise NotThatDay(
            _("%(visit)s cannot be booked: %(why)s Nothing was booked.")
            % {"visit": one.visit_type.name, "why": refusal.message}
        ) from refusal
