"""Who is called in next, and how long the others will wait. Pure.

The order is a rule, not a favour: the urgent first, then those who are soon to be seen; among equals by the time at
which they could be seen at the earliest (their appointment, or their arrival when that was later), and whoever walked
in after those who booked the same time.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID


class Urgency(enum.StrEnum):
    """In order. An emergency is not queued."""

    URGENT = "urgent"
    SOON = "soon"
    ROUTINE = "routine"


_RANK = {urgency: rank for rank, urgency in enumerate(Urgency)}


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who is to be seen by a clinician: here, or expected (`here` false: their time is kept, but they cannot
    be called). `planned` is the start of their appointment, None for a walk-in."""

    key: UUID
    clinician_id: UUID
    minutes: int
    arrived_at: dt.datetime | None = None
    planned: dt.datetime | None = None
    urgency: Urgency = Urgency.ROUTINE
    here: bool = True

    @property
    def ready(self) -> dt.datetime:
        """From when on they may be seen."""
        known = [moment for moment in (self.planned, self.arrived_at) if moment is not None]
        return max(known)


@dataclass(frozen=True, slots=True)
class Now:
    """A clinician is with somebody since `began`, who was to take so many minutes."""

    began: dt.datetime
    minutes: int


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the queue of a clinician: how many of those here come before, and in how many minutes it is their
    turn."""

    waiting: Waiting
    before: int
    minutes: int


def turn(one: Waiting) -> tuple[int, dt.datetime, bool, UUID]:
    """Smaller is called in sooner."""
    return _RANK[one.urgency], one.ready, one.planned is None, one.key


def queue(people: Iterable[Waiting], *, busy: dict[UUID, Now], at: dt.datetime) -> list[Place]:
    """Places of all who are here, in the order in which they are called in; each clinician works through their own.

    The estimate: a clinician is free when the present visit has taken its planned length (now, when it is over that),
    then sees one after the other for their planned lengths, nobody before they may be seen.
    """
    free = {clinician: max(at, now.began + dt.timedelta(minutes=now.minutes)) for clinician, now in busy.items()}
    before: dict[UUID, int] = {}
    places = []
    for one in sorted(people, key=turn):
        begins = max(free.get(one.clinician_id, at), one.ready, at)
        free[one.clinician_id] = begins + dt.timedelta(minutes=one.minutes)
        if one.here:
            ahead = before.get(one.clinician_id, 0)
            places.append(Place(one, ahead, round((begins - at).total_seconds() / 60)))
            before[one.clinician_id] = ahead + 1
    return places
