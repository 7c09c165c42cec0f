"""The audit by group: what is compared, which cells are too small to show, which differences are flagged. Pure.

Tests, stated on the page: calibration by (observed - expected) / sqrt(sum p(1-p)); false positives, overbooked visits
and days of waiting by the difference to all others (two proportions, two means). A difference is flagged when it is
both beyond chance (5 % shared out over all comparisons of the report, Bonferroni) and large enough to matter.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import NamedTuple

SMALL = 11  # fewer visits or no-shows than this are not told (CMS cell size)
CHANCE = 0.05
CALIBRATION_LEAST, CALIBRATION_MOST = 0.8, 1.25
RATIO = 1.25  # a rate this many times that of the others matters
WAIT_DAYS = 2.0


class Dimension(enum.StrEnum):
    """By what patients are grouped. These are read for this report and never enter a model, save the age."""

    AGE = "age"
    SEX = "sex"
    LANGUAGE = "language"
    PAYER = "payer"


class Flag(enum.StrEnum):
    CALIBRATION = "calibration"
    FALSE_POSITIVES = "false_positives"
    OVERBOOKED = "overbooked"
    WAIT = "wait"


class Seen(NamedTuple):
    """A visit of the later period: its probability, what became of it, whether it stood in the top tenth, whether two
    were booked at its time, and the days from booking to visit. `groups` has one value per dimension."""

    groups: Mapping[Dimension, str]
    probability: float
    missed: bool
    high: bool
    overbooked: bool
    wait: float


AGE_BANDS = ((0, "0–17"), (18, "18–34"), (35, "35–49"), (50, "50–64"), (65, "65–79"), (80, "80+"))


def age_band(age: float) -> str:
    return next(words for least, words in reversed(AGE_BANDS) if age >= least or least == 0)


@dataclass(frozen=True, slots=True)
class Cell:
    """One group. Rates are shares of 0 to 1; all None where the cell is too small to be told."""

    dimension: Dimension
    group: str
    visits: int | None
    missed: float | None = None
    predicted: float | None = None
    calibration: float | None = None
    false_positives: float | None = None
    overbooked: float | None = None
    wait: float | None = None
    flags: tuple[Flag, ...] = ()

    @property
    def told(self) -> bool:
        return self.visits is not None


class _Sums:
    """Running sums of a group."""

    def __init__(self) -> None:
        self.visits = self.missed = self.kept_high = self.overbooked = 0
        self.expected = self.variance = self.wait = self.wait_squared = 0.0

    def add(self, seen: Seen) -> None:
        self.visits += 1
        self.missed += seen.missed
        self.kept_high += seen.high and not seen.missed
        self.overbooked += seen.overbooked
        self.expected += seen.probability
        self.variance += seen.probability * (1 - seen.probability)
        self.wait += seen.wait
        self.wait_squared += seen.wait * seen.wait

    @property
    def kept(self) -> int:
        return self.visits - self.missed

    @property
    def small(self) -> bool:
        return self.visits < SMALL or self.missed < SMALL

    def without(self, other: _Sums) -> _Sums:
        rest = _Sums()
        for name, value in vars(self).items():
            setattr(rest, name, value - getattr(other, name))
        return rest


def fairness(rows: Iterable[Seen]) -> list[Cell]:
    """Cells of all dimensions, by dimension and group."""
    whole, groups = _Sums(), dict[tuple[Dimension, str], _Sums]()
    for seen in rows:
        whole.add(seen)
        for dimension, group in seen.groups.items():
            groups.setdefault((dimension, group), _Sums()).add(seen)
    hidden = {key for dimension in Dimension for key in _hidden(dimension, groups)}
    told = [key for key in groups if key not in hidden]
    limit = critical(4 * len(told))
    return [
        _cell(dimension, group, groups[dimension, group], whole, limit)
        if (dimension, group) not in hidden
        else Cell(dimension, group, None)
        for dimension, group in sorted(groups)
    ]


def _hidden(dimension: Dimension, groups: Mapping[tuple[Dimension, str], _Sums]) -> list[tuple[Dimension, str]]:
    """Small cells, and with a single one the next smallest: from the sum of the others it could be worked out."""
    own = sorted((key for key in groups if key[0] is dimension), key=lambda key: groups[key].missed)
    small = [key for key in own if groups[key].small]
    if len(small) == 1 and len(own) > 1:
        small.append(next(key for key in own if key not in small))
    return small


def critical(comparisons: int) -> float:
    """The size of a z-value that chance exceeds once in 20 reports of so many comparisons."""
    return NormalDist().inv_cdf(1 - CHANCE / (2 * max(comparisons, 1)))


def _cell(dimension: Dimension, group: str, own: _Sums, whole: _Sums, limit: float) -> Cell:
    others = whole.without(own)
    calibration = own.missed / own.expected if own.expected else None
    flags = [
        flag
        for flag, holds in (
            (Flag.CALIBRATION, _badly_calibrated(own, calibration, limit)),
            (
                Flag.FALSE_POSITIVES,
                _rates_differ((own.kept_high, own.kept), (others.kept_high, others.kept), limit),
            ),
            (Flag.OVERBOOKED, _rates_differ((own.overbooked, own.visits), (others.overbooked, others.visits), limit)),
            (Flag.WAIT, _waits_differ(own, others, limit)),
        )
        if holds
    ]
    return Cell(
        dimension, group, own.visits, own.missed / own.visits, own.expected / own.visits, calibration,
        own.kept_high / own.kept if own.kept else None, own.overbooked / own.visits, own.wait / own.visits,
        tuple(flags),
    )  # fmt: skip


def _badly_calibrated(own: _Sums, ratio: float | None, limit: float) -> bool:
    if ratio is None or own.variance <= 0:
        return False
    beyond = abs(own.missed - own.expected) / math.sqrt(own.variance) > limit
    return beyond and not CALIBRATION_LEAST <= ratio <= CALIBRATION_MOST


def _rates_differ(own: tuple[int, int], others: tuple[int, int], limit: float) -> bool:
    """Whether the group's share is larger than that of all others, beyond chance and by a quarter."""
    if not own[1] or not others[1]:
        return False
    share, rest = own[0] / own[1], others[0] / others[1]
    pooled = (own[0] + others[0]) / (own[1] + others[1])
    spread = math.sqrt(pooled * (1 - pooled) * (1 / own[1] + 1 / others[1]))
    return spread > 0 and (share - rest) / spread > limit and share > RATIO * rest


def _waits_differ(own: _Sums, others: _Sums, limit: float) -> bool:
    """Whether the group waits longer for its visits than all others."""
    if own.visits < 2 or others.visits < 2:
        return False
    more = own.wait / own.visits - others.wait / others.visits
    spread = math.sqrt(_variance(own) / own.visits + _variance(others) / others.visits)
    return spread > 0 and more / spread > limit and more > WAIT_DAYS


def _variance(sums: _Sums) -> float:
    mean = sums.wait / sums.visits
    return max(sums.wait_squared / sums.visits - mean * mean, 0.0)


def flagged(cells: Sequence[Cell]) -> list[Cell]:
    return [cell for cell in cells if cell.flags]
