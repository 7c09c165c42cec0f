"""What a preview reads of the schedule: calendars by kind of visit, booked visits, and what patients have besides."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from medguild.foundation.kernel.sql import planned_cursor
from medguild.operations.scheduling.calendar_sql import Calendar, Where, window
from medguild.operations.scheduling.many_calendars import load_calendars
from medguild.operations.scheduling.models import SessionVisitType
from medguild.operations.scheduling.rules import Minute
from medguild.operations.scheduling.slot_rules import Blocks, Opening, find_openings
from medguild.operations.templates.preview_rules import Template, Visit

# Visits to come of clinicians or of sites (with all below); the lane is the one at the clinician.
_VISITS = """
    select visit.id, coalesce(patient.survivor_id, patient.id), visit.visit_type_id, visit.clinician_id, visit.unit_id,
           (visit.start at time zone place.time_zone)::date, (extract(epoch from visit.start) / 60)::int,
           (extract(epoch from visit."end") / 60)::int, coalesce(lane.lane, 0), visit.overbooked
      from operations_appointment visit
      join patients_patient patient on patient.id = visit.patient_id
      join foundation_site place on place.unit_id = visit.unit_id
      join foundation_clinician clinician on clinician.id = visit.clinician_id
      left join operations_allocation lane
        on lane.appointment_id = visit.id and lane.resource_id = clinician.resource_id
     where visit.status = 'booked' and visit.start >= %s and visit.start < %s and {whose}
     order by visit.start, visit.id
"""
_OF_CLINICIANS = _VISITS.format(whose="visit.clinician_id = any(%s)")
_OF_UNITS = _VISITS.format(whose="visit.unit_id = any(%s)")

_BUSY = """
    select coalesce(patient.survivor_id, patient.id), (extract(epoch from visit.start) / 60)::int,
           (extract(epoch from visit."end") / 60)::int, visit.id
      from operations_appointment visit
      join patients_patient patient on patient.id = visit.patient_id
     where visit.patient_id in (select one.id from patients_patient one
                                 where one.id = any(%s) or one.survivor_id = any(%s))
       and visit.status in ('booked', 'arrived', 'fulfilled') and visit.start >= %s and visit.start < %s
"""
_COLLEAGUES = """
    select distinct mine.id, other.id
      from foundation_clinician mine
      join foundation_clinician other on other.specialty = mine.specialty and other.id <> mine.id
      join operations_session held on held.clinician_id = other.id
     where mine.id = any(%s) and held.unit_id = any(%s) and held.period && daterange(%s, %s)
"""


@dataclass(frozen=True, slots=True)
class Reading:
    """Calendars by kind of visit for a half-open period of days, as they stand at `at`."""

    start: dt.date
    end: dt.date
    at: dt.datetime
    calendars: Mapping[UUID, Calendar] = field(default_factory=dict)

    def openings(self, *, start: dt.date | None = None, end: dt.date | None = None) -> dict[UUID, list[Opening]]:
        """Free starts by kind of visit, in the period or a part of it."""
        first, last = start or self.start, end or self.end
        return {
            kind: find_openings(
                calendar.sessions, calendar.taken, calendar.blocks, start=first, end=last,
                not_before=-(-int(self.at.timestamp()) // 60), required=calendar.required,
            )
            for kind, calendar in self.calendars.items()
        }  # fmt: skip

    def template(self) -> Template:
        """All sessions with what takes them off the calendar."""
        closed: set[tuple[UUID, dt.date]] = set()
        cancelled: set[tuple[UUID, dt.date]] = set()
        away: dict[UUID, Any] = {}
        for calendar in self.calendars.values():
            closed |= calendar.blocks.closed
            cancelled |= calendar.blocks.cancelled
            away |= calendar.blocks.away or {}
        blocks = Blocks(frozenset(cancelled), frozenset(closed), away)
        return Template.of({kind: calendar.sessions for kind, calendar in self.calendars.items()}, blocks)


def read_calendars(
    kinds: Iterable[UUID], clinicians: Collection[UUID], *, start: dt.date, end: dt.date, at: dt.datetime
) -> Reading:
    """Of the kinds that sessions of these clinicians take; a few queries, however many they are."""
    where = Where(clinicians=list(clinicians))
    found = load_calendars(visit_type_ids=set(kinds), start=start, end=end, where=where, at=at)
    return Reading(start, end, at, found)


def kinds_of(clinician_ids: Collection[UUID], *, since: dt.date) -> set[UUID]:
    """Kinds of visits that sessions of the clinicians take from a day on."""
    rows = SessionVisitType.objects.unscoped("a clinician's template is one over all sites")
    rows = rows.filter(session__clinician_id__in=clinician_ids).exclude(session__period__endswith__lte=since)
    return set(rows.values_list("visit_type_id", flat=True).distinct())


def visits_of_clinicians(clinicians: Collection[UUID], start: dt.datetime, end: dt.datetime) -> list[Visit]:
    """Booked visits that begin in the half-open span, by time."""
    return _visits(_OF_CLINICIANS, clinicians, start, end)


def visits_at_units(units: Collection[UUID], start: dt.datetime, end: dt.datetime) -> list[Visit]:
    return _visits(_OF_UNITS, units, start, end)


def _visits(sql: str, ids: Collection[UUID], start: dt.datetime, end: dt.datetime) -> list[Visit]:
    with planned_cursor() as cursor:
        cursor.execute(sql, [start, end, list(ids)])
        return [Visit(*row) for row in cursor.fetchall()]


def busy_patients(
    patients: Collection[UUID], *, start: dt.date, end: dt.date
) -> dict[UUID, list[tuple[Minute, Minute, UUID]]]:
    """What each patient (by canonical id) has booked: start, end, id of the visit."""
    first, last = window(start, end)
    ids = list(patients)
    found: dict[UUID, list[tuple[Minute, Minute, UUID]]] = defaultdict(list)
    with planned_cursor() as cursor:
        cursor.execute(_BUSY, [ids, ids, first, last])
        for patient, since, until, visit in cursor.fetchall():
            found[patient].append((since, until, visit))
    return found


def colleagues_of(
    clinicians: Collection[UUID], units: Collection[UUID], *, start: dt.date, end: dt.date
) -> dict[UUID, frozenset[UUID]]:
    """Per clinician the others of the same specialty with sessions at one of the sites in the period."""
    found: dict[UUID, set[UUID]] = defaultdict(set)
    with planned_cursor() as cursor:
        cursor.execute(_COLLEAGUES, [list(clinicians), list(units), start, end])
        for mine, other in cursor.fetchall():
            found[mine].add(other)
    return {mine: frozenset(found[mine]) for mine in clinicians}
