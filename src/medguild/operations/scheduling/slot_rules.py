"""Free slots: weekly sessions laid on the calendar, less what is taken. Pure.

A session says wall-clock times; only its two ends are converted through the time zone of its site, and slots step
through real minutes between them. So the day on which clocks go forward loses an hour of slots in a session that runs
over the change, and the day on which they go back gains one; no slot is ever offered twice or at a time that does not
exist.
"""

from __future__ import annotations

import datetime as dt
import enum
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import lcm
from typing import NamedTuple, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from medguild.operations.scheduling.rules import Busy, Minute, free_lane

DAY_MINUTES = 24 * 60
_WEEK = 7


class Weekly(Protocol):
    """When a session holds; a pattern and a row of the template both say so."""

    @property
    def weekday(self) -> int: ...
    @property
    def start_minute(self) -> int: ...
    @property
    def end_minute(self) -> int: ...
    @property
    def every_weeks(self) -> int: ...
    @property
    def anchor(self) -> dt.date: ...
    @property
    def first_day(self) -> dt.date: ...
    @property
    def end_day(self) -> dt.date | None: ...


@dataclass(frozen=True, slots=True)
class SessionPattern:
    """A weekly session as slots need it, for one visit type of `minutes`."""

    id: UUID
    clinician_id: UUID
    resource_id: UUID
    unit_id: UUID
    entity_id: UUID
    zone: str
    weekday: int  # Monday is 0
    start_minute: int  # wall-clock minutes after midnight
    end_minute: int
    every_weeks: int
    anchor: dt.date  # a Monday; weeks are counted from it
    first_day: dt.date
    end_day: dt.date | None
    step_minutes: int
    minutes: int
    capacity: int = 1
    overbook_limit: int = 0
    room_id: UUID | None = None
    room_capacity: int = 1


@dataclass(frozen=True, slots=True)
class Away:
    """A clinician is away from `start` until `end`."""

    start: Minute
    end: Minute


@dataclass(frozen=True, slots=True)
class Blocks:
    """What takes sessions off the calendar."""

    cancelled: frozenset[tuple[UUID, dt.date]] = frozenset()  # session, day
    closed: frozenset[tuple[UUID, dt.date]] = frozenset()  # unit, day
    away: Mapping[UUID, Sequence[Away]] | None = None  # by clinician


@dataclass(frozen=True, slots=True)
class Opening:
    """One session on one day with the starts that are free in it."""

    session: SessionPattern
    day: dt.date
    starts: list[Minute]


class _Midnight(NamedTuple):
    """A local midnight, whether the offset stays the same until the next one, and the offset as ISO 8601 writes it."""

    minute: Minute
    steady: bool
    offset: str


