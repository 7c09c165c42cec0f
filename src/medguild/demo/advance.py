"""Brings the demo up to now through the services that people use, so that boards have people on them at any hour."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterable
from functools import partial

from django.db import transaction
from django.db.models import QuerySet

from medguild.demo.copays import take_copay
from medguild.demo.flow import REASONS
from medguild.demo.group import LOADER
from medguild.demo.reaching import reach
from medguild.demo.ringing import ring
from medguild.foundation.kernel.errors import Refusal
from medguild.foundation.organization.models import Resource, Site
from medguild.foundation.organization.people import Clinician
from medguild.foundation.organization.rules import ResourceKind
from medguild.foundation.organization.selectors import clinicians_at
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.outcomes import mark_no_show
from medguild.operations.scheduling.rules import AppointmentStatus
from medguild.operations.visits import flow
from medguild.operations.visits.arrival import check_in, walk_in
from medguild.operations.visits.models import Visit
from medguild.operations.visits.rules import OPEN, IdentityProof, VisitStatus
from medguild.patients.identity.models import Patient

_WHY = "the demo plays everybody's part"
_MINUTE = dt.timedelta(minutes=1)
_LONGEST = 150 * _MINUTE
_LOOK_BACK = dt.timedelta(days=3)
_HERE_AT_LEAST = 6
_FORGOTTEN = 12  # of so many co-pays one is not asked for, and becomes work when the patient has left
# Minutes from arrival to each further step.
_AFTER = (
    (VisitStatus.ROOMED, 5),
    (VisitStatus.WITH_CLINICIAN, 10),
    (VisitStatus.READY_TO_LEAVE, 30),
    (VisitStatus.LEFT, 36),
)


def advance(*, now: dt.datetime) -> None:
    """Check people in who are due, move those who are here, and let nobody stand on the board for ever.

    Outside opening hours people come without appointment, so that every site has some at any hour.
    """
    rng = random.Random(now.toordinal())
    due = Appointment.objects.unscoped(_WHY).filter(
        status=AppointmentStatus.BOOKED, start__gte=now - _LOOK_BACK, start__lt=now + 15 * _MINUTE
    )
    for appointment in due.select_related("patient", "clinician", "unit").order_by("start"):
        _quietly(partial(_play, appointment, now, rng))
    for visit in list(_open_visits().filter(arrived_at__lt=now - _LONGEST)):
        _quietly(partial(_finish, visit))
    for site in Site.objects.select_related("unit"):
        _fill_board(site, now, rng)
    _quietly(partial(ring, now=now))
    reach(now=now)


def _quietly(act: Callable[[], None]) -> None:
    """What the house refuses does not happen in the demo either."""
    try:
        with transaction.atomic():
            act()
    except Refusal:
        return


def _open_visits() -> QuerySet[Visit]:
    return Visit.objects.unscoped(_WHY).filter(status__in=OPEN).select_related("site__site", "clinician")


def _play(appointment: Appointment, now: dt.datetime, rng: random.Random) -> None:
    if rng.random() < 0.06 and appointment.start < now - 30 * _MINUTE:
        mark_no_show(appointment=appointment, by=LOADER, at=now)
        return
    arrived = appointment.start - rng.randrange(2, 16) * _MINUTE
    if arrived > now:
        return
    visit = check_in(appointment=appointment, by=LOADER, identity=IdentityProof.KNOWN, at=arrived)
    _move_along(visit, now, rng)


def _move_along(visit: Visit, now: dt.datetime, rng: random.Random) -> None:
    slow = rng.uniform(0.8, 1.6)
    for step, minutes in _AFTER:
        moment = visit.arrived_at + minutes * slow * _MINUTE
        if moment > now:
            return
        visit = _step(visit, step, moment)


def _step(visit: Visit, step: VisitStatus, moment: dt.datetime) -> Visit:
    if step is VisitStatus.ROOMED:
        if visit.pk.int % _FORGOTTEN:
            take_copay(visit, at=moment)
        return flow.room_patient(visit=visit, room=_free_room(visit), by=LOADER, at=moment)
    if step is VisitStatus.WITH_CLINICIAN:
        return flow.start_clinician(visit=visit, by=LOADER, at=moment)
    if step is VisitStatus.READY_TO_LEAVE:
        return flow.ready_to_leave(visit=visit, by=LOADER, at=moment)
    return flow.check_out(visit=visit, by=LOADER, at=moment)


def _free_room(visit: Visit) -> Resource | None:
    rooms = Resource.objects.unscoped(_WHY).filter(unit_id=visit.site_id, kind=ResourceKind.ROOM)
    taken = _open_visits().filter(site_id=visit.site_id, room__isnull=False).values("room_id")
    return rooms.exclude(pk__in=taken).order_by("name").first()


def _finish(visit: Visit) -> None:
    steps = [step for step, _ in _AFTER]
    here = VisitStatus(visit.status)
    rest = steps if here is VisitStatus.ARRIVED else steps[steps.index(here) + 1 :]
    for step in rest:
        visit = _step(visit, step, visit.since + 8 * _MINUTE)


def _fill_board(site: Site, now: dt.datetime, rng: random.Random) -> None:
    """People without appointment, in different steps, until enough are here."""
    missing = _HERE_AT_LEAST - _open_visits().filter(site_id=site.unit_id).count()
    if missing <= 0:
        return
    clinicians = list(clinicians_at([site.unit_id], on=now.date()))
    if not clinicians:
        return
    for place, patient in enumerate(_people_of(site, missing, rng)):
        arrived = now - (4 + 11 * place) * _MINUTE
        _quietly(partial(_come, patient, rng.choice(clinicians), site, arrived, now, rng))


def _people_of(site: Site, count: int, rng: random.Random) -> Iterable[Patient]:
    here = _open_visits().values("patient_id")
    own = Patient.objects.unscoped(_WHY).filter(home_unit_id=site.unit_id).exclude(pk__in=here)
    ids = list(own.values_list("pk", flat=True)[:400])
    return Patient.objects.unscoped(_WHY).filter(pk__in=rng.sample(ids, min(count, len(ids))))


def _come(
    patient: Patient, clinician: Clinician, site: Site, arrived: dt.datetime, now: dt.datetime, rng: random.Random
) -> None:
    reason = rng.choice(REASONS["acute"])
    visit = walk_in(
        patient=patient, site=site, clinician=clinician, reason=reason, by=LOADER, identity=IdentityProof.KNOWN,
        at=arrived,
    )  # fmt: skip
    _move_along(visit, now, rng)
