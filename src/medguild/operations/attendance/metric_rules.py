"""How well probabilities foretell: AUC, Brier score, log loss, calibration, and the bar for advice. Pure.

Accuracy is no measure here: "everyone comes" is right in most visits. Same-day bookings make most of an AUC, so the AUC
without them always stands beside it.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

TENTHS = 10


@dataclass(frozen=True, slots=True)
class Tenth:
    """A tenth of the visits by probability: how many, mean predicted, share missed."""

    visits: int
    predicted: float
    observed: float


@dataclass(frozen=True, slots=True)
class Quality:
    """Of one set of visits. `auc` is None where all came or none; `ece` is the mean gap over ten equal groups."""

    visits: int
    missed: int
    auc: float | None
    brier: float
    log_loss: float
    ece: float
    predicted: float
    top_tenth: float
    tenths: tuple[Tenth, ...] = field(default=())

    @property
    def rate(self) -> float:
        return self.missed / self.visits if self.visits else 0.0

    def as_json(self) -> dict[str, object]:
        return asdict(self)


def quality_from(kept: Mapping[str, object]) -> Quality:
    tenths = tuple(Tenth(**one) for one in kept["tenths"])  # type: ignore[attr-defined]
    return Quality(**{**kept, "tenths": tenths})  # type: ignore[arg-type]


def auc(probabilities: Sequence[float], outcomes: Sequence[bool]) -> float | None:
    """The chance that a missed visit stands above a kept one; ties count half (Mann-Whitney)."""
    missed = sum(outcomes)
    kept = len(outcomes) - missed
    if not missed or not kept:
        return None
    order = sorted(range(len(outcomes)), key=probabilities.__getitem__)
    ranks, place = 0.0, 0
    while place < len(order):
        end = place
        while end < len(order) and probabilities[order[end]] == probabilities[order[place]]:
            end += 1
        ranks += (place + end + 1) / 2 * sum(outcomes[index] for index in order[place:end])
        place = end
    return (ranks - missed * (missed + 1) / 2) / (missed * kept)


def tenths(probabilities: Sequence[float], outcomes: Sequence[bool]) -> tuple[Tenth, ...]:
    """Ten groups of (nearly) equal size by probability, the lowest first; fewer where there are fewer visits.

    Visits of one probability share their outcomes, so that their order makes no difference.
    """
    order = sorted(range(len(outcomes)), key=probabilities.__getitem__)
    shared = _shared(probabilities, outcomes)
    groups = []
    for tenth in range(TENTHS):
        part = order[tenth * len(order) // TENTHS : (tenth + 1) * len(order) // TENTHS]
        if part:
            groups.append(
                Tenth(
                    len(part),
                    math.fsum(probabilities[index] for index in part) / len(part),
                    math.fsum(shared[probabilities[index]] for index in part) / len(part),
                )
            )
    return tuple(groups)


def _shared(probabilities: Sequence[float], outcomes: Sequence[bool]) -> dict[float, float]:
    """The share missed of all visits with the same probability."""
    counted: dict[float, tuple[int, int]] = {}
    for one, outcome in zip(probabilities, outcomes, strict=True):
        visits, missed = counted.get(one, (0, 0))
        counted[one] = (visits + 1, missed + outcome)
    return {one: missed / visits for one, (visits, missed) in counted.items()}


def quality(probabilities: Sequence[float], outcomes: Sequence[bool]) -> Quality:
    """All measures of one set of visits."""
    visits = len(outcomes)
    if not visits:
        return Quality(0, 0, None, 0.0, 0.0, 0.0, 0.0, 0.0)
    groups = tenths(probabilities, outcomes)
    pairs = list(zip(probabilities, outcomes, strict=True))
    return Quality(
        visits=visits,
        missed=sum(outcomes),
        auc=auc(probabilities, outcomes),
        brier=math.fsum((one - outcome) ** 2 for one, outcome in pairs) / visits,
        log_loss=-math.fsum(math.log(_bounded(one if outcome else 1 - one)) for one, outcome in pairs) / visits,
        ece=math.fsum(group.visits * abs(group.predicted - group.observed) for group in groups) / visits,
        predicted=math.fsum(probabilities) / visits,
        top_tenth=groups[-1].observed,
        tenths=groups,
    )


def _bounded(probability: float) -> float:
    return min(max(probability, 1e-12), 1.0)


class Shortfall(enum.StrEnum):
    """Why a model gives no advice."""

    FEW_VISITS = "few_visits"
    FEW_MISSED = "few_missed"
    WEAK = "weak"
    WEAK_LATER = "weak_later"
    NOT_CALIBRATED = "not_calibrated"
    NO_BETTER_THAN_RATE = "no_better_than_rate"
    NO_BETTER_THAN_LEAD = "no_better_than_lead"


@dataclass(frozen=True, slots=True)
class Bar:
    """What a model must reach on a later period, by standard of the group."""

    visits: int
    missed: int
    auc: float
    auc_later: float
    ece: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """On the later period. `later` leaves same-day bookings out; `lead_only` knows the lead time and nothing else;
    `raw` is without recalibration."""

    whole: Quality
    later: Quality
    lead_only: Quality
    lead_only_later: Quality
    raw: Quality
    base_brier: float

    def as_json(self) -> dict[str, object]:
        return asdict(self)


def evaluation_from(kept: Mapping[str, object]) -> Evaluation:
    parts = {name: quality_from(kept[name]) for name in ("whole", "later", "lead_only", "lead_only_later", "raw")}  # type: ignore[arg-type]
    return Evaluation(**parts, base_brier=float(kept["base_brier"]))  # type: ignore[arg-type]


def shortfalls(found: Evaluation, bar: Bar, *, trained_on: int, trained_missed: int) -> list[Shortfall]:
    """What keeps the model from giving advice; empty when it may."""
    checks = (
        (Shortfall.FEW_VISITS, trained_on < bar.visits),
        (Shortfall.FEW_MISSED, trained_missed < bar.missed or found.whole.missed < bar.missed // 4),
        (Shortfall.WEAK, (found.whole.auc or 0.5) < bar.auc),
        (Shortfall.WEAK_LATER, (found.later.auc or 0.5) < bar.auc_later),
        (Shortfall.NOT_CALIBRATED, found.whole.ece > bar.ece),
        (Shortfall.NO_BETTER_THAN_RATE, found.whole.brier >= found.base_brier),
        (Shortfall.NO_BETTER_THAN_LEAD, (found.later.auc or 0.5) <= (found.lead_only_later.auc or 0.5)),
    )
    return [short for short, holds in checks if holds]