@lru_cache(maxsize=65536)
def _midnight(zone: str, day: dt.date) -> _Midnight:
    place = ZoneInfo(zone)
    midnight = dt.datetime(day.year, day.month, day.day, tzinfo=place)
    following = day + dt.timedelta(days=1)
    after = dt.datetime(following.year, following.month, following.day, tzinfo=place)
    steady = midnight.utcoffset() == after.utcoffset()
    return _Midnight(int(midnight.timestamp()) // 60, steady, midnight.isoformat()[19:])


def instant(zone: str, day: dt.date, minute: int) -> Minute:
    """The instant of a wall-clock minute of a day.

    A time that is skipped moves forward by the gap; of a time that comes twice the first is meant. Minute 1440 is the
    next midnight.
    """
    midnight = _midnight(zone, day)
    if midnight.steady:
        return midnight.minute + minute
    later, rest = divmod(minute, DAY_MINUTES)
    wall = dt.datetime.combine(day, dt.time(rest // 60, rest % 60)) + dt.timedelta(days=later)
    return int(wall.replace(tzinfo=ZoneInfo(zone)).timestamp()) // 60


_WALL = [f"T{minute // 60:02d}:{minute % 60:02d}:00" for minute in range(DAY_MINUTES)]


def iso_starts(opening: Opening) -> list[str]:
    """The starts as ISO 8601 with the offset of the site; thousands are written per search, so without datetimes."""
    zone = opening.session.zone
    midnight = _midnight(zone, opening.day)
    if not midnight.steady:
        return [local_time(zone, start).isoformat() for start in opening.starts]
    day, first, offset = opening.day.isoformat(), midnight.minute, midnight.offset
    return [f"{day}{_WALL[start - first]}{offset}" for start in opening.starts]


def local_time(zone: str, minute: Minute) -> dt.datetime:
    """The instant as a time of day at a place."""
    return dt.datetime.fromtimestamp(minute * 60, ZoneInfo(zone))


def span(session: SessionPattern, day: dt.date) -> tuple[Minute, Minute]:
    """First and (not included) last instant of the session on a day."""
    return instant(session.zone, day, session.start_minute), instant(session.zone, day, session.end_minute)


def monday_of(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())


def is_held(session: Weekly, day: dt.date) -> bool:
    """Whether the pattern has the session on the day, exceptions aside."""
    if day.weekday() != session.weekday or day < session.first_day:
        return False
    if session.end_day is not None and day >= session.end_day:
        return False
    return (day - session.anchor).days // _WEEK % session.every_weeks == 0


def days_held(session: Weekly, start: dt.date, end: dt.date) -> Iterator[dt.date]:
    """Days of the half-open period on which the pattern has the session."""
    first = max(start, session.first_day)
    last = end if session.end_day is None else min(end, session.end_day)
    day = first + dt.timedelta(days=(session.weekday - first.weekday()) % _WEEK)
    phase = (day - session.anchor).days // _WEEK % session.every_weeks
    if phase:
        day += dt.timedelta(weeks=session.every_weeks - phase)
    step = dt.timedelta(weeks=session.every_weeks)
    while day < last:
        yield day
        day += step


def first_clash(one: Weekly, other: Weekly) -> dt.date | None:
    """The first day on which both sessions hold at overlapping times, or None.

    The weeks of two patterns repeat together after the least common multiple of their intervals.
    """
    if one.weekday != other.weekday:
        return None
    if one.start_minute >= other.end_minute or other.start_minute >= one.end_minute:
        return None
    start = max(one.first_day, other.first_day)
    end = start + dt.timedelta(weeks=lcm(one.every_weeks, other.every_weeks) + 1)
    common = set(days_held(one, start, end)) & set(days_held(other, start, end))
    return min(common, default=None)


def free_starts(
    open_at: Minute,
    close_at: Minute,
    *,
    minutes: int,
    step: int,
    busy: Sequence[Busy],
    capacity: int = 1,
    not_before: Minute = 0,
) -> list[Minute]:
    """Starts on the session's grid where `minutes` fit before its end and a lane is free all along.

    `busy` is sorted by start. Starts before `not_before` are left out.
    """
    first = open_at
    if not_before > open_at:
        first += -(-(not_before - open_at) // step) * step
    grid = range(first, close_at - minutes + 1, step)
    if not busy:
        return list(grid) if capacity > 0 else []
    if capacity == 1:
        return _single_lane(grid, minutes, busy)
    return [start for start in grid if free_lane(busy, start, start + minutes, capacity) is not None]


def _single_lane(grid: range, minutes: int, busy: Sequence[Busy]) -> list[Minute]:
    """One pass over grid and busy spans: with one lane anything that overlaps takes the slot."""
    free: list[Minute] = []
    count, position, taken_until = len(busy), 0, 0
    for start in grid:
        while position < count and busy[position][0] < start + minutes:
            taken_until = max(taken_until, busy[position][1])
            position += 1
        if taken_until <= start:
            free.append(start)
    return free


def find_openings(
    sessions: Iterable[SessionPattern],
    busy: Mapping[UUID, Sequence[Busy]],
    blocks: Blocks,
    *,
    start: dt.date,
    end: dt.date,
    not_before: Minute = 0,
) -> list[Opening]:
    """Free starts of each session on each day of the half-open period, by day, then by session as given.

    `busy` holds, per resource (clinician or room), the taken spans sorted by start.
    """
    openings: list[Opening] = []
    taken_by = {resource: _Calendar(spans) for resource, spans in busy.items()}
    for session in sessions:
        for day in days_held(session, start, end):
            starts = _starts_on(session, day, taken_by, blocks, not_before)
            if starts:
                openings.append(Opening(session, day, starts))
    openings.sort(key=lambda opening: opening.day)
    return openings


def _starts_on(
    session: SessionPattern,
    day: dt.date,
    taken_by: Mapping[UUID, _Calendar],
    blocks: Blocks,
    not_before: Minute,
) -> list[Minute]:
    if (session.id, day) in blocks.cancelled or (session.unit_id, day) in blocks.closed:
        return []
    open_at, close_at = span(session, day)
    if close_at <= max(open_at, not_before):
        return []
    calendar = taken_by.get(session.resource_id)
    starts = free_starts(
        open_at, close_at, minutes=session.minutes, step=session.step_minutes, capacity=session.capacity,
        busy=calendar.between(open_at, close_at) if calendar else (), not_before=not_before,
    )  # fmt: skip
    if starts and blocks.away:
        starts = without_absences(starts, session.minutes, blocks.away.get(session.clinician_id, ()))
    room = taken_by.get(session.room_id) if starts and session.room_id else None
    if room is None:
        return starts
    held = room.between(open_at, close_at)
    return [at for at in starts if free_lane(held, at, at + session.minutes, session.room_capacity) is not None]


def apart(opening: Opening) -> list[Minute]:
    """Starts that can all be booked together: on a fine grid, neighbours overlap and are one offer, not several."""
    chosen: list[Minute] = []
    for start in opening.starts:
        if not chosen or start >= chosen[-1] + opening.session.minutes:
            chosen.append(start)
    return chosen


def bookable_minutes(
    sessions: Iterable[SessionPattern], blocks: Blocks, *, start: dt.date, end: dt.date
) -> dict[UUID, int]:
    """Template minutes per clinician in the half-open period: capacity times length, less what is off."""
    minutes: dict[UUID, int] = {}
    for session in sessions:
        total = sum(_open_minutes(session, day, blocks) for day in days_held(session, start, end))
        minutes[session.clinician_id] = minutes.get(session.clinician_id, 0) + total * session.capacity
    return minutes


def _open_minutes(session: SessionPattern, day: dt.date, blocks: Blocks) -> int:
    if (session.id, day) in blocks.cancelled or (session.unit_id, day) in blocks.closed:
        return 0
    open_at, close_at = span(session, day)
    away = (blocks.away or {}).get(session.clinician_id, ())
    lost = sum(max(0, min(close_at, absence.end) - max(open_at, absence.start)) for absence in away)
    return max(0, close_at - open_at - lost)


def without_absences(starts: list[Minute], minutes: int, away: Collection[Away]) -> list[Minute]:
    for absence in away:
        starts = [at for at in starts if at + minutes <= absence.start or at >= absence.end]
    return starts


class Unfit(enum.StrEnum):
    """Why a time is not one of the template."""

    NO_SESSION = "no_session"
    SESSION_CANCELLED = "session_cancelled"
    CLOSED = "closed"
    AWAY = "away"


def session_for(
    sessions: Iterable[SessionPattern], blocks: Blocks, *, day: dt.date, start: Minute, minutes: int | None = None
) -> SessionPattern | Unfit:
    """The session that holds all of a visit on a local day, or why there is none.

    The visit lasts `minutes`, or as long as the session says.
    """
    found: SessionPattern | Unfit = Unfit.NO_SESSION
    for session in sessions:
        end = start + (minutes or session.minutes)
        if not is_held(session, day) or not _within(span(session, day), start, end):
            continue
        if (session.id, day) in blocks.cancelled:
            found = Unfit.SESSION_CANCELLED
        else:
            return session
    return found


def _within(whole: tuple[Minute, Minute], start: Minute, end: Minute) -> bool:
    return whole[0] <= start and end <= whole[1]


def unavailable(
    blocks: Blocks, *, clinician_id: UUID, unit_id: UUID, day: dt.date, start: Minute, end: Minute
) -> Unfit | None:
    """Whether the clinician is away or the site closed: then not even overbooking helps."""
    if (unit_id, day) in blocks.closed:
        return Unfit.CLOSED
    away = (blocks.away or {}).get(clinician_id, ())
    return Unfit.AWAY if any(absence.start < end and absence.end > start for absence in away) else None


class _Calendar:
    """Taken spans of one resource, cut to a session quickly."""

    __slots__ = ("_ends_by_place", "_spans")

    def __init__(self, spans: Sequence[Busy]) -> None:
        self._spans = sorted(spans)
        self._ends_by_place = _running_ends(self._spans)

    def between(self, start: Minute, end: Minute) -> list[Busy]:
        """Spans that overlap the given one, sorted by start."""
        last = bisect_left(self._spans, Busy(end, 0))
        place = last
        while place > 0 and self._ends_by_place[place - 1] > start:
            place -= 1
        return [taken for taken in self._spans[place:last] if taken.end > start]


def _running_ends(spans: Sequence[Busy]) -> list[Minute]:
    """For each place the latest end so far: behind it nothing reaches further."""
    ends: list[Minute] = []
    latest = 0
    for taken in spans:
        latest = max(latest, taken.end)
        ends.append(latest)
    return ends
