"""The calendars of many kinds of visits: each question is asked once for all of them, not once for each.

What a kind is told here is what `load_calendar` tells of it alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from itertools import chain
from typing import Any
from uuid import UUID

from medguild.foundation.kernel.sql import planned_cursor
from medguild.operations.scheduling.calendar_sql import (
    Calendar,
    Where,
    load_blocks,
    load_held_by_kind,
    load_sessions_by_kind,
    load_taken,
    window,
)
from medguild.operations.scheduling.needs.rules import Required
from medguild.operations.scheduling.needs.sql import load_joined_by_kind, load_required_by_kind
from medguild.operations.scheduling.slot_rules import Blocks, Taken
from medguild.operations.scheduling.week_rules import SessionPattern

Period = tuple[dt.date, dt.date]  # half-open
Sessions = Mapping[UUID, list[SessionPattern]]
Load = Callable[..., Mapping[UUID, Taken]]


def load_calendars(
    *,
    visit_type_ids: Collection[UUID],
    start: dt.date,
    end: dt.date,
    where: Where,
    at: dt.datetime,
    load: Load = load_taken,
) -> dict[UUID, Calendar]:
    """By kind of visit, for a half-open period of days; kinds that no session takes are left out.

    Six questions at most, whatever the number of kinds and clinicians. `load` says what is taken, as `load_taken` does.
    """  # fmt: skip
    sessions = load_sessions_by_kind(visit_type_ids=visit_type_ids, start=start, end=end, where=where)
    if not sessions:
        return {}
    period = (start, end)
    blocks = _blocks(sessions, period)
    required = _required(sessions, period, at)
    units = {one.unit_id for one in chain(*sessions.values())}
    members = {pk for one in required.values() for pk in one.members(units)}
    rooms = {one.room_id for one in chain(*sessions.values()) if one.room_id}
    first, last = window(start, end)
    clinicians = {one.resource_id for one in chain(*sessions.values())}
    taken = load(clinicians | rooms | members, start=first, end=last, at=at)
    return {kind: Calendar(own, blocks[kind], taken, required.get(kind)) for kind, own in sessions.items()}


def _blocks(sessions: Sessions, period: Period) -> dict[UUID, Blocks]:
    ids = {one.id for one in chain(*sessions.values())}
    whole = load_blocks(
        clinicians={one.clinician_id for one in chain(*sessions.values())},
        units={one.unit_id for one in chain(*sessions.values())},
        sessions=ids, start=period[0], end=period[1],
    )  # fmt: skip
    held = load_held_by_kind(sessions.keys(), ids) if whole.held else {}
    return {kind: replace(whole, held=held.get(kind, {})) for kind in sessions}


def _required(sessions: Sessions, period: Period, at: dt.datetime) -> dict[UUID, Required]:
    demanding = {kind: own for kind, own in sessions.items() if own[0].demanding}
    if not demanding:
        return {}
    units = {one.unit_id for one in chain(*demanding.values())}
    required = load_required_by_kind(visit_type_ids=demanding.keys(), units=units, start=period[0], end=period[1])
    groups = {
        kind: {one.resource_id for one in own if one.capacity > 1}
        for kind, own in demanding.items()
        if required[kind].needs and any(one.capacity > 1 for one in own)
    }  # fmt: skip
    if not groups:
        return required
    first, last = window(*period)
    joined = load_joined_by_kind(
        visit_type_ids=groups.keys(), clinicians=set().union(*groups.values()),
        members={pk for kind in groups for pk in required[kind].members(units)}, start=first, end=last, at=at,
    )  # fmt: skip
    return required | {kind: replace(required[kind], joined=joined.get(kind, {})) for kind in groups}


# A visit keeps its rows when it is given up, so they tell what it took until then. Where one has none of its clinician
# (it came by an import), its own times stand for them.
_TAKEN_BY_THEN = """
    with booked as (
        select v.id, v.clinician_id, v.start, v."end" from operations_appointment v
         where v.start > %(first)s - interval '1 day' and v.start < %(last)s and v.booked_at <= %(at)s
           and (v.cancelled_at is null or v.cancelled_at > %(at)s)),
    rows as (
        select a.resource_id, a.lane, a.during from booked
          join operations_allocation a on a.appointment_id = booked.id and a.resource_id = any(%(resources)s)
        union all
        select c.resource_id, 0, tstzrange(booked.start, booked."end") from booked
          join foundation_clinician c on c.id = booked.clinician_id and c.resource_id = any(%(resources)s)
         where not exists (
             select 1 from operations_allocation a
              where a.appointment_id = booked.id and a.resource_id = c.resource_id)),
    busy as (
        select taken.resource_id, taken.lane, (extract(epoch from lower(span)) / 60)::int as since,
               (extract(epoch from upper(span)) / 60)::int as until
          from (select resource_id, lane, range_agg(during) as spans from rows where upper(during) > %(first)s
                 group by resource_id, lane) taken, unnest(taken.spans) span)
    select resource_id, array_agg(since order by since), array_agg(until order by since), array_agg(lane order by since)
      from busy group by resource_id
"""


def load_taken_by_then(
    resources: Collection[UUID], *, start: dt.datetime, end: dt.datetime, at: dt.datetime
) -> dict[UUID, Taken]:
    """What had been taken at an instant gone by: visits booked by then and not cancelled yet. A visit that was moved
    since counts where it stands now, and holds are forgotten."""
    values: dict[str, Any] = {"resources": list(resources), "first": start, "last": end, "at": at}
    with planned_cursor() as cursor:
        cursor.execute(_TAKEN_BY_THEN, values)
        return {resource: Taken(starts, ends, lanes) for resource, starts, ends, lanes in cursor.fetchall()}
