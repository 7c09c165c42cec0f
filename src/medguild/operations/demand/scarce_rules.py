"""Which resource limits a session: clinicians, rooms, devices or staff. Pure."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable
from dataclasses import dataclass


class Half(enum.StrEnum):
    """A session of a site's day. Morning ends at 12:30 by the site's clock."""

    MORNING = "morning"
    AFTERNOON = "afternoon"


NOON = 12 * 60 + 30


@dataclass(frozen=True, slots=True)
class Use:
    """Minutes of one sort of resource in a session: there, and taken. `blocked` counts offers (times apart from each
    other) that the clinicians had free and that fell away because this sort was not."""

    kind: str
    name: str
    there: int
    taken: int
    blocked: int = 0

    @property
    def percent(self) -> float | None:
        return round(100 * self.taken / self.there, 1) if self.there else None


@dataclass(frozen=True, slots=True)
class SessionUse:
    day: dt.date
    half: Half
    uses: tuple[Use, ...]

    @property
    def scarcest(self) -> Use | None:
        return scarcest(self.uses)


def scarcest(uses: Iterable[Use]) -> Use | None:
    """What blocks most offers; where nothing blocks any, what is taken most. None where nothing is taken at all.

    A resource that is not there although offers need it blocks without being taken.
    """
    ranked = sorted(uses, key=lambda use: (-use.blocked, -(use.percent or 0), use.kind, use.name))
    first = ranked[0] if ranked else None
    return first if first is not None and (first.blocked or first.taken) else None


def overlap(start: int, end: int, first: int, last: int) -> int:
    return max(0, min(end, last) - max(start, first))
