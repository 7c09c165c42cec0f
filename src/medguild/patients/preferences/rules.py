"""How a person wants to be reached. Pure."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

DAY = 24 * 60


class Channel(enum.StrEnum):
    TEXT = "text"
    EMAIL = "email"


# Who said nothing is reached by text first, as most answer it soonest.
USUAL = (Channel.TEXT, Channel.EMAIL)


@dataclass(frozen=True, slots=True)
class Reach:
    """Channels in the order wanted (empty: no messages), and quiet minutes of the wall clock, perhaps over midnight."""

    channels: tuple[Channel, ...] = USUAL
    quiet_from: int | None = None
    quiet_to: int | None = None


def is_quiet(minute: int, quiet_from: int, quiet_to: int) -> bool:
    """Whether a wall-clock minute lies in the quiet hours `[from, to)`, which may run over midnight."""
    if quiet_from == quiet_to:
        return False
    if quiet_from < quiet_to:
        return quiet_from <= minute < quiet_to
    return minute >= quiet_from or minute < quiet_to


def own_quiet(reach: Reach) -> list[tuple[int, int]]:
    """The quiet minutes that somebody named for themselves: one pair, or none."""
    if reach.quiet_from is None or reach.quiet_to is None:
        return []
    return [(reach.quiet_from, reach.quiet_to)]


def first_allowed(wall: dt.datetime, quiet: Sequence[tuple[int, int]]) -> dt.datetime | None:
    """The first wall-clock time from `wall` on that lies in none of the quiet hours; None where they leave no minute.

    Hours of the house and of a person may follow on each other, so each end is looked at again.
    """
    at = wall
    for _hop in range(2 * len(quiet) + 1):
        held = [pair for pair in quiet if is_quiet(minute_of(at.time()), *pair)]
        if not held:
            return at
        at = max(_next(at, end) for _begin, end in held)
    return None


def first_instant(at: dt.datetime, zone: str, quiet: Sequence[tuple[int, int]]) -> dt.datetime | None:
    """The same for an instant, by the clocks of a zone."""
    wall = at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    allowed = first_allowed(wall, quiet)
    if allowed is None or allowed == wall:
        return at if allowed else None
    return allowed.replace(tzinfo=ZoneInfo(zone)).astimezone(dt.UTC)


def _next(at: dt.datetime, minute: int) -> dt.datetime:
    """The next time at which the clock shows this minute of the day."""
    day = at.replace(hour=0, minute=0, second=0, microsecond=0)
    found = day + dt.timedelta(minutes=minute)
    return found if found > at else found + dt.timedelta(days=1)


def choose(channels: Sequence[Channel], *, phone: str, email: str) -> tuple[Channel, str] | None:
    """The first wanted channel for which there is an address, with it."""
    addresses = {Channel.TEXT: phone, Channel.EMAIL: email}
    return next(((channel, addresses[channel]) for channel in channels if addresses[channel]), None)


def minute_of(time: dt.time) -> int:
    return time.hour * 60 + time.minute
