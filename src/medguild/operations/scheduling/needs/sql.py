"""What a kind of visit needs and who or what can meet it, in one question; asked only for kinds that need something."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from medguild.foundation.kernel.sql import planned_cursor
from medguild.operations.scheduling.kinds.rules import takes_needs, takes_only_clinician
from medguild.operations.scheduling.needs.rules import Candidate, Need, Required, Shift
from medguild.operations.scheduling.rules import Minute

# Who has few capabilities comes first: the versatile stay free for what only they can do.
_POOL = """
    select {unit} as unit_id, r.id, r.name, r.capacity,
           greatest(lower(r.period), lower(held.period)) as first_day,
           least(upper(r.period), upper(held.period)) as end_day, {shifts} as shifts,
           (select array_agg(array[floor(extract(epoch from lower(off.during)) / 60)::int,
                                   ceil(extract(epoch from upper(off.during)) / 60)::int])
              from ({away}) off
             where off.during && tstzrange(%(first)s, %(last)s)) as outages,
           (select count(*) from foundation_resourcecapability other where other.resource_id = r.id) as versatile
      from foundation_resourcecapability held
      join foundation_resource r on r.id = held.resource_id and r.period && daterange(%(start)s, %(end)s)
      join {place}
     where held.capability_id = need.capability_id and held.period && daterange(%(start)s, %(end)s)
"""
_OUT = "select o.during from operations_resourceoutage o where o.resource_id = r.id"
_THINGS = _POOL.format(
    away=_OUT,
    unit="path.ancestor_id",
    shifts="null::int[]",
    place="""foundation_unitpath path on path.descendant_id = r.unit_id and path.ancestor_id = any(%(units)s)
                                    and path.period @> %(start)s::date and r.kind in ('room', 'equipment')""",
)
_STAFF = _POOL.format(
    # A clinician who helps is away with their absences.
    away=f"""{_OUT} union all
                    select a.during from operations_absence a
                      join foundation_clinician own on own.id = a.clinician_id where own.resource_id = r.id""",
    unit="worked.unit_id",
    shifts="worked.shifts",
    place="""lateral (
              select s.unit_id, array_agg(array[s.weekday, s.start_minute, s.end_minute, lower(s.period) - date '1970-01-01',
                                                coalesce(upper(s.period) - date '1970-01-01', -1)]) as shifts
                from operations_staffshift s
               where s.resource_id = r.id and s.unit_id = any(%(units)s) and s.period && daterange(%(start)s, %(end)s)
               group by s.unit_id) worked on r.kind in ('staff', 'clinician')""",  # noqa: E501
)
_REQUIRED = f"""
    select kind.id, kind.prep_minutes, kind.clean_up_minutes, kind.pads_clinician, kind.modes,
           need.capability_id, ability.kind, ability.name, need.count, need.padded,
           pool.unit_id, pool.id, pool.name, pool.capacity, pool.first_day, pool.end_day, pool.shifts, pool.outages
      from operations_visittype kind
      left join operations_visitneed need on need.visit_type_id = kind.id
      left join foundation_capability ability on ability.id = need.capability_id
      left join lateral ({_THINGS} union all {_STAFF}) pool on true
     where kind.id = any(%(kinds)s)
     order by ability.kind, ability.code, pool.versatile, pool.name, pool.id
"""
_JOINED = """
    with mine as (
        select own.resource_id, own.appointment_id, own.hold_id, coalesce(visit.start, hold.start) as start,
               coalesce(visit.visit_type_id, hold.visit_type_id) as kind
          from operations_allocation own
          left join operations_appointment visit on visit.id = own.appointment_id
          left join operations_hold hold on hold.id = own.hold_id
         where own.active and own.resource_id = any(%(clinicians)s)
           and lower(own.during) > %(first)s - interval '1 day' and lower(own.during) < %(last)s
           and upper(own.during) > %(first)s and (own.expires_at is null or own.expires_at > %(at)s)
           and coalesce(visit.visit_type_id, hold.visit_type_id) = any(%(kinds)s))
    select mine.kind, mine.resource_id, (extract(epoch from mine.start) / 60)::int,
           array_agg(distinct other.resource_id)
      from mine
      join lateral (
          select a.resource_id from operations_allocation a where a.active and a.appointment_id = mine.appointment_id
          union all
          select a.resource_id from operations_allocation a where a.active and a.hold_id = mine.hold_id) other
           on other.resource_id = any(%(members)s)
     group by mine.kind, mine.resource_id, mine.start
"""


def length_of(*, kind: str, unit: str, day: str) -> str:
    """A sub-query for the most specific length of a kind of visit on a day, null when there is none; `c` is the
    clinician."""
    return f"""(
        select length.minutes
          from operations_visittypelength length
          left join foundation_unitpath path
               on path.ancestor_id = length.unit_id and path.descendant_id = {unit} and path.period @> {day}
         where length.visit_type_id = {kind} and length.period @> {day}
           and (length.clinician_id is null or length.clinician_id = c.id)
           and (length.unit_id is null or path.ancestor_id is not null)
           and (length.specialty = '' or length.specialty = c.specialty)
         order by length.clinician_id is null, path.depth nulls last, length.specialty = ''
         limit 1)"""


_USUAL = f"""
    select coalesce({length_of(kind="kind.id", unit="%(unit)s", day="%(day)s::date")}, kind.minutes)
      from operations_visittype kind
      join foundation_clinician c on c.id = %(clinician)s
     where kind.id = %(kind)s
