"""People book a free time for themselves, or give a booked visit another: kinds that patients may book, at their sites,
in published sessions, within the notice and the days that the site's standards allow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from medguild.experience.portal.selectors import own_visits, record
from medguild.experience.portal.standards import terms_at
from medguild.experience.portal.waiting import choices, for_patients
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import local_date, now
from medguild.foundation.kernel.errors import Refusal
from medguild.foundation.organization.models import Site
from medguild.foundation.organization.people import Clinician
from medguild.operations.scheduling.cancelling import judge
from medguild.operations.scheduling.errors import SlotTaken
from medguild.operations.scheduling.models import Appointment, VisitType
from medguild.operations.scheduling.network.page import told_of_time
from medguild.operations.scheduling.network.rules import AskedBy
from medguild.operations.scheduling.rules import AppointmentStatus, CancelReason, Origin
from medguild.operations.scheduling.search.noting import Searched, tell_searched
from medguild.operations.scheduling.search.offers import DayOffers, by_day, shown_days
from medguild.operations.scheduling.search.rules import HOURS, TimeOfDay
from medguild.operations.scheduling.search.searching import Wanted, search_times
from medguild.operations.scheduling.selectors import find_slots
from medguild.operations.scheduling.services import book_appointment, move_appointment
from medguild.operations.waitlist.telling import Told, said_after
from medguild.patients.identity.models import Patient

SHOWN_DAYS = 14


@dataclass(frozen=True, slots=True)
class Time:
    """What somebody wants to book: a kind of visit at a site with a clinician from an instant on."""

    visit_type: VisitType
    site: Site
    clinician: Clinician
    start: dt.datetime


def free_times(
    patient: Patient,
    *,
    visit_type: VisitType,
    site: Site,
    by: Actor,
    clinician: Clinician | None = None,
    day: dt.date | None = None,
    times: TimeOfDay = TimeOfDay.ANY,
    wished: bool = True,
    at: dt.datetime | None = None,
) -> list[DayOffers]:
    """Times of two weeks from a day on, for a record that the caller found; a wish is noted as demand, what a
    page shows by itself is not."""
    moment = at or now()
    terms = terms_at(site.unit_id)
    begins = moment + dt.timedelta(hours=terms.notice_hours)
    first = max(day or dt.date.min, local_date(begins, site.time_zone))
    last = _last_day(site, terms.days, moment)
    if last < first:
        return []
    end = min(first + dt.timedelta(days=SHOWN_DAYS), last + dt.timedelta(days=1))
    done = choices(patient, by=by, at=moment).done
    who = {one for unit, one, kind in done if (unit, kind) == (site.unit_id, visit_type.pk)}
    wanted = Wanted(
        visit_type=visit_type, start=first, end=end, patient=patient, times=times, units=[site.unit_id],
        clinicians=who & {clinician.pk} if clinician else who,
    )  # fmt: skip
    found = search_times(actor=by.trusted(), wanted=wanted, at=begins)
    shown, _left_out = shown_days(found.openings)
    since, until = HOURS[times]
    if wished:
        tell_searched(
            Searched(
                by.trusted(), visit_type.pk, first, end, sum(len(one.starts) for one in found.openings),
                door=Origin.PORTAL, unit_id=site.unit_id, clinician_id=clinician.pk if clinician else None,
                patient_id=patient.pk, from_minute=since, to_minute=until,
            )
        )  # fmt: skip
    return by_day(shown, found, wanted, {site.unit_id: site.unit.label()})


def told(patient: Patient, time: Time) -> Told | None:
    """What must be read of the plan's network before the yes; None in network, and without a plan."""
    words = told_of_time(time.visit_type, time.clinician, time.site, time.start, patient).words
    return Told(words) if words else None


