"""The scarcest resource of each session of a site's days to come, from allocations and from offers that fell away."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from medguild.foundation.kernel.clock import local_date
from medguild.foundation.organization.models import Resource, Site
from medguild.foundation.organization.rules import ResourceKind
from medguild.operations.demand.scarce_rules import NOON, Half, SessionUse, Use, overlap
from medguild.operations.demand.third_next import bookable_types
from medguild.operations.scheduling.calendar_sql import (
    Calendar,
    Where,
    load_blocks,
    load_sessions,
    load_taken,
    window,
)
from medguild.operations.scheduling.many_calendars import load_calendars
from medguild.operations.scheduling.needs.models import StaffShift
from medguild.operations.scheduling.needs.rules import Need, Shift, shift_spans
from medguild.operations.scheduling.slot_rules import Blocks, Taken, apart, bookable_minutes, find_openings
from medguild.operations.scheduling.week_rules import SessionPattern, days_held, instant, is_held, span

DAYS = 10
_A_DAY = dt.timedelta(days=1)
_WHY = "minutes of resources of a site whose numbers the caller may see"
Key = tuple[dt.date, Half]
Sort = tuple[str, str]  # kind of resource, name of the sort


@dataclass(frozen=True, slots=True)
class _Span:
    """A session of the site: from the first to the last minute in which some clinician holds one."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class SiteUse:
    """Sessions of a site in turn. `unbooked` are sorts of resources that it has, but that visits take no time of: how
    much of them is in use is not known, so they are no part of the sessions."""

    sessions: Sequence[SessionUse] = ()
    unbooked: Sequence[Sort] = ()


def site_use(site: Site, *, at: dt.datetime, days: int = DAYS) -> SiteUse:
    """Each half day with sessions in the coming days: minutes there and taken by sort of resource, offers blocked."""
    start = local_date(at, site.time_zone)
    end = start + days * _A_DAY
    sessions = load_sessions(visit_type_id=None, start=start, end=end, where=Where(units=[site.unit_id]))
    if not sessions:
        return SiteUse()
    blocks = load_blocks(
        clinicians={one.clinician_id for one in sessions}, units=[site.unit_id], sessions=[one.id for one in sessions],
        start=start, end=end,
    )  # fmt: skip
    spans = _spans(site, sessions, blocks, start, end)
    sorts, shifts = _sorts(site, start), _shifts(site, start, end)
    clinicians = {one.resource_id for one in sessions}
    first, last = window(start, end)
    taken = load_taken(clinicians | {pk for ids in sorts.values() for pk in ids}, start=first, end=last, at=at)
    calendars = load_calendars(
        visit_type_ids=bookable_types([site], start), start=start, end=end, where=Where(units=[site.unit_id]), at=at
    )
    asked = _asked(calendars.values(), sorts)
    blocked = _blocked(calendars.values(), site, start, end, at)
    unbooked = [sort for sort, ids in sorted(sorts.items()) if sort not in asked and not taken.keys() & ids.keys()]
    uses: dict[Key, list[Use]] = defaultdict(list)
    for key, whole in spans.items():
        there = _clinician_minutes(site, sessions, blocks, key)
        uses[key].append(Use(ResourceKind.CLINICIAN, "", there, _taken(taken, clinicians, whole)))
        for (kind, name), ids in sorted(sorts.items()):
            if (kind, name) in unbooked:
                continue
            minutes = _there(kind, ids, shifts, site, key, whole)
            count = blocked.pop((*key, kind, name), 0)
            if minutes or count:
                uses[key].append(Use(kind, name, minutes, _taken(taken, ids.keys(), whole), count))
    for (day, half, kind, name), count in blocked.items():  # needed by visits, and none is there
        uses[day, half].append(Use(kind, name, 0, 0, count))
    found = [SessionUse(day, half, tuple(held)) for (day, half), held in sorted(uses.items())]
    return SiteUse(found, unbooked)


def _halves(day: dt.date, site: Site) -> list[tuple[Half, int, int]]:
    noon = instant(site.time_zone, day, NOON)
    return [
        (Half.MORNING, instant(site.time_zone, day, 0), noon),
        (Half.AFTERNOON, noon, instant(site.time_zone, day, 24 * 60)),
    ]


def _spans(
    site: Site, sessions: Sequence[SessionPattern], blocks: Blocks, start: dt.date, end: dt.date
) -> dict[Key, _Span]:
    found: dict[Key, _Span] = {}
    for session in sessions:
        for day in days_held(session, start, end):
            if (session.id, day) in blocks.cancelled or (session.unit_id, day) in blocks.closed:
                continue
            since, until = span(session, day)
            for half, first, last in _halves(day, site):
                low, high = max(since, first), min(until, last)
                if low < high:
                    held = found.get((day, half), _Span(low, high))
                    found[day, half] = _Span(min(held.start, low), max(held.end, high))
    return found


