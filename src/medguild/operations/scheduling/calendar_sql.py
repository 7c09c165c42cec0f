"""What slots are computed from: three questions to the database, in SQL because every search asks them.

None of the rows leave this room: callers get free times, or a verdict.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from medguild.foundation.kernel.sql import planned_cursor
from medguild.operations.scheduling.held_rules import HeldPart
from medguild.operations.scheduling.kinds.rules import takes_only_clinician
from medguild.operations.scheduling.needs.rules import Required
from medguild.operations.scheduling.needs.sql import length_of, load_joined, load_required
from medguild.operations.scheduling.rules import Busy
from medguild.operations.scheduling.slot_rules import Away, Blocks, Taken
from medguild.operations.scheduling.week_rules import SessionPattern

_SESSIONS = """
    select s.id, s.clinician_id, c.resource_id, s.unit_id, s.entity_id, place.time_zone, s.weekday, s.start_minute,
           s.end_minute, s.every_weeks, s.anchor, {since}, {until}, s.step_minutes, {minutes},
           s.capacity, s.overbook_limit, s.room_id, coalesce(room.capacity, 1), {demanding}, {doubtful}
      from operations_session s
      {types}
      join foundation_clinician c on c.id = s.clinician_id
      join foundation_site place on place.unit_id = s.unit_id
      left join foundation_resource room on room.id = s.room_id
     where s.period && daterange(%s, %s){in_part}
"""
# Mostly the session says how long a visit takes; else the lengths on file are asked, of which the nearest wins. What
# does not hang on the session (what the kind of visit needs) is answered once for all rows.
_TYPES = """cross join (select {kinds} as kind_id, %s::date as day, %s::date as until) asked
      join operations_sessionvisittype t on t.session_id = s.id and t.visit_type_id = asked.kind_id
      join operations_visittype kind on kind.id = asked.kind_id"""
# Where a length on file changes during the period, a session stands once for the days before and once for those after.
_PARTS = """
      cross join lateral (
          select cut.day as since, lead(cut.day) over (order by cut.day) as until
            from (select asked.day
                  union select unnest(array[lower(l.period), upper(l.period)])
                    from operations_visittypelength l where l.visit_type_id = asked.kind_id) cut
           where cut.day >= asked.day and cut.day < {end}) part"""
_SINCE = """case when t.minutes is null and part.since > asked.day then greatest(lower(s.period), part.since)
           else lower(s.period) end"""
_UNTIL = "case when t.minutes is null then least(upper(s.period), part.until) else upper(s.period) end"
_IN_PART = """
       and (t.minutes is null and s.period && daterange(part.since, part.until)
            or t.minutes is not null and part.since = asked.day)"""
_DEMANDING = """kind.prep_minutes > 0 or kind.clean_up_minutes > 0 or kind.modes = '{{e_consult}}'
           or exists (select 1 from operations_visitneed need where need.visit_type_id = {kind})"""
# A licence of the site's state over all of the period, for a kind that asks for no privilege, is the quick yes; who has
# none is judged by the rules of credentialing (see `search.sifting`).
_DOUBTFUL = """exists (select 1 from operations_visittypeterms terms
                    where terms.visit_type_id = asked.kind_id and terms.privilege_id is not null)
           or not exists (select 1 from foundation_licence held
                           where held.clinician_id = s.clinician_id and held.state = place.state
                             and held.period @> asked.days)"""
_JUDGED = """cross join (select %s::uuid as kind_id, %s::date as day, daterange(%s, %s) as days) asked
      join operations_sessionvisittype t on t.session_id = s.id and t.visit_type_id = asked.kind_id
      join operations_visittype kind on kind.id = asked.kind_id"""
_DATED = {
    "minutes": f"coalesce(t.minutes, {length_of(kind='kind.id', unit='s.unit_id', day='part.since')}, kind.minutes)",
    "since": _SINCE, "until": _UNTIL, "in_part": _IN_PART,
}  # fmt: skip
_FOR_TYPE = _SESSIONS.format(
    types=_TYPES.format(kinds="%s::uuid") + _PARTS.format(end="asked.until"),
    demanding=_DEMANDING.format(kind="asked.kind_id"), doubtful="false", **_DATED,
)  # fmt: skip
_FOR_TYPE_JUDGED = _SESSIONS.format(
    types=_JUDGED + _PARTS.format(end="upper(asked.days)"),
    demanding=_DEMANDING.format(kind="asked.kind_id"), doubtful=_DOUBTFUL, **_DATED,
)  # fmt: skip
_FOR_TYPES = _SESSIONS.format(
    types=_TYPES.format(kinds="distinct unnest(%s::uuid[])") + _PARTS.format(end="asked.until"),
    demanding=_DEMANDING.format(kind="kind.id"), doubtful="false, kind.id", **_DATED,
)  # fmt: skip
_FOR_ANY = _SESSIONS.format(
    minutes="s.step_minutes", types="", demanding="false", doubtful="false", since="lower(s.period)",
    until="upper(s.period)", in_part="",
)  # fmt: skip
_SESSION_ORDER = " order by s.clinician_id, s.unit_id, s.weekday, s.start_minute"

# Held parts that the visit type may use are left out: for it they are ordinary time.
_HELD_FOR_OTHERS = """not (coalesce({kind}::uuid = any(h.visit_types), false)
            or h.purpose = 'new_patients' and exists (
               select 1 from operations_visittype kind where kind.id = {kind}::uuid and kind.patient_kind = 'new'))"""
_BLOCKS = f"""
    select 'x', e.session_id, e.day, 0, 0, null::text, null::int, null::int
      from operations_sessionexception e
     where e.session_id = any(%s) and e.day >= %s and e.day < %s
    union all
    select 'c', p.descendant_id, c.day, 0, 0, null, null, null
      from foundation_unitpath p
      join foundation_closure c on c.unit_id = p.ancestor_id and p.period @> c.day
     where p.descendant_id = any(%s) and c.day >= %s and c.day < %s
    union all
    select 'a', a.clinician_id, null,
           (extract(epoch from lower(a.during)) / 60)::int, (extract(epoch from upper(a.during)) / 60)::int,
           null, null, null
      from operations_absence a
     where a.clinician_id = any(%s) and a.during && tstzrange(%s, %s)
    union all
    select 'h', h.session_id, null, h.start_minute, h.end_minute, h.purpose, h.release_days, h.release_hours
      from operations_heldblock h
     where h.session_id = any(%s) and {_HELD_FOR_OTHERS.format(kind="%s")}
