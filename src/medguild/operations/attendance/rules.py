"""No-show probability from what was known of a visit: features, their columns, the logistic sum, explanations. Pure.

What may enter is `VisitFacts`, and nothing else: no race, ethnicity, sex, payer, plan, name, address, distance or
language. A trained model is numbers only; see docs/algorithms/attendance.md.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

SHRINK = 4.0  # an earlier outcome weighs as much as these many visits of the average patient
OLDEST = 100.0
FURTHEST = 400.0  # days; longer leads count as so long
EVENING = 18


class Stage(enum.StrEnum):
    """When the probability is asked: the day before, confirmations and reminders are known too."""

    BOOKING = "booking"
    DAY_BEFORE = "day_before"


class Feature(enum.StrEnum):
    """All that a model may know. The database refuses models with anything else."""

    LEAD = "lead"
    WEEKDAY = "weekday"
    HOUR = "hour"
    VISIT_TYPE = "visit_type"
    FIRST = "first"
    MODE = "mode"
    EARLIER = "earlier"
    AGE = "age"
    CONFIRMED = "confirmed"
    REMINDED = "reminded"


AT_BOOKING = (
    Feature.LEAD, Feature.WEEKDAY, Feature.HOUR, Feature.VISIT_TYPE, Feature.FIRST, Feature.MODE, Feature.EARLIER,
    Feature.AGE,
)  # fmt: skip
FEATURES: Mapping[Stage, tuple[Feature, ...]] = {
    Stage.BOOKING: AT_BOOKING,
    Stage.DAY_BEFORE: (*AT_BOOKING, Feature.CONFIRMED, Feature.REMINDED),
}


class VisitFacts(NamedTuple):
    """What was known of a visit. `lead` is days from booking to start, `hour` of the start at the site (None unknown),
    `missed` and `kept` are the patient's own earlier visits whose outcome was known then, `age` in years."""

    lead: float
    same_day: bool
    weekday: int
    hour: int | None = None
    visit_type: str = ""
    mode: str = ""
    missed: int = 0
    kept: int = 0
    missed_last: bool = False
    age: float | None = None
    confirmed: bool = False
    reminded: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """How facts become columns: knots of the splines, the kinds told apart, the rate that earlier outcomes shrink to.

    Knots of the lead are of log(1 + days). Kinds that are not listed count as the rest.
    """

    stage: Stage
    lead_knots: tuple[float, ...]
    age_knots: tuple[float, ...]
    visit_types: tuple[str, ...]
    modes: tuple[str, ...]
    usual_age: float
    rate: float

    def as_json(self) -> dict[str, object]:
        return {
            "lead_knots": list(self.lead_knots),
            "age_knots": list(self.age_knots),
            "visit_types": list(self.visit_types),
            "modes": list(self.modes),
            "usual_age": self.usual_age,
            "rate": self.rate,
        }


def shape_from(stage: str, kept: Mapping[str, object]) -> Shape:
    """The inverse of `as_json`."""
    return Shape(
        stage=Stage(stage),
        lead_knots=_floats(kept["lead_knots"]),
        age_knots=_floats(kept["age_knots"]),
        visit_types=_texts(kept["visit_types"]),
        modes=_texts(kept["modes"]),
        usual_age=float(kept["usual_age"]),  # type: ignore[arg-type]
        rate=float(kept["rate"]),  # type: ignore[arg-type]
    )


def _floats(values: object) -> tuple[float, ...]:
    return tuple(float(value) for value in values)  # type: ignore[attr-defined]


def _texts(values: object) -> tuple[str, ...]:
    return tuple(str(value) for value in values)  # type: ignore[attr-defined]


def spline(value: float, knots: Sequence[float]) -> list[float]:
    """Restricted cubic spline (Harrell): the value itself and k - 2 terms, straight beyond the outer knots."""
    if len(knots) < 3:
        return [value]
    last, before = knots[-1], knots[-2]
    width = (last - knots[0]) ** 2
    terms = [value]
    for knot in knots[:-2]:
        term = _cubed(value - knot)
        term -= _cubed(value - before) * (last - knot) / (last - before)
        term += _cubed(value - last) * (before - knot) / (last - before)
        terms.append(term / width)
    return terms


def _cubed(value: float) -> float:
    return value * value * value if value > 0 else 0.0


def logit(rate: float) -> float:
    bounded = min(max(rate, 1e-9), 1 - 1e-9)
    return math.log(bounded / (1 - bounded))


def sigmoid(score: float) -> float:
    if score >= 0:
        return 1 / (1 + math.exp(-score))
    small = math.exp(score)
    return small / (1 + small)


def log_lead(days: float) -> float:
    return math.log1p(min(max(days, 0.0), FURTHEST))


def earlier(facts: VisitFacts, rate: float) -> float:
    """How much likelier than average the own earlier visits make a no-show, as a difference of log odds."""
    shrunk = (facts.missed + SHRINK * rate) / (facts.missed + facts.kept + SHRINK)
    return logit(shrunk) - logit(rate)


