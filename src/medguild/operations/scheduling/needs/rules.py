"""What a visit takes besides its clinician: a room of a kind, devices, staff with a skill, and time before and after.

Pure. The same functions say which starts are free and which resources a booking gets, so an offer is never refused for
a reason that the search did not know.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol
from uuid import UUID

from medguild.operations.scheduling.rules import Busy, Minute, free_lane
from medguild.operations.scheduling.week_rules import SessionPattern, instant


class Need(NamedTuple):
    """So many resources with a capability; `padded`: also while the visit is prepared and cleaned up after."""

    capability_id: UUID
    kind: str  # room, equipment or staff
    name: str
    number: int = 1
    padded: bool = True


class Shift(NamedTuple):
    """A weekly span of wall-clock minutes in which somebody works at the site."""

    weekday: int
    start_minute: int
    end_minute: int
    first_day: dt.date
    end_day: dt.date | None


class Candidate(NamedTuple):
    """A resource of a site that can meet a need from `first_day` on, before `end_day`.

    `shifts` None is always there (rooms, devices). `outages` are minutes in which it is not.
    """

    resource_id: UUID
    name: str
    capacity: int
    first_day: dt.date
    end_day: dt.date | None
    shifts: tuple[Shift, ...] | None = None
    outages: tuple[tuple[Minute, Minute], ...] = ()


class Chosen(NamedTuple):
    """A resource that meets a need, with the lane that is free."""

    need: Need
    resource_id: UUID
    lane: int


class Calendar(Protocol):
    """What is taken of one resource."""

    def between(self, start: Minute, end: Minute) -> list[Busy]: ...


Lane = Callable[[Need, Candidate], int | None]


@dataclass(frozen=True, slots=True)
class Required:
    """What a kind of visit asks: padding in minutes, needs, and per site the candidates of each need, best first.

    `alone`: it takes the clinician's time and nothing else. `joined`: of group visits that have begun to fill
    (clinician's resource, start), what they hold already.
    """

    prep: int = 0
    clean_up: int = 0
    pads_clinician: bool = False
    alone: bool = False
    needs: tuple[Need, ...] = ()
    pools: Mapping[UUID, Sequence[Sequence[Candidate]]] = field(default_factory=dict)
    joined: Mapping[tuple[UUID, Minute], frozenset[UUID]] = field(default_factory=dict)

    @property
    def names_room(self) -> bool:
        """Whether the room is found among those of a kind; else it is the session's."""
        return any(need.kind == "room" for need in self.needs)

    def clinician_padding(self) -> tuple[int, int]:
        return (self.prep, self.clean_up) if self.pads_clinician else (0, 0)

    def padding(self, need: Need) -> tuple[int, int]:
        return (self.prep, self.clean_up) if need.padded else (0, 0)

    def pool(self, unit_id: UUID) -> Sequence[Sequence[Candidate]]:
        """The candidates of each need at a site."""
        return self.pools.get(unit_id) or [()] * len(self.needs)

    def members(self, unit_ids: Iterable[UUID], *, people: bool | None = None) -> set[UUID]:
        """All resources that may be taken at these sites; with `people` only those who are, or only what is not."""
        return {
            one.resource_id
            for unit in unit_ids
            for need, pool in zip(self.needs, self.pool(unit), strict=True)
            if people is None or people == (need.kind == "staff")
            for one in pool
        }


NOTHING = Required()


def is_there(candidate: Candidate, zone: str, day: dt.date, start: Minute, end: Minute) -> bool:
    """Whether the resource exists, works and is in order during the span."""
    if day < candidate.first_day or (candidate.end_day is not None and day >= candidate.end_day):
        return False
    if any(since < end and until > start for since, until in candidate.outages):
        return False
    if candidate.shifts is None:
        return True
    return any(since <= start and end <= until for since, until in shift_spans(candidate.shifts, zone, day))


def shift_spans(shifts: Iterable[Shift], zone: str, day: dt.date) -> list[tuple[Minute, Minute]]:
    """The spans worked on a day; shifts that follow each other are one."""
    spans: list[tuple[Minute, Minute]] = []
    for shift in sorted(shifts):
        if shift.weekday != day.weekday() or day < shift.first_day:
            continue
        if shift.end_day is not None and day >= shift.end_day:
            continue
        start, end = instant(zone, day, shift.start_minute), instant(zone, day, shift.end_minute)
        if spans and spans[-1][1] == start:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return spans


def assign(needs: Sequence[Need], pools: Sequence[Sequence[Candidate]], lane: Lane) -> list[Chosen] | None:
    """A different free resource for each need (as many as it asks), or None when there are too few.

    Candidates that come first are preferred; one that could serve two needs is moved to where nobody else can serve
    (augmenting paths), so that a visit is refused only when no choice would do. `lane` says which lane is free.
    """
    wanted = [place for place, need in enumerate(needs) for _ in range(need.number)]
    free = [
        [(one.resource_id, at) for one in pool if (at := lane(need, one)) is not None]
        for need, pool in zip(needs, pools, strict=True)
    ]
    if any(len(free[place]) < need.number for place, need in enumerate(needs)):
        return None
    holder: dict[UUID, int] = {}  # resource -> position in `wanted`

    def place(position: int, tried: set[UUID]) -> bool:
        for resource_id, _ in free[wanted[position]]:
            if resource_id in tried:
                continue
            tried.add(resource_id)
            if resource_id not in holder or place(holder[resource_id], tried):
                holder[resource_id] = position
                return True
        return False

    if not all(place(position, set()) for position in range(len(wanted))):
        return None
    chosen = {position: resource_id for resource_id, position in holder.items()}
    return [
        Chosen(needs[which], chosen[position], dict(free[which])[chosen[position]])
        for position, which in enumerate(wanted)
    ]


def lane_at(
    required: Required,
    taken: Mapping[UUID, Calendar],
    *,
    zone: str,
    day: dt.date,
    start: Minute,
    end: Minute,
    without: Collection[UUID] = (),
) -> Lane:
    """Which lane of a candidate is free for a visit from `start` to `end`, padding included. Resources `without` are
    the visit's already: a clinician who is also staff cannot be two people."""

    def lane(need: Need, candidate: Candidate) -> int | None:
        if candidate.resource_id in without:
            return None
        before, after = required.padding(need)
        since, until = start - before, end + after
        if not is_there(candidate, zone, day, since, until):
            return None
        calendar = taken.get(candidate.resource_id)
        return free_lane(calendar.between(since, until) if calendar else (), since, until, candidate.capacity)

    return lane


class Narrowing:
    """Keeps starts at which all needs can be met. Clinicians of a site ask about the same times, so answers are kept
    for the length of one search."""

    def __init__(self, required: Required, taken: Mapping[UUID, Calendar]) -> None:
        self.required, self.taken = required, taken
        self._met: dict[tuple[UUID, Minute, int, UUID | None], bool] = {}

    def keep(self, session: SessionPattern, day: dt.date, starts: list[Minute]) -> list[Minute]:
        if not self.required.needs:
            return starts
        return [start for start in starts if self._free(session, day, start)]

    def _free(self, session: SessionPattern, day: dt.date, start: Minute) -> bool:
        held = self.required.joined.get((session.resource_id, start))
        if held is not None:
            return self._may_join(session, start, held)
        pools = self.required.pool(session.unit_id)
        within = any(one.resource_id == session.resource_id for pool in pools for one in pool)
        key = (session.unit_id, start, session.minutes, session.resource_id if within else None)
        if key not in self._met:
            lane = lane_at(
                self.required, self.taken, zone=session.zone, day=day, start=start, end=start + session.minutes,
                without=(session.resource_id,),
            )  # fmt: skip
            self._met[key] = assign(self.required.needs, pools, lane) is not None
        return self._met[key]

    def _may_join(self, session: SessionPattern, start: Minute, held: frozenset[UUID]) -> bool:
        """The group's devices and staff are there; only its room can be full."""
        for need, pool in zip(self.required.needs, self.required.pool(session.unit_id), strict=True):
            before, after = self.required.padding(need)
            since, until = start - before, start + session.minutes + after
            for one in pool:
                if need.kind != "room" or one.resource_id not in held:
                    continue
                calendar = self.taken.get(one.resource_id)
                if calendar and free_lane(calendar.between(since, until), since, until, one.capacity) is None:
                    return False
        return True
