"""Visits that belong together: a series with exceptions, a day with several visits on one campus, a bump list.

All through the services, as the desk would do it.
"""

from __future__ import annotations

import datetime as dt
import random

from medguild.demo import plan
from medguild.demo.group import LOADER, Group
from medguild.foundation.kernel.clock import at_local, local_date, now
from medguild.foundation.kernel.ids import new_id
from medguild.foundation.organization.models import Site
from medguild.foundation.organization.people import Clinician
from medguild.operations.bumps.rules import Cause, Contact
from medguild.operations.bumps.services import bump, note_contact
from medguild.operations.itineraries import campuses
from medguild.operations.itineraries.models import Campus
from medguild.operations.itineraries.rules import Place
from medguild.operations.itineraries.services import Chosen, Wanted, book_day, find_days
from medguild.operations.scheduling.models import Appointment, Session
from medguild.operations.scheduling.network.rules import nobody_asked
from medguild.operations.scheduling.outcomes import cancel_appointment
from medguild.operations.scheduling.rules import AbsenceKind, AppointmentStatus, CancelReason, ReasonCategory
from medguild.operations.scheduling.services import About
from medguild.operations.scheduling.templating import record_absence
from medguild.operations.scheduling.week_rules import local_time
from medguild.operations.series.lines import Choice, Line, Take, Visiting, Work
from medguild.operations.series.models import Series
from medguild.operations.series.planning import propose
from medguild.operations.series.rules import Every, Pattern
from medguild.operations.series.selectors import live_occurrences
from medguild.operations.series.services import NewSeries, lines_of_new, make_series
from medguild.patients.identity.models import Patient

_VISITS = 8
_ASKED = nobody_asked("Loaded with the demo")
# Metres east and south on the plan of the campus on River Walk.
_PLACES = {"riverside": ("Main house", Place(60, 220)), "heart": ("Heart centre", Place(310, 90))}


def build_series(group: Group, size: plan.Size, today: dt.date) -> None:
    rng = random.Random(plan.SEED + 77)
    for clinician in group.clinicians["riverside"][1:3]:
        _series(group, clinician, today, rng)
    _day_on_campus(group, _campus(group, today), today, rng)
    _bumps(group, today)


def _site(group: Group, key: str) -> Site:
    return Site.objects.select_related("unit").get(unit=group.units[key])


def _patient(group: Group, rng: random.Random, site: str) -> Patient:
    invented = rng.choice([one for one in group.patients if one.site == site])
    return Patient.objects.unscoped("the loader books visits").get(pk=invented.id)


def _series(group: Group, clinician: Clinician, today: dt.date, rng: random.Random) -> Series | None:
    """Every week at the beginning of a session; what cannot be takes the nearest time or is left out."""
    rows = Session.objects.unscoped("the loader books visits").filter(
        clinician=clinician, extra=False, period__contains=today
    )
    session = rows.order_by("weekday").first()
    if session is None:
        return None
    ahead = (session.weekday - today.weekday()) % 7 or 7
    pattern = Pattern(
        Every.WEEK, 1, today + dt.timedelta(days=ahead), session.start_minute, (session.weekday,), _VISITS
    )  # fmt: skip
    visiting = Visiting(
        _patient(group, rng, "riverside"), clinician, group.visit_types["follow-up"], _site(group, "riverside"),
        about=About(ReasonCategory.FOLLOW_UP, "Physiotherapy after the operation on the knee"), network_answer=_ASKED,
    )  # fmt: skip
    lines = lines_of_new(pattern, visiting.site)
    proposals = propose(lines, Work(visiting, LOADER, now()))
    choices = {one.line.number: _choice(one.others) for one in proposals if one.code}
    if sum(choice.take is Take.SKIP for choice in choices.values()) > _VISITS // 2:
        return None
    series = make_series(new=NewSeries(visiting, pattern, new_id()), choices=choices, by=LOADER)
    _give_one_up(series, lines)
    return series


def _choice(others: list[dt.datetime]) -> Choice:
    return Choice(Take.OTHER_TIME, others[0]) if others else Choice(Take.SKIP)


def _give_one_up(series: Series, lines: list[Line]) -> None:
    """An exception: the fourth visit was cancelled by itself."""
    one = next((one for one in live_occurrences(series) if one.number == len(lines) // 2), None)
    if one is not None and one.appointment is not None:
        cancel_appointment(appointment=one.appointment, reason=CancelReason.PATIENT_REQUEST, by=LOADER)


def _campus(group: Group, today: dt.date) -> Campus:
    campus = campuses.found_campus(name="River Walk campus", by=LOADER)
    for key, (building, place) in _PLACES.items():
        campuses.place_site(
            campus=campus, unit=group.units[key], at=place, start=group.start, building=building, by=LOADER
        )
    campuses.measure_walk(
        one=group.units["riverside"], other=group.units["heart"], minutes=6, start=group.start, by=LOADER
    )
    return campus


def _day_on_campus(group: Group, campus: Campus, today: dt.date, rng: random.Random) -> None:
    """A heart ultrasound, then the cardiologist's or the family doctor's visit, in one day."""
    patient = _patient(group, rng, "riverside")
    wanted = [Wanted(group.visit_types["echo"]), Wanted(group.visit_types["physical"], follows=True)]
    found = find_days(
        patient=patient, campus=campus, wanted=wanted, start=today + dt.timedelta(days=8), by=LOADER
    )  # fmt: skip
    if not found:
        return
    keys = {stop.at.key for stop in found[0].plan.stops}
    clinicians = Clinician.objects.select_related("person", "resource").in_bulk(keys)
    sites = {place.unit_id: place.unit.site for place in campuses.places_of(campus, on=today)}
    chosen = [
        Chosen(
            wanted[stop.wish].visit_type, clinicians[stop.at.key], sites[stop.at.place],
            local_time(plan.TIME_ZONE, stop.at.start), wanted[stop.wish].follows,
        )
        for stop in found[0].plan.stops
    ]  # fmt: skip
    book_day(
        itinerary_id=new_id(), patient=patient, campus=campus, chosen=chosen, by=LOADER, network_answer=_ASKED,
        about=About(ReasonCategory.FOLLOW_UP),
    )  # fmt: skip


def _bumps(group: Group, today: dt.date) -> None:
    """A clinician fell ill for a day: their visits of it are on the list; one patient was called in vain."""
    clinician = group.clinicians["riverside"][0]
    midnight = at_local(today, dt.time(), plan.TIME_ZONE)
    rows = Appointment.objects.unscoped("the loader bumps visits").filter(
        clinician=clinician, status=AppointmentStatus.BOOKED, unit=group.units["riverside"]
    )
    first = rows.filter(start__gt=midnight + dt.timedelta(days=2)).order_by("start").first()
    if first is None:
        return
    ill_on = local_date(first.start, plan.TIME_ZONE)
    start, end = (at_local(ill_on + dt.timedelta(days=days), dt.time(), plan.TIME_ZONE) for days in (0, 1))
    record_absence(clinician=clinician, start=start, end=end, kind=AbsenceKind.SICK, by=LOADER)
    visits = list(rows.filter(start__gte=start, start__lt=end).select_related("visit_type").order_by("start"))
    made = bump(appointments=visits, reason="Clinician is ill", cause=Cause.CLINICIAN_AWAY, by=LOADER, at=midnight)
    if made:
        note_contact(row=made[0], outcome=Contact.NO_ANSWER, by=LOADER, note="Rang twice")
