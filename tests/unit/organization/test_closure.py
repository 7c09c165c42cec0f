"""The closure of the dated tree agrees, on every day, with climbing the tree by hand."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medguild.foundation.kernel.periods import Period
from medguild.foundation.organization.rules import CircleInTree, Placement, closure

ORIGIN = dt.date(2026, 1, 1)
DAYS = [ORIGIN + dt.timedelta(days=n) for n in range(-1, 32)]
LEVELS = {UUID(int=n): (n - 1) // 4 for n in range(1, 17)}


@st.composite
def trees(draw: st.DrawFn) -> list[Placement]:
    """Units on four levels; each stands under units of the level above, under one at a time."""
    placements = []
    for unit, level in LEVELS.items():
        if level == 0:
            continue
        parents = [parent for parent, height in LEVELS.items() if height == level - 1]
        cuts = sorted(draw(st.sets(st.integers(0, 30), min_size=1, max_size=4)))
        ends = [*cuts[1:], draw(st.none() | st.integers(31, 40))]
        for start, end in zip(cuts, ends, strict=True):
            if draw(st.booleans()) or len(cuts) == 1:
                period = Period(
                    ORIGIN + dt.timedelta(days=start), None if end is None else ORIGIN + dt.timedelta(days=end)
                )
                placements.append(Placement(unit, draw(st.sampled_from(parents)), period))
    return placements


def _ancestors(unit: UUID, day: dt.date, placements: list[Placement]) -> dict[UUID, int]:
    found, depth = {unit: 0}, 0
    while True:
        above = [p.parent for p in placements if p.unit == unit and p.period.holds(day)]
        if not above:
            return found
        unit, depth = above[0], depth + 1
        found[unit] = depth


@given(trees())
def test_ancestors_are_right_on_every_day(placements: list[Placement]) -> None:
    paths = closure(LEVELS, placements)
    for day in DAYS:
        for unit in LEVELS:
            held = [path for path in paths if path.descendant == unit and path.period.holds(day)]
            assert {path.ancestor: path.depth for path in held} == _ancestors(unit, day, placements)
            assert len(held) == len({path.ancestor for path in held})


def test_a_move_keeps_the_past() -> None:
    top, left, right, leaf = (UUID(int=n) for n in range(100, 104))
    move = ORIGIN + dt.timedelta(days=10)
    placements = [
        Placement(left, top, Period(ORIGIN)),
        Placement(right, top, Period(ORIGIN)),
        Placement(leaf, left, Period(ORIGIN, move)),
        Placement(leaf, right, Period(move)),
    ]
    paths = closure([top, left, right, leaf], placements)
    of_leaf = {(path.ancestor, path.period) for path in paths if path.descendant == leaf and path.depth}
    assert of_leaf == {(left, Period(ORIGIN, move)), (right, Period(move)), (top, Period(ORIGIN))}


def test_a_circle_is_refused() -> None:
    one, two = UUID(int=1), UUID(int=2)
    placements = [Placement(one, two, Period(ORIGIN)), Placement(two, one, Period(ORIGIN))]
    with pytest.raises(CircleInTree):
        closure([one, two], placements)


def test_standing_under_each_other_at_different_times_is_no_circle() -> None:
    one, two, later = UUID(int=1), UUID(int=2), ORIGIN + dt.timedelta(days=5)
    placements = [Placement(one, two, Period(ORIGIN, later)), Placement(two, one, Period(later))]
    assert {path.depth for path in closure([one, two], placements)} == {0, 1}
