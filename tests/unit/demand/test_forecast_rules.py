"""The forecast of weekly demand: against the true mean, against last year, and how often its interval holds."""

from __future__ import annotations

import datetime as dt
import math
import random

from medguild.operations.demand.forecast_rules import FEWEST_WEEKS, Week, foretell, season_of

_WEEK = dt.timedelta(weeks=1)
_START = dt.date(2021, 1, 4)
_HORIZON = 8


def _open_share(monday: dt.date) -> float:
    """Two short weeks a year, and one nearly closed."""
    week = monday.isocalendar().week
    return {1: 0.6, 22: 0.8, 52: 0.4}.get(week, 1.0)


def _series(seed: int, weeks: int = 182) -> tuple[list[Week], list[float]]:
    """A clinic with a yearly season, holidays, one shift of level and noise; and its true means."""
    rng = random.Random(seed)
    level, swing, phase = rng.uniform(80, 300), rng.uniform(0.03, 0.15), rng.uniform(0, 6)
    shift_at, shift = rng.randrange(40, weeks - 20), rng.uniform(0.85, 1.15)
    told, means = [], []
    for number in range(weeks):
        monday = _START + number * _WEEK
        mean = level * (1 + swing * math.sin(2 * math.pi * number / 52 + phase)) * _open_share(monday)
        mean *= shift if number >= shift_at else 1.0
        means.append(mean)
        told.append(Week(monday, max(0.0, rng.gauss(mean, 1.3 * mean**0.5)), _open_share(monday)))
    return told, means


def _errors() -> tuple[list[float], list[float], list[float], int, int, int]:
    ours, naive, oracle = [], [], []
    held = asked = better = 0
    for seed in range(24):
        series, means = _series(seed)
        own = last_year = 0.0
        for origin in range(len(series) - 40, len(series) - _HORIZON, 8):
            ahead = series[origin : origin + _HORIZON]
            told = foretell(series[:origin], [(week.monday, week.open_share) for week in ahead])
            for step, (week, one) in enumerate(zip(ahead, told, strict=True)):
                own += abs(week.amount - one.amount)
                last_year += abs(week.amount - series[origin + step - 52].amount)
                oracle.append(abs(week.amount - means[origin + step]))
                held += one.low <= week.amount <= one.high
                asked += 1
        ours.append(own)
        naive.append(last_year)
        better += own < last_year
    return ours, naive, oracle, held, asked, better


def test_it_beats_last_year_stays_near_the_truth_and_its_interval_is_honest() -> None:
    ours, naive, oracle, held, asked, better = _errors()
    assert better >= 0.8 * 24
    assert sum(ours) < 0.85 * sum(naive)
    assert sum(ours) <= 1.35 * sum(oracle)
    assert 0.75 <= held / asked <= 0.90


def test_a_steady_place_is_foretold_as_it_was_and_holidays_take_their_share() -> None:
    history = [Week(_START + number * _WEEK, 100.0) for number in range(20)]
    ahead = [(_START + 20 * _WEEK, 1.0), (_START + 21 * _WEEK, 0.8), (_START + 22 * _WEEK, 0.0)]
    assert [round(one.amount, 6) for one in foretell(history, ahead)] == [100.0, 80.0, 0.0]
    assert all(one.low <= one.amount <= one.high for one in foretell(history, ahead))


def test_closed_weeks_teach_nothing_and_a_short_history_foretells_nothing() -> None:
    history = [
        Week(_START + number * _WEEK, 0.0 if number == 15 else 50.0, float(number != 15)) for number in range(20)
    ]
    assert round(foretell(history, [(_START + 20 * _WEEK, 1.0)])[0].amount, 6) == 50.0
    assert foretell(history[: FEWEST_WEEKS - 1], [(_START + 20 * _WEEK, 1.0)]) == []
    assert season_of(history) == {}