def named_columns(shape: Shape) -> list[tuple[Feature, str]]:
    """Which feature each column belongs to, and the column's name; in the order of `columns`."""
    names = [(Feature.LEAD, "same_day"), *((Feature.LEAD, f"log_lead_{i}") for i in _terms(shape.lead_knots))]
    names += [(Feature.WEEKDAY, str(day)) for day in range(1, 7)]
    names += [(Feature.HOUR, band) for band in _HOURS]
    names += [(Feature.VISIT_TYPE, kind) for kind in shape.visit_types]
    names.append((Feature.FIRST, "first"))
    names += [(Feature.MODE, mode) for mode in shape.modes]
    names += [(Feature.EARLIER, name) for name in ("rate", "same_day_rate", "seen_often", "missed_last")]
    names += [(Feature.AGE, f"age_{i}") for i in _terms(shape.age_knots)]
    if shape.stage is Stage.DAY_BEFORE:
        names += [(Feature.CONFIRMED, "confirmed"), (Feature.REMINDED, "reminded")]
    return names


def _terms(knots: Sequence[float]) -> range:
    return range(max(len(knots) - 1, 1))


_HOURS = ("early", "noon", "late", "evening")


def _hour_band(hour: int | None) -> str:
    if hour is None or 10 <= hour < 12:
        return ""
    if hour < 10:
        return "early"
    if hour < 14:
        return "noon"
    return "late" if hour < EVENING else "evening"


def columns(facts: VisitFacts, shape: Shape) -> list[float]:
    """The numbers of one visit, in the order of `named_columns`."""
    own = earlier(facts, shape.rate)
    band = _hour_band(facts.hour)
    age = shape.usual_age if facts.age is None else min(max(facts.age, 0.0), OLDEST)
    row = [float(facts.same_day), *spline(log_lead(facts.lead), shape.lead_knots)]
    row += [float(facts.weekday == day) for day in range(1, 7)]
    row += [float(band == name) for name in _HOURS]
    row += [float(facts.visit_type == kind) for kind in shape.visit_types]
    row.append(float(facts.missed + facts.kept == 0))
    row += [float(facts.mode == mode) for mode in shape.modes]
    row += [own, own * facts.same_day, math.log1p(facts.missed + facts.kept), float(facts.missed_last)]
    row += spline(age, shape.age_knots)
    if shape.stage is Stage.DAY_BEFORE:
        row += [float(facts.confirmed), float(facts.reminded)]
    return row


@dataclass(frozen=True, slots=True)
class Trained:
    """A model as it is used. Columns are centred by `means` and divided by `scales`; `offset` is the newest
    recalibration of the intercept (log odds)."""

    shape: Shape
    intercept: float
    weights: tuple[float, ...]
    means: tuple[float, ...]
    scales: tuple[float, ...]
    offset: float = 0.0
    features: tuple[Feature, ...] = field(default=())

    def parts(self, facts: VisitFacts) -> list[float]:
        row = columns(facts, self.shape)
        return [
            weight * (value - mean) / scale
            for weight, value, mean, scale in zip(self.weights, row, self.means, self.scales, strict=True)
        ]

    def score(self, facts: VisitFacts) -> float:
        """Log odds of a no-show."""
        return self.intercept + self.offset + math.fsum(self.parts(facts))

    def probability(self, facts: VisitFacts) -> float:
        return sigmoid(self.score(facts))

    def effects(self, facts: VisitFacts) -> list[tuple[Feature, float]]:
        """What each feature adds to the log odds against the average visit, the strongest first. They sum to the
        score without the intercept, so nothing is left out."""
        sums: dict[Feature, float] = {}
        for (feature, _), part in zip(named_columns(self.shape), self.parts(facts), strict=True):
            sums[feature] = sums.get(feature, 0.0) + part
        return sorted(sums.items(), key=lambda one: -abs(one[1]))


def recalibrated(probability: float, offset: float) -> float:
    """Shifts the log odds; the order of visits stays."""
    return sigmoid(logit(probability) + offset)


def offset_for(probabilities: Sequence[float], missed: int) -> float:
    """The shift of log odds by which the probabilities sum to what was missed; bounded to +-3. 0 without visits."""
    if not probabilities:
        return 0.0
    wanted = min(max(float(missed), 0.5), len(probabilities) - 0.5)
    scores = [logit(one) for one in probabilities]
    low, high = -3.0, 3.0
    for _ in range(50):
        middle = (low + high) / 2
        if math.fsum(sigmoid(score + middle) for score in scores) < wanted:
            low = middle
        else:
            high = middle
    return (low + high) / 2


SITE_SHRINK = 10.0  # expected no-shows that must have been seen before a site counts half for itself


def site_offset(probabilities: Sequence[float], missed: int) -> float:
    """What is added at a site whose visits are missed more or less often than the model says, shrunk towards 0 where
    there is little to go by. For sums over sessions: nobody's order changes."""
    expected = math.fsum(probabilities)
    return offset_for(probabilities, missed) * expected / (expected + SITE_SHRINK)