"""
_HELD = f"""
    select asked.kind_id, h.session_id, h.start_minute, h.end_minute, h.purpose, h.release_days, h.release_hours
      from operations_heldblock h cross join unnest(%s::uuid[]) asked(kind_id)
     where h.session_id = any(%s) and {_HELD_FOR_OTHERS.format(kind="asked.kind_id")}
"""

# Neighbouring spans of a lane are merged: what lies within a lane never overlaps, so nothing is lost.
_SPANS = """
    select taken.resource_id, taken.lane, (extract(epoch from lower(span)) / 60)::int as since,
           (extract(epoch from upper(span)) / 60)::int as until
      from (select a.resource_id, a.lane, range_agg(a.during) as spans
              from operations_allocation a
             where a.active and a.resource_id = any(%s)
               and lower(a.during) > %s - interval '1 day' and lower(a.during) < %s
               and upper(a.during) > %s
               and (a.expires_at is null or a.expires_at > %s)
             group by a.resource_id, a.lane) taken, unnest(taken.spans) span
"""
_TAKEN = f"""
    select resource_id, array_agg(since order by since), array_agg(until order by since), array_agg(lane order by since)
      from ({_SPANS}) busy
     group by resource_id
"""
# Expired holds are dropped on the way; the look-up leaves them out by itself, because both see the state before.
_LOOK_AND_TIDY = f"""
    with dropped as (
        delete from operations_allocation where resource_id = any(%s) and active and expires_at <= %s)
    {_SPANS}
"""


@dataclass(frozen=True, slots=True)
class Where:
    """Which sessions are asked for; None is no limit. `units` are sites."""

    clinicians: Collection[UUID] | None = None
    units: Collection[UUID] | None = None
    scope: Collection[UUID] | None = None


@dataclass(frozen=True, slots=True)
class Calendar:
    """All that decides whether a time is free."""

    sessions: list[SessionPattern] = field(default_factory=list)
    blocks: Blocks = field(default_factory=Blocks)
    taken: Mapping[UUID, Taken] = field(default_factory=dict)
    required: Required | None = None


_WORKS_THERE = """
    with above as (
        select path.ancestor_id as id from foundation_unitpath path
         where path.descendant_id = %(unit)s and path.period @> %(day)s::date)
    select exists (select 1 from operations_session s
                    where s.clinician_id = %(clinician)s and s.unit_id = %(unit)s and s.period @> %(day)s::date)
        or exists (select 1 from foundation_clinician c
                     join foundation_affiliation held on held.person_id = c.person_id and held.period @> %(day)s::date
                    where c.id = %(clinician)s and held.unit_id in (select id from above))
        or exists (select 1 from foundation_clinician c
                     join foundation_resource r on r.id = c.resource_id
                     join foundation_unitpath home on home.descendant_id = r.unit_id and home.period @> %(day)s::date
                     join foundation_circlemember theirs on theirs.entity_id = home.ancestor_id
                          and theirs.period @> %(day)s::date
                     join foundation_circlemember ours on ours.circle_id = theirs.circle_id
                          and ours.period @> %(day)s::date and ours.entity_id in (select id from above)
                    where c.id = %(clinician)s)