"""
_EPOCH = dt.date(1970, 1, 1)


def load_required(
    *, visit_type_id: UUID, units: Iterable[UUID], start: dt.date, end: dt.date, mode: str | None = None
) -> Required:
    """What the kind of visit takes at these sites in the half-open period of days, with all that can meet it.

    `mode` None is any of the kind's: then the most that one of them takes.
    """
    return load_required_by_kind(visit_type_ids=[visit_type_id], units=units, start=start, end=end, mode=mode)[
        visit_type_id
    ]


def load_required_by_kind(
    *, visit_type_ids: Collection[UUID], units: Iterable[UUID], start: dt.date, end: dt.date, mode: str | None = None
) -> dict[UUID, Required]:
    """The same for many kinds of visits in one question."""
    midnight, day = dt.time(tzinfo=dt.UTC), dt.timedelta(days=1)
    values: dict[str, Any] = {
        "kinds": list(visit_type_ids), "units": list(units), "start": start, "end": end,
        "first": dt.datetime.combine(start - day, midnight), "last": dt.datetime.combine(end + day, midnight),
    }  # fmt: skip
    found: dict[UUID, list[tuple[Any, ...]]] = defaultdict(list)
    with planned_cursor() as cursor:
        cursor.execute(_REQUIRED, values)
        for kind, *row in cursor.fetchall():
            found[kind].append(tuple(row))
    return {kind: _required(rows, mode) for kind, rows in found.items()}


def _required(rows: Sequence[tuple[Any, ...]], mode: str | None) -> Required:
    modes = [mode] if mode else rows[0][3]
    alone = all(takes_only_clinician(one) for one in modes)
    needs, pools = _pools(rows) if any(takes_needs(one) for one in modes) else ((), {})
    prep, clean_up, pads_clinician = rows[0][:3]
    return Required(prep, clean_up, pads_clinician, alone, needs, pools)


def _pools(rows: Iterable[tuple[Any, ...]]) -> tuple[tuple[Need, ...], dict[UUID, list[list[Candidate]]]]:
    needs: dict[Need, int] = {}
    found: dict[UUID, dict[int, list[Candidate]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        if row[4] is None:
            continue
        at = needs.setdefault(Need(*row[4:9]), len(needs))
        if row[9] is not None:
            found[row[9]][at].append(_candidate(*row[10:]))
    return tuple(needs), {unit: [held[at] for at in range(len(needs))] for unit, held in found.items()}


def _candidate(
    resource_id: UUID, name: str, capacity: int, first: dt.date, end: dt.date | None, shifts: Any, outages: Any
) -> Candidate:
    return Candidate(
        resource_id, name, capacity, first, end,
        tuple(Shift(day, since, until, _day(begin), _day(stop) if stop >= 0 else None)
              for day, since, until, begin, stop in shifts) if shifts is not None else None,
        tuple((since, until) for since, until in outages or ()),
    )  # fmt: skip


def _day(number: int) -> dt.date:
    return _EPOCH + dt.timedelta(days=number)


def load_joined(
    *,
    visit_type_id: UUID,
    clinicians: Collection[UUID],
    members: Collection[UUID],
    start: dt.datetime,
    end: dt.datetime,
    at: dt.datetime,
) -> Mapping[tuple[UUID, Minute], frozenset[UUID]]:
    """What group visits of this kind hold already, of `members`: by the clinician's resource and the start."""
    found = load_joined_by_kind(
        visit_type_ids=[visit_type_id], clinicians=clinicians, members=members, start=start, end=end, at=at
    )
    return found.get(visit_type_id, {})


def load_joined_by_kind(
    *,
    visit_type_ids: Collection[UUID],
    clinicians: Collection[UUID],
    members: Collection[UUID],
    start: dt.datetime,
    end: dt.datetime,
    at: dt.datetime,
) -> dict[UUID, dict[tuple[UUID, Minute], frozenset[UUID]]]:
    """The same for many kinds of visits in one question."""
    values: dict[str, Any] = {
        "kinds": list(visit_type_ids), "clinicians": list(clinicians), "members": list(members), "first": start,
        "last": end, "at": at,
    }  # fmt: skip
    found: dict[UUID, dict[tuple[UUID, Minute], frozenset[UUID]]] = defaultdict(dict)
    with planned_cursor() as cursor:
        cursor.execute(_JOINED, values)
        for kind, clinician, minute, held in cursor.fetchall():
            found[kind][clinician, minute] = frozenset(held)
    return found


def usual_minutes(*, visit_type_id: UUID, clinician_id: UUID, unit_id: UUID, day: dt.date) -> int:
    """How long the kind takes with a clinician at a site outside of all sessions: the most specific length on file."""
    with planned_cursor() as cursor:
        cursor.execute(_USUAL, {"kind": visit_type_id, "clinician": clinician_id, "unit": unit_id, "day": day})
        minutes: int = cursor.fetchone()[0]
    return minutes
