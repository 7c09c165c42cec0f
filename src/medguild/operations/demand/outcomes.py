"""What came of kept visits: how long they were booked, who came back, notes in time, and what rooms above tell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Avg, Count, DurationField, Exists, ExpressionWrapper, F, Q, QuerySet

from medguild.foundation.kernel.actor import Actor
from medguild.operations.demand.ports import VisitMeasure, visit_measures
from medguild.operations.demand.records import came_back, note_in_time
from medguild.operations.demand.rules import Share

Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of kept visits: how many, minutes booked on average, how many came back within a week, how many notes were not
    signed within two days, and what rooms above tell, by key (`told`, and `bases` for what is not told per visit)."""

    visits: int = 0
    minutes: float | None = None
    returned: int = 0
    note_late: int = 0
    told: Mapping[str, float] = field(default_factory=dict)
    bases: Mapping[str, float] = field(default_factory=dict)

    def __add__(self, other: Outcome) -> Outcome:
        whole = self.visits + other.visits
        minutes = sum((one.minutes or 0) * one.visits for one in (self, other)) / whole if whole else None
        return Outcome(
            whole, minutes, self.returned + other.returned, self.note_late + other.note_late,
            _sums(self.told, other.told), _sums(self.bases, other.bases),
        )  # fmt: skip

    @property
    def returned_share(self) -> float | None:
        return Share(self.returned, self.visits).percent

    @property
    def note_late_share(self) -> float | None:
        return Share(self.note_late, self.visits).percent

    def per(self, measure: VisitMeasure) -> float | None:
        """A measure of a room above per so many visits (or answers) as it is shown for; None without any."""
        base = self.base(measure)
        return self.told.get(measure.key, 0) * measure.per / base if base else None

    def base(self, measure: VisitMeasure) -> float:
        return self.bases.get(measure.key, 0) if measure.of else self.visits


def measures_for(actor: Actor) -> list[VisitMeasure]:
    """What rooms above tell that the actor may be told."""
    return [one for one in visit_measures.all() if actor.may(one.right)]


def outcomes(actor: Actor, kept: QuerySet[Any], *keys: str) -> dict[Key, Outcome]:
    """Of kept visits by fields of the appointment; one query, and one or two for each measure of a room above."""
    length = ExpressionWrapper(F("end") - F("start"), output_field=DurationField())
    found = kept.order_by().values_list(*keys).annotate(
        visits=Count("pk"), minutes=Avg(length), returned=Count("pk", filter=Exists(came_back())),
        note_late=Count("pk", filter=~Q(Exists(note_in_time()))),
    )  # fmt: skip
    measures = measures_for(actor)
    told = {one.key: one.read(actor, kept, keys) for one in measures}
    bases = {one.key: one.of(actor, kept, keys) for one in measures if one.of}
    return {
        tuple(key): Outcome(
            visits,
            _minutes(minutes),
            returned,
            note_late,
            {name: held.get(tuple(key), 0) for name, held in told.items()},
            {name: held.get(tuple(key), 0) for name, held in bases.items()},
        )
        for *key, visits, minutes, returned, note_late in found
    }


def _minutes(length: dt.timedelta | None) -> float | None:
    return length.total_seconds() / 60 if length is not None else None


def _sums(one: Mapping[str, float], other: Mapping[str, float]) -> Mapping[str, float]:
    return {key: one.get(key, 0) + other.get(key, 0) for key in {**one, **other}}