"""


def works_there(*, clinician_id: UUID, unit_id: UUID, day: dt.date) -> bool:
    """Whether a clinician has sessions at a site, works for a unit over it, or is of the group that the site is of.

    Asked before somebody is squeezed in outside of all sessions: else any site could take any clinician's time.
    """
    with planned_cursor() as cursor:
        cursor.execute(_WORKS_THERE, {"clinician": clinician_id, "unit": unit_id, "day": day})
        (works,) = cursor.fetchone()
    return bool(works)


def session_rooms(clinicians: Collection[UUID], units: Collection[UUID], *, start: dt.date, end: dt.date) -> set[UUID]:
    """The rooms of these clinicians' sessions at these sites in the half-open period."""
    with planned_cursor() as cursor:
        cursor.execute(
            "select distinct s.room_id from operations_session s where s.clinician_id = any(%s) and s.unit_id = any(%s)"
            " and s.room_id is not null and s.period && daterange(%s, %s)",
            [list(clinicians), list(units), start, end],
        )
        return {room_id for (room_id,) in cursor.fetchall()}


def load_sessions(
    *, visit_type_id: UUID | None, start: dt.date, end: dt.date, where: Where, judged: bool = False
) -> list[SessionPattern]:
    """Sessions that take the visit type (None: any) and hold in the half-open period.

    By clinician, site, weekday and time; `minutes` is the length of the type there, or the step for any type; where it
    changes in the period, a session stands once for each length, with the days on which that holds. Only
    where it is `judged`, a pattern says whether it is doubtful.
    """
    if visit_type_id is None:
        rows = _sessions(_FOR_ANY, [start, end], where)
    elif judged:
        rows = _sessions(_FOR_TYPE_JUDGED, [visit_type_id, start, start, end, start, end], where)
    else:
        rows = _sessions(_FOR_TYPE, [visit_type_id, start, end, start, end], where)
    return [SessionPattern._make(row) for row in rows]


def load_sessions_by_kind(
    *, visit_type_ids: Collection[UUID], start: dt.date, end: dt.date, where: Where
) -> dict[UUID, list[SessionPattern]]:
    """What `load_sessions` says of each of the visit types, in one question; those without sessions are left out."""
    found: dict[UUID, list[SessionPattern]] = defaultdict(list)
    for row in _sessions(_FOR_TYPES, [list(visit_type_ids), start, end, start, end], where):
        found[row[-1]].append(SessionPattern._make(row[:-1]))
    return dict(found)


