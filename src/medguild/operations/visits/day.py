"""The day of a site: who is expected, late, here, gone; and the clinician's own list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import local_date
from medguild.foundation.organization.models import Site
from medguild.foundation.organization.people import Clinician
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.rules import AppointmentStatus
from medguild.operations.scheduling.selectors import appointments, appointments_on
from medguild.operations.visits.flags import CHECK_IN_OPEN, flags_for, own_flags
from medguild.operations.visits.models import Visit
from medguild.operations.visits.permissions import VisitsRight
from medguild.operations.visits.ports import Flag, VisitRef
from medguild.operations.visits.rules import (
    ENDED,
    SOON,
    WAITING,
    ArrivalState,
    Planned,
    VisitStatus,
    WaitTone,
    arrival_rank,
    arrival_state,
    running_minutes,
    wait_tone,
    whole_minutes,
)
from medguild.operations.visits.selectors import day_bounds
from medguild.operations.visits.standards import wait_limit
from medguild.operations.visits.words import ARRIVAL_TONES, ARRIVAL_WORDS, STATUS_TONES, STATUS_WORDS
from medguild.patients.identity.models import Patient

_SHOWN = ("patient", "clinician__person", "room", "site__site", "appointment__visit_type")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a day's list: an appointment, a visit, or both."""

    planned: dt.datetime
    state: ArrivalState
    patient: Patient
    clinician: Clinician
    appointment: Appointment | None = None
    visit: Visit | None = None
    minutes: int = 0
    limit: int = 0
    flags: Sequence[Flag] = ()

    @property
    def reason(self) -> str:
        source = self.visit or self.appointment
        return source.reason if source is not None else ""

    @property
    def step(self) -> VisitStatus | None:
        return VisitStatus(self.visit.status) if self.visit is not None else None

    @property
    def wait(self) -> WaitTone:
        """Whether somebody who is here waits too long in the present step."""
        waits = self.step in WAITING and self.limit > 0
        return wait_tone(self.minutes, self.limit) if waits else WaitTone.CALM

    @property
    def words(self) -> str:
        if self.state is ArrivalState.LATE:
            return _("Late %(minutes)d min") % {"minutes": self.minutes}
        if self.state is ArrivalState.HERE and self.step is not None:
            return _("%(step)s, %(minutes)d min") % {"step": STATUS_WORDS[self.step], "minutes": self.minutes}
        return str(STATUS_WORDS[self.step] if self.step is not None else ARRIVAL_WORDS[self.state])

    @property
    def tone(self) -> str:
        if self.wait is not WaitTone.CALM:
            return "bad" if self.wait is WaitTone.TOO_LONG else "warn"
        return STATUS_TONES[self.step] if self.step is not None else ARRIVAL_TONES[self.state]


@dataclass(frozen=True, slots=True)
class DayList:
    """The lines of a day, sorted for the desk. `soon` ends 90 minutes from now."""

    site: Site
    day: dt.date
    soon: list[Line] = field(default_factory=list)
    later: list[Line] = field(default_factory=list)
    here: list[Line] = field(default_factory=list)
    gone: list[Line] = field(default_factory=list)

    @property
    def everyone(self) -> list[Line]:
        return [*self.soon, *self.later, *self.here, *self.gone]


def day_list(actor: Actor, site: Site, *, day: dt.date, at: dt.datetime) -> DayList:
    """Appointments of the day and walk-ins of a site, with their flags."""
    start, end = day_bounds(site, day)
    booked = list(appointments_on(actor, unit_id=site.unit_id, start=start, end=end))
    visits = _visits(actor, site, start, end, booked)
    lines = _flagged(actor, _lines(booked, visits, at), day, wait_limit(site.unit_id))
    lines.sort(key=lambda line: arrival_rank(line.state, line.planned, at))
    made = DayList(site, day)
    for line in lines:
        _shelf(made, line, at).append(line)
    return made


def _visits(
    actor: Actor, site: Site, start: dt.datetime, end: dt.datetime, booked: Sequence[Appointment]
) -> list[Visit]:
    visits = Visit.objects.visible_to(actor, VisitsRight.READ).filter(
        site=site.unit, arrived_at__gte=start, arrived_at__lt=end
    )
    return list(visits.exclude(status=VisitStatus.CANCELLED).select_related(*_SHOWN))


def _lines(booked: Iterable[Appointment], visits: Iterable[Visit], at: dt.datetime) -> list[Line]:
    by_appointment = {visit.appointment_id: visit for visit in visits if visit.appointment_id}
    lines = [_line(appointment, by_appointment.pop(appointment.pk, None), at) for appointment in booked]
    walked_in = [visit for visit in visits if visit.appointment_id is None]
    # A visit whose appointment is of another day, or was cancelled when the patient left.
    lines += [_walk_in(visit, at) for visit in [*walked_in, *by_appointment.values()]]
    return lines


