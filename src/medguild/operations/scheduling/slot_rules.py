"""Free slots: sessions laid on the calendar, less what is taken. Pure."""

from __future__ import annotations

import datetime as dt
import enum
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from operator import attrgetter
from uuid import UUID

from medguild.operations.scheduling.held_rules import HeldPart, held_spans, not_held
from medguild.operations.scheduling.needs.rules import Narrowing, Required
from medguild.operations.scheduling.rules import Busy, Minute, free_lane
from medguild.operations.scheduling.week_rules import (
    DAY_MINUTES,
    SessionPattern,
    days_held,
    is_held,
    local_time,
    midnight_of,
    span,
)


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
    held: Mapping[UUID, Sequence[HeldPart]] | None = None  # by session: parts held for others


@dataclass(frozen=True, slots=True)
class Opening:
    """One session on one day with the starts that are free in it."""

    session: SessionPattern
    day: dt.date
    starts: list[Minute]


_WALL = [f"T{minute // 60:02d}:{minute % 60:02d}:00" for minute in range(DAY_MINUTES)]


def iso_starts(opening: Opening) -> list[str]:
    """The starts as ISO 8601 with the offset of the site; thousands are written per search, so without datetimes."""
    zone = opening.session.zone
    midnight = midnight_of(zone, opening.day)
    if not midnight.steady:
        return [local_time(zone, start).isoformat() for start in opening.starts]
    day, first, offset = opening.day.isoformat(), midnight.minute, midnight.offset
    return [f"{day}{_WALL[start - first]}{offset}" for start in opening.starts]


class Taken:
    """The taken spans of one resource, sorted by start, as parallel lists: thousands are made for each search."""

    __slots__ = ("ends", "lanes", "reach", "starts")

    def __init__(self, starts: list[Minute], ends: list[Minute], lanes: list[int]) -> None:
        self.starts, self.ends, self.lanes = starts, ends, lanes
        # The latest end so far; behind it nothing reaches further. Spans of one lane never overlap.
        self.reach = list(accumulate(ends, max)) if any(lanes) else ends

    @classmethod
    def of(cls, spans: Iterable[Busy]) -> Taken:
        ordered = sorted(spans)
        return cls([one.start for one in ordered], [one.end for one in ordered], [one.lane for one in ordered])

    def places(self, start: Minute, end: Minute) -> range:
        """Places in the lists of all spans that overlap the given one (and perhaps some that end before it)."""
        return range(bisect_right(self.reach, start), bisect_left(self.starts, end))

    def between(self, start: Minute, end: Minute) -> list[Busy]:
        """Spans that overlap the given one."""
        return [
            Busy(self.starts[at], self.ends[at], self.lanes[at])
            for at in self.places(start, end)
            if self.ends[at] > start
        ]


def free_starts(
    open_at: Minute,
    close_at: Minute,
    *,
    minutes: int,
    step: int,
    taken: Taken | None = None,
    capacity: int = 1,
    not_before: Minute = 0,
) -> list[Minute]:
    """Starts on the session's grid where `minutes` fit before its end and a lane is free all along.

    Starts before `not_before` are left out.
    """
    first = on_grid(not_before, open_at, step) if not_before > open_at else open_at
    last = close_at - minutes
    if taken is None:
        return list(range(first, last + 1, step)) if capacity > 0 else []
    if capacity == 1:
        return _gaps(taken, first, last, minutes, step)
    busy = taken.between(open_at, close_at)
    grid = range(first, last + 1, step)
    return [start for start in grid if free_lane(busy, start, start + minutes, capacity) is not None]


def on_grid(minute: Minute, first: Minute, step: int) -> Minute:
    """The first point of the grid at or after a minute."""
    return first - (first - minute) // step * step


def _gaps(taken: Taken, first: Minute, last: Minute, minutes: int, step: int) -> list[Minute]:
    """With one lane anything takes the time, whatever its lane: what is left are the gaps between spans."""
    free: list[Minute] = []
    start = first
    for at in taken.places(first, last + minutes):
        begins, ends = taken.starts[at], taken.ends[at]
        if start + minutes <= begins:
            free.extend(range(start, min(begins - minutes, last) + 1, step))
        if ends > start:
            start = on_grid(ends, first, step)
    free.extend(range(start, last + 1, step))
    return free


