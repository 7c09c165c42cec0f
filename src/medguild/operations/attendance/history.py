"""Visits of the past and to come as `VisitFacts`: each with what was known of it then, never with what came after."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from medguild.foundation.organization.models import Site
from medguild.operations.attendance.ports import Engagement, engagement_of
from medguild.operations.attendance.rules import Stage, VisitFacts
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.rules import AppointmentStatus

CAME = (AppointmentStatus.FULFILLED, AppointmentStatus.ARRIVED)
SETTLED = (*CAME, AppointmentStatus.NO_SHOW)
DAY = dt.timedelta(days=1)
_WHY = "counts of a patient's own earlier visits, for a probability that the caller may see"
_CHUNK = 5_000
_YEAR = 365.2425


class Lived(NamedTuple):
    """A visit with what was known of it; `missed` is None while it is to come. `patient` stands for all linked
    records of one person."""

    id: UUID
    patient: UUID
    unit: UUID
    start: dt.datetime
    facts: VisitFacts
    missed: bool | None
    overbooked: bool


class _Row(NamedTuple):
    id: UUID
    patient: UUID
    unit: UUID
    start: dt.datetime
    booked_at: dt.datetime
    status: str
    visit_type: UUID
    mode: str
    overbooked: bool
    birth_date: dt.date | None


_COLUMNS = ("pk", "person", "unit_id", "start", "booked_at", "status", "visit_type_id", "mode", "overbooked",
            "patient__birth_date")  # fmt: skip


def _rows(appointments: QuerySet[Appointment]) -> Iterator[_Row]:
    rows = appointments.annotate(person=Coalesce("patient__survivor_id", "patient_id"))
    return map(_Row._make, rows.order_by("start", "pk").values_list(*_COLUMNS).iterator(chunk_size=_CHUNK))


class Outcomes:
    """How each person's visits went, in order of time."""

    def __init__(self) -> None:
        self._starts: dict[UUID, list[dt.datetime]] = defaultdict(list)
        self._missed: dict[UUID, list[bool]] = defaultdict(list)

    def add(self, person: UUID, start: dt.datetime, missed: bool) -> None:
        """Visits are told in order of their start."""
        self._starts[person].append(start)
        self._missed[person].append(missed)

    def before(self, person: UUID, moment: dt.datetime) -> tuple[int, int, bool]:
        """Missed, kept, and whether the last was missed, of visits that had begun before the moment."""
        if person not in self._starts:
            return 0, 0, False
        known = self._missed[person][: bisect_left(self._starts[person], moment)]
        missed = sum(known)
        return missed, len(known) - missed, bool(known) and known[-1]


def past_visits(
    unit_ids: Collection[UUID], *, stage: Stage, start: dt.datetime, end: dt.datetime, memory: dt.timedelta
) -> list[Lived]:
    """Visits that were kept or missed, by time, for training: nobody's scope, only numbers leave. Cancelled visits are
    left out, late cancellations too. Outcomes up to `memory` before `start` count as earlier ones."""
    rows = Appointment.objects.unscoped("training: what leaves are coefficients").filter(
        unit_id__in=list(unit_ids), status__in=SETTLED, start__gte=start - memory, start__lt=end
    )
    outcomes, wanted = Outcomes(), []
    for row in _rows(rows):
        outcomes.add(row.patient, row.start, row.status == AppointmentStatus.NO_SHOW)
        if row.start >= start:
            wanted.append(row)
    return _lived(wanted, outcomes, stage)


def visits_with_facts(appointments: QuerySet[Appointment], *, stage: Stage) -> list[Lived]:
    """Visits that the caller may see, with what is known of each; two to four statements for all of them."""
    wanted = list(_rows(appointments))
    people = {row.patient for row in wanted}
    outcomes = Outcomes()
    for person, start, status in _outcomes_of(people):
        outcomes.add(person, start, status == AppointmentStatus.NO_SHOW)
    return _lived(wanted, outcomes, stage)


def _outcomes_of(people: Iterable[UUID]) -> Iterable[tuple[UUID, dt.datetime, str]]:
    ids = list(people)
    settled = Appointment.objects.unscoped(_WHY).filter(status__in=SETTLED)
    own = settled.filter(patient_id__in=ids).values_list("patient_id", "start", "status")
    linked = settled.filter(patient__survivor_id__in=ids).values_list("patient__survivor_id", "start", "status")
    told = [(person, start, status) for person, start, status in (*own, *linked) if person is not None]
    return sorted(told, key=lambda one: one[1])


def _lived(rows: Sequence[_Row], outcomes: Outcomes, stage: Stage) -> list[Lived]:
    zones = _zones({row.unit for row in rows})
    told: Mapping[UUID, Engagement] = {}
    if stage is Stage.DAY_BEFORE:
        told = engagement_of([row.id for row in rows])
    return [
        Lived(
            row.id,
            row.patient,
            row.unit,
            row.start,
            _facts(row, zones[row.unit], outcomes, stage, told.get(row.id, Engagement())),
            None if row.status not in SETTLED else row.status == AppointmentStatus.NO_SHOW,
            row.overbooked,
        )
        for row in rows
    ]


def _facts(row: _Row, zone: ZoneInfo, outcomes: Outcomes, stage: Stage, told: Engagement) -> VisitFacts:
    local = row.start.astimezone(zone)
    lead = max((row.start - row.booked_at).total_seconds() / 86_400, 0.0)
    known_at = row.booked_at if stage is Stage.BOOKING else max(row.start - DAY, row.booked_at)
    missed, kept, missed_last = outcomes.before(row.patient, min(known_at, row.start))
    return VisitFacts(
        lead=lead,
        same_day=row.booked_at.astimezone(zone).date() >= local.date(),
        weekday=local.weekday(),
        hour=local.hour,
        visit_type=str(row.visit_type),
        mode=row.mode,
        missed=missed,
        kept=kept,
        missed_last=missed_last,
        age=None if row.birth_date is None else (local.date() - row.birth_date).days / _YEAR,
        confirmed=_known(told.confirmed_at, known_at),
        reminded=_known(told.reminded_at, known_at),
    )


def _known(moment: dt.datetime | None, known_at: dt.datetime) -> bool:
    return moment is not None and moment <= known_at


def _zones(unit_ids: Iterable[UUID]) -> dict[UUID, ZoneInfo]:
    sites = Site.objects.filter(unit_id__in=list(unit_ids)).values_list("unit_id", "time_zone")
    zones = {unit_id: ZoneInfo(name) for unit_id, name in sites}
    return defaultdict(lambda: ZoneInfo("UTC"), zones)
