"""The audit by group: what is hidden, what is flagged, what chance alone does."""

from __future__ import annotations

import random

from medguild.operations.attendance.fairness_rules import SMALL, Dimension, Flag, Seen, age_band, critical, fairness


def rows(
    group: str, count: int, *, rate: float = 0.2, predicted: float = 0.2, high: float = 0.1, over: float = 0.0,
    wait: float = 5.0, seed: int = 1,
) -> list[Seen]:  # fmt: skip
    rng = random.Random(f"{seed}{group}")
    return [
        Seen(
            {Dimension.SEX: group}, predicted, place < rate * count, rng.random() < high, place < over * count,
            wait + rng.random(),
        )
        for place in range(count)
    ]  # fmt: skip


def test_small_groups_are_not_told() -> None:
    cells = fairness(rows("a", 1000) + rows("b", 1000) + rows("c", SMALL - 1) + rows("d", 30, rate=0.1))
    assert {cell.group: cell.told for cell in cells} == {"a": True, "b": True, "c": False, "d": False}
    hidden = next(cell for cell in cells if cell.group == "c")
    assert (hidden.visits, hidden.missed, hidden.calibration, hidden.flags) == (None, None, None, ())


def test_a_single_small_group_hides_the_next_smallest_too() -> None:
    """Else it could be worked out from the whole."""
    cells = fairness(rows("a", 1000) + rows("b", 400) + rows("c", 12))
    assert [cell.group for cell in cells if cell.told] == ["a"]


def test_numbers_of_a_group() -> None:
    cell = fairness(rows("a", 1000, rate=0.3, predicted=0.25) + rows("b", 1000))[0]
    assert (cell.visits, cell.missed, cell.predicted) == (1000, 0.3, 0.25)
    assert cell.calibration is not None
    assert abs(cell.calibration - 1.2) < 1e-9


def test_differences_beyond_chance_and_large_enough_are_flagged() -> None:
    base = rows("a", 2000)
    found = {
        "calibration": fairness(base + rows("b", 2000, rate=0.35)),
        "false_positives": fairness(base + rows("b", 2000, high=0.3)),
        "overbooked": fairness(base + rows("b", 2000, over=0.1)),
        "wait": fairness(base + rows("b", 2000, wait=9)),
    }
    for name, cells in found.items():
        assert [cell.flags for cell in cells if cell.group == "b"] == [(Flag(name),)], name
        assert [cell.flags for cell in cells if cell.group == "a"] == [()], name


def test_what_is_beyond_chance_but_small_is_not_flagged() -> None:
    assert not [cell for cell in fairness(rows("a", 50_000) + rows("b", 50_000, rate=0.22)) if cell.flags]


def test_chance_alone_flags_hardly_ever() -> None:
    flagged = 0
    for seed in range(100):
        rng = random.Random(seed)
        seen = [
            Seen({Dimension.AGE: rng.choice("abcde")}, p := rng.uniform(0.05, 0.4), rng.random() < p,
                 rng.random() < 0.1, rng.random() < 0.05, rng.expovariate(0.1))
            for _ in range(600)
        ]  # fmt: skip
        flagged += any(cell.flags for cell in fairness(seen))
    assert flagged <= 10


def test_more_comparisons_ask_for_more() -> None:
    assert critical(1) < critical(20) < critical(100)


def test_age_bands() -> None:
    assert [age_band(age) for age in (0, 17.9, 18, 49, 80, 101)] == ["0–17", "0–17", "18–34", "35–49", "80+", "80+"]
    assert age_band(-1) == "0–17"