@transaction.atomic
def book(*, patient: Patient, time: Time, by: Actor, read: str = "", at: dt.datetime | None = None) -> Appointment:
    """Book it in the reader's name. `read` is the mark of the words that stood on the page. Raises NotVisible, Refusal,
    ReadAgain, and what `book_appointment` raises."""
    record(by, patient.pk)
    moment = at or now()
    booked = _booked(patient, time)
    if booked is not None:  # a button pressed twice books once
        return booked
    _refuse(patient, time, by, moment)
    return book_appointment(
        patient=patient, clinician=time.clinician, visit_type=time.visit_type, site=time.site, start=time.start,
        network_answer=said_after(told(patient, time), read, AskedBy.PORTAL), origin=Origin.PORTAL, by=by.trusted(),
        at=moment,
    )  # fmt: skip


@transaction.atomic
def move(
    *, patient: Patient, visit: Appointment, time: Time, by: Actor, read: str = "", at: dt.datetime | None = None
) -> Appointment:
    """Give a booked visit another time; the old one is given back only then. Not when a cancellation would be late.

    Raises the same, and what `move_appointment` raises.
    """
    record(by, patient.pk)
    moment = at or now()
    refuse_late(visit, at=moment)
    if time.visit_type.pk != visit.visit_type_id:  # else one for all would open what the clinic alone moves
        raise Refusal(_("This visit cannot be moved online. Call us."), code="not_online")
    _refuse(patient, time, by, moment)
    return move_appointment(
        appointment=visit, start=time.start, clinician=time.clinician, site=time.site, by=by.trusted(), at=moment,
        network_answer=said_after(told(patient, time), read, AskedBy.PORTAL),
    )  # fmt: skip


def may_move(visits: Iterable[Appointment], *, by: Actor, at: dt.datetime) -> set[UUID]:
    """Of booked visits those that their patients may move themselves now."""
    return {
        visit.pk
        for visit in visits
        if for_patients(visit.visit_type, by=by)
        and terms_at(visit.unit_id).days
        and not judge(visit, CancelReason.PATIENT_REQUEST, at).late
    }


def refuse_late(visit: Appointment, *, at: dt.datetime) -> None:
    """A late move would go round the rule of late cancellations."""
    if judge(visit, CancelReason.PATIENT_REQUEST, at).late:
        raise Refusal(_("It is too late to move this visit online. Call us."), code="too_late_to_move")


def _booked(patient: Patient, time: Time) -> Appointment | None:
    found: Appointment | None = (
        own_visits(patient)
        .filter(visit_type=time.visit_type, clinician=time.clinician, start=time.start, status=AppointmentStatus.BOOKED)
        .first()
    )
    return found


def _refuse(patient: Patient, time: Time, by: Actor, moment: dt.datetime) -> None:
    if (time.site.unit_id, time.clinician.pk, time.visit_type.pk) not in choices(patient, by=by, at=moment).done:
        raise Refusal(_("This visit cannot be booked online. Call us."), code="not_online")
    terms = terms_at(time.site.unit_id)
    if time.start < moment + dt.timedelta(hours=terms.notice_hours):
        raise Refusal(_("This time is too near to be booked online. Choose a later one, or call us."), code="too_near")
    if local_date(time.start, time.site.time_zone) > _last_day(time.site, terms.days, moment):
        raise Refusal(_("This time is too far ahead to be booked online. Choose an earlier one."), code="too_far")
    _refuse_not_shown(time, by, moment)


def _refuse_not_shown(time: Time, by: Actor, moment: dt.datetime) -> None:
    """Patients begin where their page lets them, not at a minute between, which would spoil two times."""
    day = local_date(time.start, time.site.time_zone)
    openings = find_slots(
        actor=by.trusted(), visit_type_id=time.visit_type.pk, start=day, end=day + dt.timedelta(days=1),
        clinicians=[time.clinician.pk], units=[time.site.unit_id], at=moment,
    )  # fmt: skip
    if time.start.timestamp() not in {minute * 60 for one in openings for minute in one.starts}:
        raise SlotTaken(_("This time is already taken. Choose another one."))


def _last_day(site: Site, days: int, moment: dt.datetime) -> dt.date:
    """The last day that may be booked; without any, yesterday."""
    return local_date(moment, site.time_zone) + dt.timedelta(days=days if days else -1)