def _clinician_minutes(site: Site, sessions: Sequence[SessionPattern], blocks: Blocks, key: Key) -> int:
    day, half = key
    own = [one for one in sessions if is_held(one, day)]
    minutes = 0
    for session in own:
        parts = {
            Half.MORNING: (session.start_minute, min(session.end_minute, NOON)),
            Half.AFTERNOON: (max(session.start_minute, NOON), session.end_minute),
        }
        since, until = parts[half]
        if since < until:
            cut = session._replace(start_minute=since, end_minute=until)
            minutes += sum(bookable_minutes([cut], blocks, start=day, end=day + _A_DAY).values())
    return minutes


def _sorts(site: Site, on: dt.date) -> dict[Sort, dict[UUID, int]]:
    """Rooms, devices and staff of the site by what they can do (those without a capability by their kind alone)."""
    rows = Resource.objects.unscoped(_WHY).filter(unit=site.unit_id, period__contains=on)
    rows = rows.exclude(kind=ResourceKind.CLINICIAN)
    found: dict[Sort, dict[UUID, int]] = defaultdict(dict)
    for pk, kind, capacity, name in rows.values_list("pk", "kind", "capacity", "capabilities__capability__name"):
        found[kind, name or ""][pk] = capacity
    return dict(found)


def _shifts(site: Site, start: dt.date, end: dt.date) -> dict[UUID, list[Shift]]:
    rows = StaffShift.objects.unscoped(_WHY).filter(unit=site.unit_id, period__overlap=(start, end))
    found: dict[UUID, list[Shift]] = defaultdict(list)
    for row in rows:
        found[row.resource_id].append(
            Shift(row.weekday, row.start_minute, row.end_minute, row.period.lower, row.period.upper)
        )
    return found


def _there(
    kind: str, ids: Mapping[UUID, int], shifts: Mapping[UUID, Sequence[Shift]], site: Site, key: Key, whole: _Span
) -> int:
    if kind != ResourceKind.STAFF:
        return sum(ids.values()) * (whole.end - whole.start)
    worked = [spans for pk in ids for spans in shift_spans(shifts.get(pk, ()), site.time_zone, key[0])]
    return sum(overlap(since, until, whole.start, whole.end) for since, until in worked)


def _taken(taken: Mapping[UUID, Taken], ids: object, whole: _Span) -> int:
    minutes = 0
    for pk in ids:  # type: ignore[attr-defined]
        calendar = taken.get(pk)
        if calendar is not None:
            minutes += sum(overlap(one.start, one.end, whole.start, whole.end)
                           for one in calendar.between(whole.start, whole.end))  # fmt: skip
    return minutes


def _asked(calendars: Iterable[Calendar], sorts: Mapping[Sort, Collection[UUID]]) -> set[Sort]:
    """Sorts that kinds of visits need, and those of rooms that sessions are held in."""
    asked: set[Sort] = set()
    for calendar in calendars:
        if calendar.required is not None:
            asked |= {(need.kind, need.name) for need in calendar.required.needs}
        rooms = {one.room_id for one in calendar.sessions}
        asked |= {sort for sort, ids in sorts.items() if not rooms.isdisjoint(ids)}
    return asked


def _blocked(
    calendars: Iterable[Calendar], site: Site, start: dt.date, end: dt.date, at: dt.datetime
) -> dict[tuple[dt.date, Half, str, str], int]:
    """Offers that come back when one need is waived while all others hold, by session and by what was needed."""
    found: dict[tuple[dt.date, Half, str, str], int] = defaultdict(int)
    for calendar in calendars:
        if not calendar.required and not any(one.room_id for one in calendar.sessions):
            continue
        base = _offers(calendar, site, start, end, at)
        for sort, waived in _waivers(calendar):
            for key, count in _offers(waived, site, start, end, at).items():
                lost = count - base.get(key, 0)
                if lost > 0:
                    found[(*key, *sort)] += lost
    return dict(found)


def _waivers(calendar: Calendar) -> list[tuple[Sort, Calendar]]:
    """The same calendar with one need less, for each need; and with the room of the session not asked for."""
    waived: list[tuple[Sort, Calendar]] = []
    required = calendar.required
    if required is not None:
        for place, need in enumerate(required.needs):
            pools = {unit: [*pool[:place], *pool[place + 1 :]] for unit, pool in required.pools.items()}
            needs: tuple[Need, ...] = required.needs[:place] + required.needs[place + 1 :]
            less = replace(required, needs=needs, pools=pools)
            waived.append(((need.kind, need.name), replace(calendar, required=less)))
    if any(one.room_id for one in calendar.sessions):
        free = [one._replace(room_id=None) for one in calendar.sessions]
        waived.append(((ResourceKind.ROOM.value, ""), replace(calendar, sessions=free)))
    return waived


def _offers(calendar: Calendar, site: Site, start: dt.date, end: dt.date, at: dt.datetime) -> dict[Key, int]:
    openings = find_openings(
        calendar.sessions, calendar.taken, calendar.blocks, start=start, end=end,
        not_before=-(-int(at.timestamp()) // 60), required=calendar.required,
    )  # fmt: skip
    counts: dict[Key, int] = defaultdict(int)
    for opening in openings:
        noon = instant(site.time_zone, opening.day, NOON)
        starts = apart(opening)
        early = sum(1 for one in starts if one < noon)
        counts[opening.day, Half.MORNING] += early
        counts[opening.day, Half.AFTERNOON] += len(starts) - early
    return counts
