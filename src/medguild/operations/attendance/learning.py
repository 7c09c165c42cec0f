"""Training and testing by scikit-learn. Needs the extra `analytics`; imported by `training` where it is there.

One thread: on few cores the learners' threads spend their time waiting for each other.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import sklearn
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from medguild.operations.attendance.metric_rules import Evaluation, quality
from medguild.operations.attendance.rules import (
    FEATURES,
    Shape,
    Stage,
    Trained,
    VisitFacts,
    columns,
    log_lead,
    offset_for,
    recalibrated,
)

LIBRARY = f"scikit-learn {sklearn.__version__}"
WINDOW = dt.timedelta(days=28)  # of the rolling recalibration
STEP = dt.timedelta(days=7)
_KNOTS = (0.05, 0.275, 0.5, 0.725, 0.95)  # Harrell's places for five knots
_MOST_KINDS = 20
_LEAST_OF_KIND = 100
_FLAT = 1e-9


@dataclass(frozen=True, slots=True)
class Past:
    """A visit whose outcome is known."""

    start: dt.datetime
    facts: VisitFacts
    missed: bool


@dataclass(frozen=True, slots=True)
class Learned:
    """A model with its test. `probabilities` are those of the later visits as recalibrated week by week."""

    model: Trained
    evaluation: Evaluation
    visits: int
    missed: int
    probabilities: Sequence[float]


def learn(past: Sequence[Past], *, stage: Stage, test_from: dt.datetime) -> Learned:
    """Fit on visits before `test_from`, test on those from it on. `past` is in order of time and has both outcomes on
    either side. Raises ValueError where there is nothing to learn from."""
    cut = bisect_left([one.start for one in past], test_from)
    if len({one.missed for one in past[:cut]}) < 2 or cut == len(past):
        raise ValueError("kept and missed visits are needed before the test, and visits to test on")
    with threadpool_limits(limits=1):
        model = fit(past[:cut], stage)
        lead_only = _fit_lead(past[:cut])
    raw = [model.probability(one.facts) for one in past]
    by_lead = _lead_probabilities(lead_only, past)
    rolled, lead_rolled = _rolled(past, raw, cut), _rolled(past, by_lead, cut)
    rates = _rolled(past, [sum(one.missed for one in past[:cut]) / cut] * len(past), cut)
    tested = past[cut:]
    later = [place for place, one in enumerate(tested) if not one.facts.same_day]
    missed = [one.missed for one in tested]
    return Learned(
        model=model,
        evaluation=Evaluation(
            whole=quality(rolled, missed),
            later=quality([rolled[place] for place in later], [missed[place] for place in later]),
            lead_only=quality(lead_rolled, missed),
            lead_only_later=quality([lead_rolled[place] for place in later], [missed[place] for place in later]),
            raw=quality(raw[cut:], missed),
            base_brier=quality(rates, missed).brier,
        ),
        visits=cut,
        missed=sum(one.missed for one in past[:cut]),
        probabilities=rolled,
    )


def fit(past: Sequence[Past], stage: Stage) -> Trained:
    """A logistic regression (ridge, C = 1, on standardised columns) as plain numbers."""
    shape = shape_of(past, stage)
    table = np.array([columns(one.facts, shape) for one in past])
    means, scales = table.mean(axis=0), table.std(axis=0)
    scales[scales < _FLAT] = 1.0
    learner = _learner()
    learner.fit((table - means) / scales, np.array([one.missed for one in past]))
    return Trained(
        shape=shape,
        intercept=float(learner.intercept_[0]),
        weights=tuple(map(float, learner.coef_[0])),
        means=tuple(map(float, means)),
        scales=tuple(map(float, scales)),
        features=FEATURES[stage],
    )


def _learner() -> Any:
    return LogisticRegression(C=1.0, solver="newton-cholesky", max_iter=100, tol=1e-8)


def shape_of(past: Sequence[Past], stage: Stage) -> Shape:
    """Knots and kinds from the visits to be learned from."""
    ages = [one.facts.age for one in past if one.facts.age is not None]
    kinds = Counter(one.facts.visit_type for one in past)
    modes = Counter(one.facts.mode for one in past)
    return Shape(
        stage=stage,
        lead_knots=_knots([log_lead(one.facts.lead) for one in past if not one.facts.same_day]),
        age_knots=_knots(ages),
        visit_types=_kinds(kinds),
        modes=_kinds(modes),
        usual_age=float(np.median(ages)) if ages else 0.0,
        rate=sum(one.missed for one in past) / len(past),
    )


def _knots(values: Sequence[float]) -> tuple[float, ...]:
    """Three to five knots, or none where the values hardly differ: then the value enters as a straight line."""
    if not values:
        return ()
    knots = sorted({round(float(knot), 6) for knot in np.quantile(np.array(values), _KNOTS)})
    return tuple(knots) if len(knots) >= 3 else ()


def _kinds(counted: Counter[str]) -> tuple[str, ...]:
    """Kinds with enough visits, without the most frequent: the others are told by their difference to it."""
    often = [kind for kind, count in counted.most_common(_MOST_KINDS) if count >= _LEAST_OF_KIND]
    return tuple(sorted(often[1:]))


def _fit_lead(past: Sequence[Past]) -> Any:
    learner = _learner()
    learner.fit(np.array([[log_lead(one.facts.lead)] for one in past]), np.array([one.missed for one in past]))
    return learner


def _lead_probabilities(learner: Any, past: Sequence[Past]) -> list[float]:
    table = np.array([[log_lead(one.facts.lead)] for one in past])
    return [float(one) for one in learner.predict_proba(table)[:, 1]]


def _rolled(past: Sequence[Past], raw: Sequence[float], cut: int) -> list[float]:
    """Probabilities from `cut` on, each week with the intercept shifted by the outcomes of the weeks before it."""
    starts = [one.start for one in past]
    rolled: list[float] = []
    week = starts[cut]
    while len(rolled) < len(past) - cut:
        begin, end = bisect_left(starts, week - WINDOW), bisect_left(starts, week)
        offset = offset_for(raw[begin:end], sum(one.missed for one in past[begin:end]))
        until = bisect_left(starts, week + STEP)
        rolled += [recalibrated(one, offset) for one in raw[cut + len(rolled) : until]]
        week += STEP
    return rolled
