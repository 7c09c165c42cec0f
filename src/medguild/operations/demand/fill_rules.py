"""Fill compared between clinicians of one specialty, and what could move from who is too full to who has room. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from uuid import UUID

GOAL = 90  # per cent that both sides aim at: the middle of the working band 85 to 95


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of visit in a proposal. `bound` says how much patients are bound to their clinician: new ones are not."""

    id: UUID
    name: str
    bound: int


@dataclass(frozen=True, slots=True)
class SessionLoad:
    """A weekly session over the period: minutes that could be booked, and visits by kind as (count, minutes in all)."""

    session_id: UUID
    weekday: int
    start_minute: int
    end_minute: int
    unit_id: UUID
    bookable: int
    visits: Mapping[UUID, tuple[int, int]] = field(default_factory=dict)
    takes: frozenset[UUID] = frozenset()

    @property
    def used(self) -> int:
        return sum(minutes for _, minutes in self.visits.values())


@dataclass(frozen=True, slots=True)
class ClinicianFill:
    """Minutes of a clinician's template over the period; `group` is who could take over: entity and specialty."""

    clinician_id: UUID
    group: tuple[UUID, str]
    bookable: int
    booked: int
    overbooked: int
    sessions: Sequence[SessionLoad] = ()

    @property
    def used(self) -> int:
        return self.booked + self.overbooked

    @property
    def percent(self) -> float | None:
        return round(100 * self.used / self.bookable, 1) if self.bookable else None


@dataclass(frozen=True, slots=True)
class Move:
    """So many visits of a kind, over the period, from one session to another."""

    kind: Kind
    visits: int
    minutes: int
    origin: SessionLoad
    target: SessionLoad


@dataclass(frozen=True, slots=True)
class Imbalance:
    """One is too full beside one of the same group who has room, with what could move."""

    over: ClinicianFill
    under: ClinicianFill
    moves: Sequence[Move] = ()

    @property
    def minutes(self) -> int:
        return sum(move.minutes for move in self.moves)


def imbalances(
    fills: Iterable[ClinicianFill], *, most: float, least: float, kinds: Mapping[UUID, Kind]
) -> list[Imbalance]:
    """For each clinician above `most` per cent the one of the group who is below `least` and has most room left.

    Each who has room is given to one only, the fullest first, because the room is not there twice.
    """
    found: list[Imbalance] = []
    ordered = sorted(fills, key=lambda one: (str(one.group), str(one.clinician_id)))
    for _, group in groupby(ordered, key=lambda one: one.group):
        members = [one for one in group if one.percent is not None]
        over = sorted((one for one in members if (one.percent or 0) > most), key=lambda one: -(one.percent or 0))
        under = sorted((one for one in members if (one.percent or 0) < least), key=lambda one: one.used - one.bookable)
        found += [Imbalance(full, idle, propose(full, idle, kinds)) for full, idle in zip(over, under, strict=False)]
    return found


def propose(over: ClinicianFill, under: ClinicianFill, kinds: Mapping[UUID, Kind], goal: int = GOAL) -> list[Move]:
    """Whole visits that bring both towards the goal: least bound patients first, out of the fullest session into the
    emptiest that takes their kind. Never brings the one with room above the goal, never takes more than was booked."""
    excess = over.used - over.bookable * goal // 100
    room = _Room(under, goal)
    moves: list[Move] = []
    for origin in sorted(over.sessions, key=lambda one: one.bookable - one.used):
        movable = [kinds[pk] for pk in origin.visits if pk in kinds]
        for kind in sorted(movable, key=lambda one: (one.bound, one.name)):
            for move in room.take(origin, kind, excess):
                moves.append(move)
                excess -= move.minutes
    return moves


class _Room:
    """Minutes up to the goal: of the clinician in all and of each session."""

    def __init__(self, under: ClinicianFill, goal: int) -> None:
        self.sessions = under.sessions
        self.left = under.bookable * goal // 100 - under.used
        self.of = {one.session_id: one.bookable * goal // 100 - one.used for one in under.sessions}

    def take(self, origin: SessionLoad, kind: Kind, excess: int) -> Iterator[Move]:
        """Visits of a kind out of a session that find room, at most `excess` minutes."""
        count, minutes = origin.visits[kind.id]
        length = max(1, -(-minutes // count)) if count else 1
        taking = [one for one in self.sessions if kind.id in one.takes]
        for target in sorted(taking, key=lambda one: (-self.of[one.session_id], one.weekday, one.start_minute)):
            visits = min(count, min(excess, self.of[target.session_id], self.left) // length)
            if visits <= 0:
                continue
            yield Move(kind, visits, visits * length, origin, target)
            count, excess = count - visits, excess - visits * length
            self.left -= visits * length
            self.of[target.session_id] -= visits * length
