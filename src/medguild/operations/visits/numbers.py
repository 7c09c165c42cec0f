"""Numbers of the flow: cycle time, wait to room, visits by outcome. Formulas stand in `rules`."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import QuerySet

from medguild.foundation.kernel.actor import Actor
from medguild.operations.visits.models import Visit
from medguild.operations.visits.permissions import VisitsRight
from medguild.operations.visits.rules import VisitStatus, cycle_minutes, mean, middle, step_times, wait_to_room
from medguild.operations.visits.selectors import history_of

_CHUNK = 2_000


@dataclass(frozen=True, slots=True)
class FlowNumbers:
    """Of visits that began in the period. Means and medians are minutes, None where nothing could be measured."""

    visits: int
    outcomes: Mapping[VisitStatus, int] = field(default_factory=dict)
    cycle_mean: float | None = None
    cycle_median: float | None = None
    cycle_visits: int = 0
    wait_mean: float | None = None
    wait_median: float | None = None
    wait_visits: int = 0


def visits_between(
    actor: Actor,
    *,
    start: dt.datetime,
    end: dt.datetime,
    sites: Collection[UUID] | None = None,
    clinicians: Collection[UUID] | None = None,
) -> QuerySet[Visit]:
    """Visits that began in the half-open period, without arrivals that were taken back: the rows behind a number."""
    visits = Visit.objects.visible_to(actor, VisitsRight.READ).filter(arrived_at__gte=start, arrived_at__lt=end)
    if sites is not None:
        visits = visits.filter(site_id__in=list(sites))
    if clinicians is not None:
        visits = visits.filter(clinician_id__in=list(clinicians))
    return visits.exclude(status=VisitStatus.CANCELLED).order_by("arrived_at")


def flow_numbers(visits: QuerySet[Visit]) -> FlowNumbers:
    """Numbers of the visits given (see `visits_between`)."""
    rows = list(
        visits.values_list("pk", "status", "arrived_at", "ended_at", "appointment__start").order_by("arrived_at")
    )
    cycles = [
        cycle_minutes(arrived, ended) for _, status, arrived, ended, _ in rows if status == VisitStatus.LEFT and ended
    ]
    roomed = dict(_roomed([row[0] for row in rows]))
    waits = [
        wait_to_room(arrived, roomed[visit_id], planned)
        for visit_id, _, arrived, _, planned in rows
        if visit_id in roomed
    ]
    return FlowNumbers(
        visits=len(rows),
        outcomes=dict(Counter(VisitStatus(row[1]) for row in rows)),
        cycle_mean=mean(cycles),
        cycle_median=middle(cycles),
        cycle_visits=len(cycles),
        wait_mean=mean(waits),
        wait_median=middle(waits),
        wait_visits=len(waits),
    )


def _roomed(visit_ids: list[UUID]) -> Iterator[tuple[UUID, dt.datetime]]:
    """When each visit came to a room, as its events tell."""
    for begin in range(0, len(visit_ids), _CHUNK):
        for visit_id, moves in history_of(visit_ids[begin : begin + _CHUNK]).items():
            first = next((step for step in step_times(moves) if step.status is VisitStatus.ROOMED), None)
            if first is not None:
                yield visit_id, first.began
