"""Weekly sessions on the calendar: when they hold, and at which instants of their site's time zone. Pure.

A session says wall-clock times; only its two ends are converted through the time zone of its site, and slots step
through real minutes between them. So the day on which clocks go forward loses an hour of slots in a session that runs
over the change, and the day on which they go back gains one; no slot is ever offered twice or at a time that does not
exist.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import lru_cache
from math import lcm
from typing import NamedTuple, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from medguild.operations.scheduling.rules import Minute

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


class SessionPattern(NamedTuple):
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
    demanding: bool = False  # the visit type takes more than the clinician and the session's room
    doubtful: bool = False  # whether the clinician may see patients there is to be judged; no licence says so at once


class Midnight(NamedTuple):
    """A local midnight, whether the offset stays the same until the next one, and the offset as ISO 8601 writes it."""

    minute: Minute
    steady: bool
    offset: str


@lru_cache(maxsize=65536)
def midnight_of(zone: str, day: dt.date) -> Midnight:
    place = ZoneInfo(zone)
    midnight = dt.datetime(day.year, day.month, day.day, tzinfo=place)
    following = day + dt.timedelta(days=1)
    after = dt.datetime(following.year, following.month, following.day, tzinfo=place)
    steady = midnight.utcoffset() == after.utcoffset()
    return Midnight(int(midnight.timestamp()) // 60, steady, midnight.isoformat()[19:])


def instant(zone: str, day: dt.date, minute: int) -> Minute:
    """The instant of a wall-clock minute of a day.

    A time that is skipped moves forward by the gap; of a time that comes twice the first is meant. Minute 1440 is the
    next midnight.
    """
    midnight = midnight_of(zone, day)
    if midnight.steady:
        return midnight.minute + minute
    later, rest = divmod(minute, DAY_MINUTES)
    wall = dt.datetime.combine(day, dt.time(rest // 60, rest % 60)) + dt.timedelta(days=later)
    return int(wall.replace(tzinfo=ZoneInfo(zone)).timestamp()) // 60


def local_time(zone: str, minute: Minute) -> dt.datetime:
    """The instant as a time of day at a place."""
    return dt.datetime.fromtimestamp(minute * 60, ZoneInfo(zone))


def span(session: SessionPattern, day: dt.date) -> tuple[Minute, Minute]:
    """First and (not included) last instant of the session on a day."""
    midnight = midnight_of(session.zone, day)
    if midnight.steady:
        return midnight.minute + session.start_minute, midnight.minute + session.end_minute
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
