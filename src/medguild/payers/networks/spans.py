"""Participation over a period of days, for lists of free times: asked once, answered for each day."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q

from medguild.payers.networks.models import NetworkClinician, NetworkGroup, NetworkPlan
from medguild.payers.networks.rules import Answer
from medguild.payers.networks.selectors import Participation, Place, participations
from medguild.payers.payers.models import Plan


@dataclass(frozen=True, slots=True)
class Participations:
    """`days` are the first days of stretches on which nothing changes, `answers` those of each stretch."""

    days: tuple[dt.date, ...]
    answers: tuple[Mapping[Place, Participation], ...]

    def on(self, place: Place, day: dt.date) -> Answer:
        at = max(0, bisect_right(self.days, day) - 1)
        return self.answers[at][place].answer


def participations_between(
    *, plan: Plan, places: Iterable[Place], start: dt.date, end: dt.date, new_patient: bool = False
) -> Participations:
    """The answers for many places on all days of a half-open period: seven queries, and three more for each
    day on which a listing of the plan's networks begins or ends.
    """
    asked = list(dict.fromkeys(places))
    days = (start, *_changes(plan, asked, start, end))
    return Participations(
        days, tuple(participations(plan=plan, places=asked, on=day, new_patient=new_patient) for day in days)
    )


def _changes(plan: Plan, places: list[Place], start: dt.date, end: dt.date) -> list[dt.date]:
    """Days within the period on which an answer may change."""
    used = NetworkPlan.objects.filter(plan=plan)
    networks = used.values("network")
    inside = Q(period__startswith__gt=start, period__startswith__lt=end) | Q(
        period__endswith__gt=start, period__endswith__lt=end
    )
    rows: list[NetworkPlan | NetworkGroup | NetworkClinician] = [
        *used.filter(inside),
        *NetworkGroup.objects.filter(inside, network__in=networks, entity__in={one.entity_id for one in places}),
        *NetworkClinician.objects.filter(
            inside, network__in=networks, clinician__in={one.clinician_id for one in places}
        ),
    ]
    periods = [plan.period, *(row.network.period for row in used.select_related("network")), *(r.period for r in rows)]
    ends = {day for period in periods for day in (period.lower, period.upper) if day is not None}
    return sorted(day for day in ends if start < day < end)