def _line(appointment: Appointment, visit: Visit | None, at: dt.datetime) -> Line:
    status = VisitStatus(visit.status) if visit is not None else None
    no_show = appointment.status == AppointmentStatus.NO_SHOW
    return Line(
        planned=appointment.start,
        state=arrival_state(planned=appointment.start, moment=at, visit=status, no_show=no_show),
        patient=appointment.patient,
        clinician=visit.clinician if visit is not None else appointment.clinician,
        appointment=appointment,
        visit=visit,
        minutes=whole_minutes(appointment.start, at) if visit is None else whole_minutes(visit.since, at),
    )


def _walk_in(visit: Visit, at: dt.datetime) -> Line:
    state = ArrivalState.LEFT if visit.status in ENDED else ArrivalState.HERE
    return Line(
        visit.arrived_at,
        state,
        visit.patient,
        visit.clinician,
        visit.appointment,
        visit,
        whole_minutes(visit.since, at),
    )


def _flagged(actor: Actor, lines: Sequence[Line], day: dt.date, limit: int) -> list[Line]:
    refs = {id(line): line_ref(line, day) for line in lines}
    wanted = [line for line in lines if line.state in (ArrivalState.EXPECTED, ArrivalState.LATE, ArrivalState.HERE)]
    found = flags_for(actor, [refs[id(line)] for line in wanted])
    return [
        replace(
            line,
            limit=limit,
            flags=[*own_flags(line.patient, line.appointment), *_desk_flags(line), *found.get(refs[id(line)], ())],
        )
        for line in lines
    ]


def _desk_flags(line: Line) -> list[Flag]:
    waits = line.visit is not None and line.visit.is_open and line.visit.checked_in_at is None
    return [CHECK_IN_OPEN] if waits else []


def line_ref(line: Line, day: dt.date) -> VisitRef:
    """What ports are told of a line."""
    visit, appointment = line.visit, line.appointment
    if visit is not None:
        return VisitRef(
            visit.pk, visit.appointment_id, visit.patient_id, visit.site_id, visit.entity_id, visit.clinician_id, day
        )
    assert appointment is not None  # noqa: S101 - a line has one of the two
    return VisitRef(
        None, appointment.pk, appointment.patient_id, appointment.unit_id, appointment.entity_id,
        appointment.clinician_id, day,
    )  # fmt: skip


def _shelf(made: DayList, line: Line, at: dt.datetime) -> list[Line]:
    if line.state in (ArrivalState.EXPECTED, ArrivalState.LATE):
        return made.soon if line.planned <= at + SOON else made.later
    return made.here if line.state is ArrivalState.HERE else made.gone


@dataclass(frozen=True, slots=True)
class ClinicianDay:
    """A clinician's list of today over all sites. `running` is minutes late (+) or early (-)."""

    lines: list[Line]
    running: int
    following: Line | None


def clinician_day(actor: Actor, clinician: Clinician, *, at: dt.datetime) -> ClinicianDay:
    """Appointments and walk-ins of the clinician's day, by time."""
    zone = clinician.resource.unit.site.time_zone if hasattr(clinician.resource.unit, "site") else "UTC"
    day = local_date(at, zone)
    start, end = at - dt.timedelta(hours=24), at + dt.timedelta(hours=24)
    booked = [
        row
        for row in appointments(actor)
        .filter(clinician=clinician, start__gte=start, start__lt=end)
        .exclude(status=AppointmentStatus.CANCELLED)
        .order_by("start")
        if local_date(row.start, row.unit.site.time_zone) == day
    ]
    visits = [
        visit
        for visit in Visit.objects.visible_to(actor, VisitsRight.READ)
        .filter(clinician=clinician, arrived_at__gte=start, arrived_at__lt=end)
        .exclude(status=VisitStatus.CANCELLED)
        .select_related(*_SHOWN)
        if local_date(visit.arrived_at, visit.site.site.time_zone) == day
    ]
    # What the desk has to mend is left out: a clinician cannot.
    lines = [replace(line, flags=own_flags(line.patient, line.appointment)) for line in _lines(booked, visits, at)]
    lines.sort(key=lambda line: line.planned)
    return ClinicianDay(lines, running_minutes(_planned(lines), at), _next_of(lines))


def _planned(lines: Iterable[Line]) -> list[Planned]:
    return [
        Planned(
            start=line.appointment.start,
            end=line.appointment.end,
            began=line.visit.since if line.visit is not None and line.step is VisitStatus.WITH_CLINICIAN else None,
            over=line.step in ENDED or line.step is VisitStatus.READY_TO_LEAVE or line.state is ArrivalState.NO_SHOW,
            here=line.visit is not None,
        )
        for line in lines
        if line.appointment is not None
    ]


def _next_of(lines: Sequence[Line]) -> Line | None:
    """Who waits in a room first, then who waits at the desk, then who is expected next."""
    for wanted in (VisitStatus.ROOMED, VisitStatus.ARRIVED):
        waiting = [line for line in lines if line.step is wanted]
        if waiting:
            return waiting[0]
    coming = [line for line in lines if line.visit is None and line.state in (ArrivalState.EXPECTED, ArrivalState.LATE)]
    return coming[0] if coming else None
