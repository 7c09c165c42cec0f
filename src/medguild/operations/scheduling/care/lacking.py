"""Visits already booked whose clinician may not see the patient on the day: what a licence that runs out leaves behind.

Two statements and the spans of credentialing for any number of visits: first each group of visits that are judged
alike, with its first and last day; only groups that are not covered throughout are looked at visit by visit.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from medguild.foundation.kernel.clock import now
from medguild.operations.scheduling.care.verdicts import Care
from medguild.people.credentialing.rules import CredentialKind
from medguild.people.credentialing.spans import Span, performs, privilege_spans, treating_spans, treats

HORIZON = dt.timedelta(days=120)

_BOOKED = """
    select visit.id, visit.clinician_id, visit.unit_id, visit.start,
           (visit.start at time zone place.time_zone)::date as day, visit.mode <> 'in_person' as remote,
           case when visit.mode = 'in_person' then place.state
                else coalesce(nullif(visit.patient_state, ''), patient.state) end as state, terms.privilege_id
      from operations_appointment visit
      join foundation_site place on place.unit_id = visit.unit_id
      join patients_patient patient on patient.id = visit.patient_id
      left join operations_visittypeterms terms on terms.visit_type_id = visit.visit_type_id
     where visit.status = 'booked' and visit.start >= %s and visit.start < %s {more}
"""
_GROUPS = f"""
    select clinician_id, unit_id, state, remote, privilege_id, min(day), max(day)
      from ({_BOOKED.format(more="")}) booked
     group by clinician_id, unit_id, state, remote, privilege_id
"""
_VISITS = _BOOKED.format(more="and visit.clinician_id = any(%s)") + " order by visit.start"


@dataclass(frozen=True, slots=True)
class LackingVisit:
    """A booked visit, and what is asked of its clinician that they do not hold on the day."""

    appointment_id: UUID
    clinician_id: UUID
    unit_id: UUID
    start: dt.datetime
    care: Care


@dataclass(frozen=True, slots=True)
class _Held:
    """All that clinicians hold within the days looked at."""

    treating: Any
    performing: dict[UUID, Any]

    def allows(self, clinician_id: UUID, care: Care) -> bool:
        spans: Sequence[Span] = self.treating.get((clinician_id, care.state), ())
        if not treats(spans, care.day, remote=care.remote):
            return False
        if care.privilege_id is None:
            return True
        return performs(self.performing[care.privilege_id].get((clinician_id, care.unit_id), ()), care.day)


def lacking_visits(
    *, at: dt.datetime | None = None, until: dt.datetime | None = None, clinicians: Collection[UUID] | None = None
) -> list[LackingVisit]:
    """Visits to come, within 120 days unless told otherwise, that their clinicians may not keep; by time."""
    moment = at or now()
    end = until or moment + HORIZON
    days = (moment.date() - dt.timedelta(days=1), end.date() + dt.timedelta(days=2))
    with connection.cursor() as cursor:
        if clinicians is None:
            cursor.execute(_GROUPS, [moment, end])
            clinicians = _doubtful(cursor.fetchall(), days)
        if not clinicians:
            return []
        cursor.execute(_VISITS, [moment, end, list(clinicians)])
        rows = cursor.fetchall()
    visits = [
        LackingVisit(visit_id, clinician_id, unit_id, start, Care(state, remote, day, unit_id, privilege_id))
        for visit_id, clinician_id, unit_id, start, day, remote, state, privilege_id in rows
    ]
    held = _held(((one.clinician_id, one.care) for one in visits), days)
    return [one for one in visits if not held.allows(one.clinician_id, one.care)]


def _doubtful(groups: Sequence[tuple[Any, ...]], days: tuple[dt.date, dt.date]) -> set[UUID]:
    """Clinicians for whom no single credential covers all of their visits; a privilege is always looked at."""
    pairs = {(clinician_id, state) for clinician_id, _unit, state, *_rest in groups}
    treating = treating_spans({one for one, _ in pairs}, {state for _, state in pairs}, start=days[0], end=days[1])
    return {
        clinician_id
        for clinician_id, _unit, state, remote, privilege_id, first, last in groups
        if privilege_id is not None or not _covered(treating.get((clinician_id, state), ()), first, last, remote)
    }


def _covered(spans: Sequence[Span], first: dt.date, last: dt.date, remote: bool) -> bool:
    fitting = [one for one in spans if remote or one.kind != CredentialKind.TELEHEALTH]
    return any(one.holds(first) and one.holds(last) for one in fitting)


def _held(asked: Iterable[tuple[UUID, Care]], days: tuple[dt.date, dt.date]) -> _Held:
    wanted = list(asked)
    clinicians = {clinician_id for clinician_id, _ in wanted}
    privileges = {care.privilege_id for _, care in wanted if care.privilege_id is not None}
    units = {care.unit_id for _, care in wanted}
    return _Held(
        treating_spans(clinicians, {care.state for _, care in wanted}, start=days[0], end=days[1]),
        {one: privilege_spans(clinicians, one, units, start=days[0], end=days[1]) for one in privileges},
    )


def lack_words(visits: int) -> str:
    """How many visits, for a line of work; without names."""
    return _("Booked visits without a credential on their day: %(visits)d") % {"visits": visits}
