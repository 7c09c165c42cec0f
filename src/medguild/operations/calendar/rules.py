"""What a calendar screen shows: spans of local days, states of time, marks of visits. Pure."""

from __future__ import annotations

import datetime as dt
import enum
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from medguild.operations.scheduling.rules import Minute

LONGEST_SPAN = 7
TICKET_SECONDS = 60
_WHOLE_HOUR = 60


class TimeState(enum.StrEnum):
    """What a stretch of a clinician's or room's day is, before any visit."""

    OPEN = "open"
    HELD = "held"  # kept back by the template
    OFF = "off"  # a session that does not take place, an absence
    CLOSED = "closed"  # the site
    ELSEWHERE = "elsewhere"  # taken at another site


@dataclass(frozen=True, slots=True)
class Span:
    """Local days of a site that a screen shows, of all clinicians or of some."""

    site_id: UUID
    zone: str
    start: dt.date
    days: int = 1
    clinicians: tuple[UUID, ...] = ()

    @property
    def end(self) -> dt.date:
        return self.start + dt.timedelta(days=self.days)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of time with its state; `words` say why, where it is not simply open."""

    clinician_id: UUID
    start: Minute
    end: Minute
    state: TimeState
    words: str = ""
    room_id: UUID | None = None


def mark_of(start: dt.datetime, end: dt.datetime, *where: object) -> str:
    """Changes when a visit is moved, resized, given to somebody else or changes its status."""
    told = f"{int(start.timestamp())}.{int(end.timestamp())}.{'.'.join(map(str, where))}"
    return hashlib.blake2s(told.encode(), digest_size=6).hexdigest()


def without(whole: tuple[Minute, Minute], gone: Iterable[tuple[Minute, Minute]]) -> list[tuple[Minute, Minute]]:
    """What is left of a span."""
    parts = [whole]
    for start, end in gone:
        parts = [
            left
            for one in parts
            for left in ((one[0], min(one[1], start)), (max(one[0], end), one[1]))
            if left[0] < left[1]
        ]
    return parts


def hours_of(minutes: Sequence[tuple[int, int]], usual: tuple[int, int] = (8 * 60, 17 * 60)) -> tuple[int, int]:
    """Whole hours (as minutes of the day) that hold all spans of wall-clock minutes; the usual ones without any."""
    if not minutes:
        return usual
    first = min(start for start, _ in minutes) // _WHOLE_HOUR * _WHOLE_HOUR
    last = -(-max(end for _, end in minutes) // _WHOLE_HOUR) * _WHOLE_HOUR
    return max(0, first), min(24 * _WHOLE_HOUR, last)


def nearest(starts: Iterable[Minute], wanted: Minute, most: int) -> list[Minute]:
    """The starts closest to the wanted one, in order of time."""
    return sorted(sorted(starts, key=lambda start: (abs(start - wanted), start))[:most])
