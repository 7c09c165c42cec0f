"""Wanted against offered by weekday, hours and kind of visit. Pure.

A cell is a weekday and a band of two hours. Offered minutes of a session that takes several kinds are shared among them
by how much of each is wanted there, so that a kind is short only where no other has minutes to spare. What is wanted at
no particular hour is spread over the hours in which it could have been met.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

K = TypeVar("K", bound=Hashable)
BAND_MINUTES = 120
DAY_MINUTES = 24 * 60

Place = tuple[int, int]  # weekday (Monday is 0), band of the day


def band_of(minute: int) -> int:
    return minute // BAND_MINUTES


def bands_between(start: int, end: int) -> list[tuple[int, int]]:
    """Bands that a span of minutes touches, each with the minutes in it."""
    return [
        (band, min(end, (band + 1) * BAND_MINUTES) - max(start, band * BAND_MINUTES))
        for band in range(band_of(start), band_of(max(start, end - 1)) + 1)
        if end > start
    ]


def share_supply(offers: Iterable[tuple[frozenset[K], float]], wanted: Mapping[K, float]) -> dict[K, float]:
    """Minutes offered to each kind, from spans of minutes that each take some kinds; the parts sum to the spans.

    The pickiest spans are given out first, each by what is still wanted of its kinds; what nobody wants is shared by
    what was wanted at first (evenly where nothing was).
    """
    left = dict(wanted)
    given: dict[K, float] = defaultdict(float)
    spare: list[tuple[frozenset[K], float]] = []
    for kinds, minutes in sorted(offers, key=lambda offer: (len(offer[0]), sorted(map(str, offer[0])))):
        open_wishes = {kind: left.get(kind, 0.0) for kind in kinds if left.get(kind, 0.0) > 0}
        total = sum(open_wishes.values())
        used = min(minutes, total)
        for kind, wish in open_wishes.items():
            part = used * wish / total
            given[kind] += part
            left[kind] = wish - part
        if minutes > used:
            spare.append((kinds, minutes - used))
    for kinds, minutes in spare:
        weights = {kind: wanted.get(kind, 0.0) for kind in kinds}
        total = sum(weights.values())
        for kind in kinds:
            given[kind] += minutes * (weights[kind] / total if total else 1 / len(kinds))
    return dict(given)


def spread(places: Sequence[Place], supply: Mapping[Place, float]) -> dict[Place, float]:
    """Parts of one wish over the places that would do, by the supply there; evenly where there is none. Sums to 1."""
    if not places:
        return {}
    total = sum(supply.get(place, 0.0) for place in places)
    if not total:
        return dict.fromkeys(places, 1 / len(places))
    return {place: supply.get(place, 0.0) / total for place in places if supply.get(place)}


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Wanted and offered slots of a kind in a cell, per week; `gap` above 0 is too little, below 0 too much."""

    place: Place
    kind: Hashable
    wanted: float
    offered: float
    minutes: int

    @property
    def gap(self) -> float:
        return self.wanted - self.offered

    @property
    def gap_minutes(self) -> float:
        return self.gap * self.minutes


LEAST_GAP = 1.0  # slots a week below which a mismatch is noise


def ranked(cells: Iterable[Mismatch]) -> list[Mismatch]:
    """Cells where too little is offered, by minutes missing a week, the most first."""
    return sorted(
        (cell for cell in cells if cell.gap >= LEAST_GAP),
        key=lambda cell: (-cell.gap_minutes, cell.place, str(cell.kind)),
    )


def idle(cells: Iterable[Mismatch]) -> list[Mismatch]:
    """Cells where more is offered than wanted, the most minutes first."""
    return sorted(
        (cell for cell in cells if -cell.gap >= LEAST_GAP),
        key=lambda cell: (cell.gap_minutes, cell.place, str(cell.kind)),
    )
