"""Several visits in one day: which times fit together with the least waiting. Pure, exact and bounded.

A person walks from place to place, so what follows may begin when the walk is done and a little time is left. Of two
ways to have done the same visits and to stand at the same place, the one that is done earlier can do all that the other
can: so for each set of visits done and each place only the earliest end is kept. That makes the search exact and small.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

Minute = int
MOST_PARTS = 6
SPARE = 5  # minutes between arriving and the next start
PACE = 60  # metres a minute: a patient's pace, doors and lifts included
DETOUR = 1.3  # paths are longer than the straight line


class Place(NamedTuple):
    """Metres east and south on the plan of a campus."""

    east: int
    south: int


def walking_minutes(one: Place, other: Place) -> int:
    """Minutes on foot between two buildings; within one building two minutes for the corridor."""
    metres = math.hypot(one.east - other.east, one.south - other.south) * DETOUR
    return max(2, math.ceil(metres / PACE))


class Start(NamedTuple):
    """A free time for one of the visits: minutes since the epoch; `key` tells whose it is."""

    start: Minute
    end: Minute
    place: UUID
    key: UUID


@dataclass(frozen=True, slots=True)
class Wish:
    """A visit that is wanted: its free times, and the numbers of those that must be over before it begins."""

    starts: Sequence[Start]
    after: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Stop:
    """A visit in its place in the day; `walk` and `wait` are the minutes before it."""

    wish: int
    at: Start
    walk: int = 0
    wait: int = 0


@dataclass(frozen=True, slots=True)
class Day:
    """One way to have all visits."""

    stops: tuple[Stop, ...]

    @property
    def start(self) -> Minute:
        return self.stops[0].at.start

    @property
    def end(self) -> Minute:
        return self.stops[-1].at.end

    @property
    def minutes(self) -> int:
        return self.end - self.start

    @property
    def walking(self) -> int:
        return sum(stop.walk for stop in self.stops)

    @property
    def waiting(self) -> int:
        return sum(stop.wait for stop in self.stops)


Walks = Mapping[tuple[UUID, UUID], int]


@dataclass(slots=True)
class _Node:
    """Visits done, standing at a place since `end`."""

    end: Minute
    stops: tuple[Stop, ...] = field(default_factory=tuple)


def best_days(wishes: Sequence[Wish], walks: Walks, *, most: int = 5) -> list[Day]:
    """The shortest ways to have all visits, shortest first, each with another beginning; the earlier of equals first.

    `walks` holds the minutes between places, both ways; within a place it is 0. Raises ValueError for more than
    `MOST_PARTS` wishes.
    """
    if not 1 <= len(wishes) <= MOST_PARTS:
        raise ValueError(f"one to {MOST_PARTS} visits")
    ordered = [sorted(wish.starts) for wish in wishes]
    found: list[Day] = []
    for number, wish in enumerate(wishes):
        if wish.after:
            continue
        for start in ordered[number]:
            day = _from(number, start, wishes, ordered, walks)
            if day is not None:
                found.append(day)
    return _distinct(sorted(found, key=lambda day: (day.minutes, day.walking, day.start)), most)


def _from(
    first: int, start: Start, wishes: Sequence[Wish], ordered: Sequence[Sequence[Start]], walks: Walks
) -> Day | None:
    """The earliest end of a day that begins with this start; None when it cannot hold all visits."""
    whole = (1 << len(wishes)) - 1
    layer: dict[tuple[int, UUID], _Node] = {(1 << first, start.place): _Node(start.end, (Stop(first, start),))}
    for _ in range(len(wishes) - 1):
        following: dict[tuple[int, UUID], _Node] = {}
        for (done, place), node in layer.items():
            for number, wish in enumerate(wishes):
                if done & (1 << number) or any(not done & (1 << other) for other in wish.after):
                    continue
                for stop in _next_stops(number, ordered[number], place, node.end, walks):
                    _keep(following, (done | (1 << number), stop.at.place), node, stop)
        layer = following
    ended = [node for (done, _place), node in layer.items() if done == whole]
    return Day(min(ended, key=lambda node: node.end).stops) if ended else None


def _keep(layer: dict[tuple[int, UUID], _Node], key: tuple[int, UUID], node: _Node, stop: Stop) -> None:
    known = layer.get(key)
    if known is None or stop.at.end < known.end:
        layer[key] = _Node(stop.at.end, (*node.stops, stop))


def _next_stops(
    number: int, starts: Sequence[Start], place: UUID, since: Minute, walks: Walks
) -> Iterable[Stop]:  # fmt: skip
    """Of each place the start that ends first, once the walk to it is done."""
    best: dict[UUID, Stop] = {}
    for at in starts[bisect_left(starts, since, key=lambda one: one.start) :]:
        walk = 0 if at.place == place else walks.get((place, at.place), -1)
        if walk < 0 or at.start < since + walk + SPARE:
            continue
        known = best.get(at.place)
        if known is None or at.end < known.at.end:
            best[at.place] = Stop(number, at, walk, at.start - since - walk)
    return best.values()


def _distinct(days: Iterable[Day], most: int) -> list[Day]:
    """Each beginning once: who cannot come at eight needs another hour, not another room at eight."""
    found: list[Day] = []
    begun: set[Minute] = set()
    for day in days:
        if day.start not in begun:
            begun.add(day.start)
            found.append(day)
        if len(found) == most:
            break
    return found


class Leg(NamedTuple):
    """A booked visit of a day as it stands."""

    start: Minute
    end: Minute
    place: UUID
    active: bool = True


def broken(legs: Sequence[Leg], walks: Walks, *, same_day: Sequence[bool] = ()) -> list[int]:
    """Numbers of the legs that no longer fit: given up, on another day, or begun before one can be there."""
    found: list[int] = []
    before: Leg | None = None
    for number, leg in enumerate(legs):
        if not leg.active or (same_day and not same_day[number]):
            found.append(number)
            continue
        if before is not None:
            walk = 0 if leg.place == before.place else walks.get((before.place, leg.place), 0)
            if leg.start < before.end + walk:
                found.append(number)
        before = leg
    return found
