"""A site's week, day by day: a few queries, whatever the number of visits."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import at_local, local_date
from medguild.foundation.organization.models import Site
from medguild.foundation.organization.people import Clinician
from medguild.operations.scheduling.calendar_sql import Where, load_blocks, load_sessions
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.selectors import appointments_on
from medguild.operations.scheduling.week_rules import SessionPattern, is_held

_DAYS = 7
_AHEAD = 28


@dataclass(frozen=True, slots=True)
class WeekDay:
    """`working` are the clinicians with a session that takes place on the day; `visits` are in order of time."""

    day: dt.date
    closed: bool = False
    working: list[Clinician] = field(default_factory=list)
    visits: list[Appointment] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Week:
    days: list[WeekDay]
    clinicians: list[Clinician]
    clinician_id: UUID | None = None

    @property
    def visits(self) -> int:
        return sum(len(one.visits) for one in self.days)


def week_of_site(actor: Actor, site: Site, monday: dt.date, *, clinician_id: UUID | None = None) -> Week:
    """Seven local days from a Monday. `clinician_id` narrows visits and sessions to one clinician."""
    end = monday + dt.timedelta(days=_DAYS)
    sessions = load_sessions(visit_type_id=None, start=monday, end=end, where=Where(units=[site.unit_id]))
    booked = appointments_on(actor, unit_id=site.unit_id, start=_midnight(monday, site), end=_midnight(end, site))
    # Kinds and clinicians are few, and visits many: what they share is read once.
    shared = ("visit_type", "clinician__person")
    visits = list(booked.select_related(None).select_related("patient").prefetch_related(*shared))
    ids = {session.clinician_id for session in sessions} | {visit.clinician_id for visit in visits}
    people = Clinician.objects.filter(pk__in=ids).select_related("person")
    clinicians = list(people.order_by("person__family_name", "person__given_name"))
    held, closed = _held(sessions, site, monday, end)
    by_day: dict[dt.date, list[Appointment]] = defaultdict(list)
    for visit in visits:
        if clinician_id in (None, visit.clinician_id):
            by_day[local_date(visit.start, site.time_zone)].append(visit)
    days = [
        WeekDay(day, day in closed, [one for one in clinicians if one.pk in held[day]], by_day[day])
        for day in (monday + dt.timedelta(days=offset) for offset in range(_DAYS))
    ]
    return Week(days, clinicians, clinician_id if clinician_id in {one.pk for one in clinicians} else None)


def next_worked_day(actor: Actor, site: Site, *, after: dt.date) -> dt.date | None:
    """The next day within four weeks on which somebody has a session at the site."""
    start, end = after + dt.timedelta(days=1), after + dt.timedelta(days=_AHEAD + 1)
    sessions = load_sessions(visit_type_id=None, start=start, end=end, where=Where(units=[site.unit_id]))
    held, closed = _held(sessions, site, start, end)
    return min((day for day, working in held.items() if working and day not in closed), default=None)


def _held(
    sessions: Sequence[SessionPattern], site: Site, start: dt.date, end: dt.date
) -> tuple[dict[dt.date, set[UUID]], set[dt.date]]:
    """Who has a session on which day, and the days on which the site is closed."""
    blocks = load_blocks(
        clinicians={session.clinician_id for session in sessions}, units=[site.unit_id],
        sessions=[session.id for session in sessions], start=start, end=end,
    )  # fmt: skip
    held: dict[dt.date, set[UUID]] = defaultdict(set)
    for offset in range((end - start).days):
        day = start + dt.timedelta(days=offset)
        for session in sessions:
            if is_held(session, day) and (session.id, day) not in blocks.cancelled:
                held[day].add(session.clinician_id)
    return held, {day for unit_id, day in blocks.closed if unit_id == site.unit_id}


def _midnight(day: dt.date, site: Site) -> dt.datetime:
    return at_local(day, dt.time(), site.time_zone)
