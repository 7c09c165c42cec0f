"""Who waits at a site, in turn, with the time until they are seen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import local_date
from medguild.foundation.organization.models import Site
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.rules import AppointmentStatus
from medguild.operations.visits.models import Visit
from medguild.operations.visits.permissions import VisitsRight
from medguild.operations.visits.queue_rules import Now, Place, Urgency, Waiting, queue
from medguild.operations.visits.rules import VisitStatus
from medguild.operations.visits.selectors import day_bounds
from medguild.operations.visits.standards import walk_in_minutes

_SHOWN = ("patient", "clinician__person", "site__site", "appointment__visit_type")
_BEFORE_CLINICIAN = (VisitStatus.ARRIVED, VisitStatus.ROOMED)
_LATE = dt.timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class QueueLine:
    """One who waits: the visit, how many come before, and in how many minutes it is about their turn."""

    visit: Visit
    before: int
    minutes: int


def waiting_line(actor: Actor, site: Site, *, at: dt.datetime) -> list[QueueLine]:
    """Those who are here and not yet with their clinician, in the order in which they are called in."""
    visits = list(
        Visit.objects.visible_to(actor, VisitsRight.READ)
        .filter(site=site.unit_id, status__in=[*_BEFORE_CLINICIAN, VisitStatus.WITH_CLINICIAN])
        .select_related(*_SHOWN)
    )
    usual = walk_in_minutes(site.unit_id)
    here = {visit.pk: visit for visit in visits if visit.status in _BEFORE_CLINICIAN}
    people = [_waiting(visit, usual) for visit in here.values()] + _expected(site, visits, at)
    return [_line(here[place.waiting.key], place) for place in queue(people, busy=_busy(visits, usual), at=at)]


def _line(visit: Visit, place: Place) -> QueueLine:
    return QueueLine(visit, place.before, place.minutes)


def _waiting(visit: Visit, usual: int) -> Waiting:
    return Waiting(
        key=visit.pk, clinician_id=visit.clinician_id, minutes=_length(visit, usual), arrived_at=visit.arrived_at,
        planned=visit.appointment.start if visit.appointment else None, urgency=Urgency(visit.urgency),
    )  # fmt: skip


def _busy(visits: Iterable[Visit], usual: int) -> dict[UUID, Now]:
    """The visit of each clinician that has gone on longest."""
    found: dict[UUID, Now] = {}
    for visit in sorted(visits, key=lambda one: one.since, reverse=True):
        if visit.status == VisitStatus.WITH_CLINICIAN:
            found[visit.clinician_id] = Now(visit.since, _length(visit, usual))
    return found


def _length(visit: Visit, usual: int) -> int:
    booked = visit.appointment
    return round((booked.end - booked.start).total_seconds() / 60) if booked is not None else usual


def _expected(site: Site, visits: Iterable[Visit], at: dt.datetime) -> list[Waiting]:
    """Booked for later today and not here yet: their time is kept for them. Who is late by a quarter of an hour has
    lost it."""
    _start, end = day_bounds(site, local_date(at, site.time_zone))
    rows = Appointment.objects.unscoped("how long others wait is told, not who comes").filter(
        unit=site.unit_id, status=AppointmentStatus.BOOKED, start__gte=at - _LATE, start__lt=end,
        clinician__in={visit.clinician_id for visit in visits},
    )  # fmt: skip
    return [
        Waiting(
            key=pk,
            clinician_id=clinician,
            minutes=round((ends - start).total_seconds() / 60),
            planned=start,
            here=False,
        )
        for pk, clinician, start, ends in rows.values_list("pk", "clinician_id", "start", "end")
    ]


def wait_of(actor: Actor, visit: Visit, *, at: dt.datetime) -> QueueLine | None:
    """The place of one visit; None when it no longer waits."""
    return next((one for one in waiting_line(actor, visit.site.site, at=at) if one.visit.pk == visit.pk), None)