def find_openings(
    sessions: Iterable[SessionPattern],
    taken: Mapping[UUID, Taken],
    blocks: Blocks,
    *,
    start: dt.date,
    end: dt.date,
    not_before: Minute = 0,
    required: Required | None = None,
) -> list[Opening]:
    """Free starts of each session on each day of the half-open period, by day, then by session as given.

    `taken` holds what is taken of each resource (clinicians, rooms, and all that `required` may take). `not_before` is
    now: it also decides which held parts are released.
    """
    openings: list[Opening] = []
    narrowing = Narrowing(required, taken) if required else None
    for session in sessions:
        calendar = taken.get(session.resource_id)
        room = taken.get(session.room_id) if session.room_id else None
        for day in days_held(session, start, end):
            if is_off(session, day, blocks):
                continue
            if narrowing is None:
                starts = _starts_on(session, day, calendar, room, blocks, not_before)
            else:
                starts = _starts_with_needs(session, day, calendar, room, blocks, not_before, narrowing)
            if starts:
                openings.append(Opening(session, day, starts))
    openings.sort(key=attrgetter("day"))
    return openings


def is_off(session: SessionPattern, day: dt.date, blocks: Blocks) -> bool:
    """Whether the session is cancelled or its site closed on the day."""
    if blocks.cancelled and (session.id, day) in blocks.cancelled:
        return True
    return bool(blocks.closed) and (session.unit_id, day) in blocks.closed


def _starts_on(
    session: SessionPattern,
    day: dt.date,
    calendar: Taken | None,
    room: Taken | None,
    blocks: Blocks,
    not_before: Minute,
) -> list[Minute]:
    open_at, close_at = span(session, day)
    if close_at <= max(open_at, not_before):
        return []
    starts = free_starts(
        open_at, close_at, minutes=session.minutes, step=session.step_minutes, capacity=session.capacity,
        taken=calendar, not_before=not_before,
    )  # fmt: skip
    starts = _less_what_is_off(starts, session, day, session.minutes, blocks, not_before)
    if room is None or not starts:
        return starts
    held = room.between(open_at, close_at)
    return [at for at in starts if free_lane(held, at, at + session.minutes, session.room_capacity) is not None]


def _starts_with_needs(
    session: SessionPattern,
    day: dt.date,
    calendar: Taken | None,
    room: Taken | None,
    blocks: Blocks,
    not_before: Minute,
    narrowing: Narrowing,
) -> list[Minute]:
    """The same for a kind of visit that takes more: time before and after, a room of a kind, devices, staff."""
    required = narrowing.required
    before, after = required.clinician_padding()
    open_at, close_at = span(session, day)
    if close_at <= max(open_at, not_before):
        return []
    # The clinician's time begins `before` the visit; it is the visit that begins on the grid.
    minutes = before + session.minutes + after
    starts = free_starts(
        on_grid(open_at + before, open_at, session.step_minutes) - before, close_at, minutes=minutes,
        step=session.step_minutes, capacity=session.capacity, taken=calendar, not_before=not_before - before,
    )  # fmt: skip
    starts = _less_what_is_off(starts, session, day, minutes, blocks, not_before)
    starts = [at + before for at in starts]
    if required.alone:
        return starts
    if room is not None and starts and not required.names_room:
        lead, length = required.prep, required.prep + session.minutes + required.clean_up
        held = room.between(open_at - lead, close_at + required.clean_up)
        starts = [
            at for at in starts if free_lane(held, at - lead, at - lead + length, session.room_capacity) is not None
        ]
    return narrowing.keep(session, day, starts)


def _less_what_is_off(
    starts: list[Minute], session: SessionPattern, day: dt.date, minutes: int, blocks: Blocks, now: Minute
) -> list[Minute]:
    """Without the clinician's absences, and without the parts of the session that are held for others."""
    if starts and blocks.away:
        starts = without_absences(starts, minutes, blocks.away.get(session.clinician_id, ()))
    if starts and blocks.held and session.id in blocks.held:
        starts = not_held(starts, minutes, held_spans(blocks.held[session.id], session.zone, day, at=now))
    return starts


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
    if is_off(session, day, blocks):
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
    sessions: Iterable[SessionPattern],
    blocks: Blocks,
    *,
    day: dt.date,
    start: Minute,
    minutes: int | None = None,
    padding: tuple[int, int] = (0, 0),
) -> SessionPattern | Unfit:
    """The session that holds all of a visit on a local day, or why there is none.

    The visit lasts `minutes`, or as long as the session says; `padding` is the clinician's time before and after it.
    """
    found: SessionPattern | Unfit = Unfit.NO_SESSION
    for session in sessions:
        end = start + (minutes or session.minutes)
        if not is_held(session, day) or not _within(span(session, day), start - padding[0], end + padding[1]):
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