def _sessions(sql: str, values: list[Any], where: Where) -> list[tuple[Any, ...]]:
    for column, ids in (("clinician_id", where.clinicians), ("unit_id", where.units), ("unit_id", where.scope)):
        if ids is not None:
            sql += f" and s.{column} = any(%s)"
            values.append(list(ids))
    with planned_cursor() as cursor:
        cursor.execute(sql + _SESSION_ORDER, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def load_blocks(
    *,
    clinicians: Iterable[UUID],
    units: Iterable[UUID],
    sessions: Iterable[UUID],
    start: dt.date,
    end: dt.date,
    visit_type_id: UUID | None = None,
) -> Blocks:
    """Cancelled sessions, closed days of sites (or of units above them), absences, in the half-open period; and the
    parts of these sessions that are held for others than the visit type."""
    first, last = window(start, end)
    ids = list(sessions)
    values: list[Any] = [ids, start, end, list(units), start, end, list(clinicians), first, last]
    values += [ids, visit_type_id, visit_type_id]
    with planned_cursor() as cursor:
        cursor.execute(_BLOCKS, values)
        rows = cursor.fetchall()
    away: dict[UUID, list[Away]] = defaultdict(list)
    held: dict[UUID, list[HeldPart]] = defaultdict(list)
    for kind, subject, _, since, until, *release in rows:
        if kind == "a":
            away[subject].append(Away(since, until))
        elif kind == "h":
            held[subject].append(HeldPart(since, until, *release))
    return Blocks(
        cancelled=frozenset((row[1], row[2]) for row in rows if row[0] == "x"),
        closed=frozenset((row[1], row[2]) for row in rows if row[0] == "c"),
        away=away,
        held=held,
    )


def load_held_by_kind(
    visit_type_ids: Collection[UUID], sessions: Iterable[UUID]
) -> dict[UUID, dict[UUID, list[HeldPart]]]:
    """By visit type, then session: the parts that are held for others."""
    held: dict[UUID, dict[UUID, list[HeldPart]]] = defaultdict(lambda: defaultdict(list))
    with planned_cursor() as cursor:
        cursor.execute(_HELD, [list(visit_type_ids), list(sessions)])
        for kind, session, *part in cursor.fetchall():
            held[kind][session].append(HeldPart(*part))
    return held


def load_taken(
    resources: Iterable[UUID], *, start: dt.datetime, end: dt.datetime, at: dt.datetime
) -> dict[UUID, Taken]:
    """What is taken, by resource; holds that have expired by `at` do not count."""
    with planned_cursor() as cursor:
        cursor.execute(_TAKEN, [list(resources), start, end, start, at])
        return {resource: Taken(starts, ends, lanes) for resource, starts, ends, lanes in cursor.fetchall()}


def look_and_tidy(
    resources: Iterable[UUID], *, start: dt.datetime, end: dt.datetime, at: dt.datetime
) -> dict[UUID, list[Busy]]:
    """What is taken within a span, by resource; their expired holds are removed. To be used under the locks."""
    ids = list(resources)
    busy: dict[UUID, list[Busy]] = defaultdict(list)
    with planned_cursor() as cursor:
        cursor.execute(_LOOK_AND_TIDY, [ids, at, ids, start, end, start, at])
        for resource, lane, since, until in cursor.fetchall():
            busy[resource].append(Busy(since, until, lane))
    return busy


def load_calendar(
    *, visit_type_id: UUID, start: dt.date, end: dt.date, where: Where, at: dt.datetime, mode: str | None = None,
    judged: bool = False,
) -> Calendar:  # fmt: skip
    """Sessions, what takes them off the calendar, and what is taken, for a half-open period of days: three queries.

    For a kind of visit that needs more, one more says what and who can meet it, and for groups one what they hold.
    """
    sessions = load_sessions(visit_type_id=visit_type_id, start=start, end=end, where=where, judged=judged)
    if not sessions:
        return Calendar()
    blocks = load_blocks(
        clinicians={session.clinician_id for session in sessions},
        units={session.unit_id for session in sessions},
        sessions=[session.id for session in sessions],
        start=start,
        end=end,
        visit_type_id=visit_type_id,
    )
    resources = {session.resource_id for session in sessions} | {s.room_id for s in sessions if s.room_id}
    first, last = window(start, end)
    required = None
    if sessions[0].demanding or (mode is not None and takes_only_clinician(mode)):
        required = _required(visit_type_id, sessions, (start, end), at, mode)
        resources |= required.members({session.unit_id for session in sessions})
    return Calendar(sessions, blocks, load_taken(resources, start=first, end=last, at=at), required)


def _required(
    visit_type_id: UUID, sessions: Sequence[SessionPattern], days: tuple[dt.date, dt.date], at: dt.datetime,
    mode: str | None,
) -> Required:  # fmt: skip
    start, end = days
    units = {session.unit_id for session in sessions}
    required = load_required(visit_type_id=visit_type_id, units=units, start=start, end=end, mode=mode)
    groups = {session.resource_id for session in sessions if session.capacity > 1}
    if not groups or not required.needs:
        return required
    first, last = window(start, end)
    joined = load_joined(
        visit_type_id=visit_type_id, clinicians=groups, members=required.members(units), start=first, end=last, at=at
    )
    return replace(required, joined=joined)


def window(start: dt.date, end: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """Instants that surely hold the local days of the period, whatever the zone."""
    day = dt.timedelta(days=1)
    midnight = dt.time(tzinfo=dt.UTC)
    return dt.datetime.combine(start - day, midnight), dt.datetime.combine(end + day, midnight)
