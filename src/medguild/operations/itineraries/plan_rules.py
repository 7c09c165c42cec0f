"""The plan of a campus as a drawing: where to put places and the way between them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

WIDTH, HEIGHT, MARGIN = 640, 360, 60


class Spot(NamedTuple):
    """A place in drawing units, with the numbers of the stops there."""

    x: int
    y: int
    label: str
    numbers: str


def spots(places: Sequence[tuple[str, int, int]], stops: Sequence[int]) -> list[Spot]:
    """Places (label, metres east, metres south) drawn to one scale; `stops` are places in the order of the day."""
    if not places:
        return []
    east, south = [place[1] for place in places], [place[2] for place in places]
    wide, high = max(max(east) - min(east), 1), max(max(south) - min(south), 1)
    scale = min((WIDTH - 2 * MARGIN) / wide, (HEIGHT - 2 * MARGIN) / high)
    found = []
    for number, (label, x, y) in enumerate(places):
        visits = ", ".join(str(turn) for turn, place in enumerate(stops, start=1) if place == number)
        found.append(Spot(
            MARGIN + round((x - min(east)) * scale), MARGIN + round((y - min(south)) * scale), label, visits
        ))  # fmt: skip
    return found


def way(drawn: Sequence[Spot], stops: Sequence[int]) -> str:
    """The way through the stops as points of a polyline."""
    return " ".join(f"{drawn[place].x},{drawn[place].y}" for place in stops)
