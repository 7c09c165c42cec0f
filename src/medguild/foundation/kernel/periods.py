"""Half-open periods of days: from the first day up to, but not including, the end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Period:
    """`start <= day < end`; None means unbounded on that side."""

    start: dt.date | None
    end: dt.date | None = None

    def __post_init__(self) -> None:
        if self.start is not None and self.end is not None and self.end <= self.start:
            raise ValueError("a period ends after it starts")

    def holds(self, day: dt.date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or day < self.end)

    def meets(self, other: Period) -> Period | None:
        """The common part of two periods, or None."""
        starts = [start for start in (self.start, other.start) if start is not None]
        ends = [end for end in (self.end, other.end) if end is not None]
        start, end = max(starts, default=None), min(ends, default=None)
        if start is not None and end is not None and end <= start:
            return None
        return Period(start, end)


def _start_key(period: Period) -> dt.date:
    return period.start or dt.date.min


def merge(periods: Iterable[Period]) -> list[Period]:
    """The union of periods, sorted, with touching ones joined."""
    merged: list[Period] = []
    for period in sorted(periods, key=_start_key):
        last = merged[-1] if merged else None
        if last is None or (last.end is not None and last.end < _start_key(period)):
            merged.append(period)
        elif last.end is not None and (period.end is None or period.end > last.end):
            merged[-1] = Period(last.start, period.end)
    return merged
