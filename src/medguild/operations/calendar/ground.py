"""What lies under the visits of a calendar: who works when, what is off and why, what is taken elsewhere."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.sql import planned_cursor
from medguild.foundation.organization.models import Closure
from medguild.foundation.ui.instants import instant_text
from medguild.operations.calendar.changes import bounds
from medguild.operations.calendar.rules import Span, Stretch, TimeState, without
from medguild.operations.scheduling.calendar_sql import Where, load_blocks, load_sessions
from medguild.operations.scheduling.held import PURPOSE_WORDS
from medguild.operations.scheduling.held_rules import HeldSpan, Purpose, held_spans
from medguild.operations.scheduling.models import SessionException
from medguild.operations.scheduling.rules import Minute
from medguild.operations.scheduling.slot_rules import Blocks
from medguild.operations.scheduling.week_rules import SessionPattern, days_held, instant, local_time, span

_ELSEWHERE = """
    select c.id, place.name, (extract(epoch from lower(a.during)) / 60)::int,
           (extract(epoch from upper(a.during)) / 60)::int
      from operations_allocation a
      join foundation_clinician c on c.resource_id = a.resource_id
      join foundation_unit place on place.id = a.unit_id
     where a.active and a.resource_id = any(%s) and a.unit_id <> %s
       and lower(a.during) > %s - interval '1 day' and lower(a.during) < %s and upper(a.during) > %s
       and (a.expires_at is null or a.expires_at > %s)
"""


@dataclass(frozen=True, slots=True)
class Ground:
    """Stretches of time by clinician, with the rooms of sessions; `working` are those with a session in the span."""

    stretches: list[Stretch] = field(default_factory=list)
    working: frozenset[UUID] = frozenset()
    closed: Mapping[dt.date, str] = field(default_factory=dict)


def ground_of(actor: Actor, shown: Span, *, at: dt.datetime) -> Ground:
    """Three queries, and one each where a day is closed or a session off. The actor may read the site's schedule."""
    where = Where(clinicians=shown.clinicians or None, units=[shown.site_id])
    sessions = load_sessions(visit_type_id=None, start=shown.start, end=shown.end, where=where)
    held = [(session, day) for session in sessions for day in days_held(session, shown.start, shown.end)]
    if not held:
        return Ground(closed=_closed(shown))
    blocks = load_blocks(
        clinicians={session.clinician_id for session, _day in held}, units=[shown.site_id],
        sessions={session.id for session, _day in held}, start=shown.start, end=shown.end,
    )  # fmt: skip
    closed = _closed(shown) if blocks.closed else {}
    reasons = _reasons(actor, blocks)
    minute = int(at.timestamp()) // 60
    stretches = [one for session, day in held for one in _stretches(session, day, blocks, reasons, closed, minute)]
    stretches += _elsewhere({session.resource_id for session, _day in held}, shown, at)
    return Ground(stretches, frozenset(session.clinician_id for session, _day in held), closed)


def _stretches(
    session: SessionPattern,
    day: dt.date,
    blocks: Blocks,
    reasons: Mapping[tuple[UUID, dt.date], str],
    closed: Mapping[dt.date, str],
    at: Minute,
) -> list[Stretch]:
    whole = span(session, day)

    def stretches(parts: Iterable[tuple[int, int]], state: TimeState, words: str = "") -> list[Stretch]:
        return [Stretch(session.clinician_id, *part, state, words, session.room_id) for part in parts]

    if day in closed:
        return stretches([whole], TimeState.CLOSED, closed[day])
    if (session.id, day) in blocks.cancelled:
        return stretches([whole], TimeState.OFF, reasons.get((session.id, day)) or _("Cancelled on this day"))
    left = without(whole, [(one.start, one.end) for one in (blocks.away or {}).get(session.clinician_id, ())])
    made = stretches(without(whole, left), TimeState.OFF, _("Away"))
    held = held_spans((blocks.held or {}).get(session.id, ()), session.zone, day, at=at)
    for part in left:
        free = without(part, [(one.start, one.end) for one in held])
        made += stretches(free, TimeState.OPEN)
        for one in held:
            kept = (max(one.start, part[0]), min(one.end, part[1]))
            if kept[0] < kept[1]:
                made += stretches([kept], TimeState.HELD, _held_words(one, session.zone))
    return made


def _held_words(one: HeldSpan, zone: str) -> str:
    until = local_time(zone, one.until)
    # Most are released as a day begins; its first minute says no more than the day, and columns are narrow.
    style = "date" if until.time() == dt.time() else "datetime"
    return _("for %(purpose)s until %(until)s") % {
        "purpose": PURPOSE_WORDS[Purpose(one.purpose)],
        "until": instant_text(until, zone, style),
    }


def _reasons(actor: Actor, blocks: Blocks) -> dict[tuple[UUID, dt.date], str]:
    """Why sessions do not take place, as the manager wrote it."""
    if not blocks.cancelled:
        return {}
    sessions, days = {pair[0] for pair in blocks.cancelled}, {pair[1] for pair in blocks.cancelled}
    rows = SessionException.objects.visible_to(actor).filter(session_id__in=sessions, day__in=days)
    return {(row.session_id, row.day): row.reason for row in rows}


def _closed(shown: Span) -> dict[dt.date, str]:
    """Closed days of the site, or of a unit above it, with their reason."""
    rows = Closure.objects.filter(
        day__gte=shown.start, day__lt=shown.end, unit__paths_down__descendant_id=shown.site_id,
        unit__paths_down__period__contains=F("day"),
    )  # fmt: skip
    return {row.day: row.reason for row in rows}


def _elsewhere(resources: Iterable[UUID], shown: Span, at: dt.datetime) -> list[Stretch]:
    """One human has one calendar: what is taken at other sites, without saying by whom."""
    start, end = bounds(shown)
    with planned_cursor() as cursor:
        cursor.execute(_ELSEWHERE, [list(resources), shown.site_id, start, end, start, at])
        rows = cursor.fetchall()
    return [
        Stretch(clinician, since, until, TimeState.ELSEWHERE, _("At %(site)s") % {"site": name})
        for clinician, name, since, until in rows
    ]


def wall_spans(stretches: Sequence[Stretch], shown: Span) -> list[tuple[Minute, Minute]]:
    """The stretches in wall-clock minutes of their days, so that a page knows its first and last hour."""
    midnights = [instant(shown.zone, shown.start + dt.timedelta(days=one), 0) for one in range(shown.days + 1)]
    made: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for one in stretches:
        place = next((at for at in range(shown.days) if midnights[at] <= one.start < midnights[at + 1]), 0)
        made[place].append((one.start - midnights[place], min(one.end - midnights[place], 24 * 60)))
    return [pair for pairs in made.values() for pair in pairs]
