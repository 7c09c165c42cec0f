"""Weekly demand foretold by the calendar: recent level x season x working days, with an honest interval. Pure.

Weekly demand of a clinic needs the calendar (holidays, working days) more than a clever method, and plain intervals
come out too narrow; so the width is how far this very rule was off on the weeks behind it (conformal, 80 of 100).
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

LEVEL_WEEKS = 8
YEAR = 52
FEWEST_WEEKS = 12
COVER = 0.8
_PRIOR = 4.0  # weeks that a month must outweigh before it is believed to differ
_TESTED = 40  # weeks behind that the width is taken from


@dataclass(frozen=True, slots=True)
class Week:
    """What was wanted in a week. `open_share` is how much of a usual week the place was open: 1 without holidays."""

    monday: dt.date
    amount: float
    open_share: float = 1.0


@dataclass(frozen=True, slots=True)
class Foretold:
    """A week to come: 80 of 100 such weeks should lie from `low` to `high`."""

    monday: dt.date
    amount: float
    low: float
    high: float


def season_of(history: Sequence[Week]) -> Mapping[int, float]:
    """Factor of each month against the whole, drawn towards 1 where few weeks speak; all 1 with less than a year."""
    weeks = [week for week in history if week.open_share > 0]
    if len(weeks) < YEAR:
        return {}
    adjusted = [(_month(week.monday), week.amount / week.open_share) for week in weeks]
    mean = sum(amount for _, amount in adjusted) / len(adjusted)
    months: dict[int, list[float]] = defaultdict(list)
    for month, amount in adjusted:
        months[month].append(amount)
    if not mean:
        return {}
    return {month: (sum(amounts) / mean + _PRIOR) / (len(amounts) + _PRIOR) for month, amounts in months.items()}


def _month(monday: dt.date) -> int:
    """The month in which most of the week lies."""
    return (monday + dt.timedelta(days=3)).month


def _point(history: Sequence[Week], season: Mapping[int, float], monday: dt.date, open_share: float) -> float:
    recent = [week for week in history if week.open_share > 0][-LEVEL_WEEKS:]
    if not recent:
        return 0.0
    base = sum(week.open_share * season.get(_month(week.monday), 1.0) for week in recent)
    level = sum(week.amount for week in recent) / base if base else 0.0
    return level * season.get(_month(monday), 1.0) * open_share


def foretell(history: Sequence[Week], ahead: Sequence[tuple[dt.date, float]]) -> list[Foretold]:
    """Weeks to come, given as (Monday, open share), from the weeks behind, oldest first.

    With fewer than twelve weeks there is nothing to go by: the list is empty.
    """
    if len(history) < FEWEST_WEEKS:
        return []
    season = season_of(history)
    width = _width(history, len(ahead))
    told = []
    for monday, open_share in ahead:
        amount = _point(history, season, monday, open_share)
        told.append(Foretold(monday, amount, max(0.0, amount * (1 - width)), amount * (1 + width)))
    return told


def _width(history: Sequence[Week], horizon: int) -> float:
    """The relative error that 80 of 100 of our own forecasts of these weeks stayed under, over all horizons."""
    errors: list[float] = []
    first = max(FEWEST_WEEKS, len(history) - _TESTED)
    for origin in range(first, len(history)):
        known = history[:origin]
        season = season_of(known)
        for week in history[origin : origin + max(1, horizon)]:
            amount = _point(known, season, week.monday, week.open_share)
            if amount > 0:
                errors.append(abs(week.amount - amount) / amount)
    if not errors:
        return 0.5
    place = min(len(errors), ceil((len(errors) + 1) * COVER))
    return sorted(errors)[place - 1]
