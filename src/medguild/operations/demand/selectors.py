"""Numbers of access by site: wait of new patients, visits on the same day, in the evening and at weekends."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, DurationField, ExpressionWrapper, F, Sum

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.organization.models import Site, Unit, UnitPath
from medguild.foundation.organization.rules import UnitKind
from medguild.foundation.organization.selectors import sites_visible
from medguild.operations.demand.permissions import DemandRight
from medguild.operations.demand.records import MEASURES, Measure, visits_between
from medguild.operations.demand.rules import Mean, Share
from medguild.operations.scheduling.models import VisitType


@dataclass(frozen=True, slots=True)
class AccessNumbers:
    """Sums over kept visits. `new_lag` is days from the request to the visit of new patients; shares are of visits."""

    kept: int = 0
    same_day: int = 0
    off_hours: int = 0
    new_visits: int = 0
    new_days: int = 0

    def __add__(self, other: AccessNumbers) -> AccessNumbers:
        return AccessNumbers(
            self.kept + other.kept, self.same_day + other.same_day, self.off_hours + other.off_hours,
            self.new_visits + other.new_visits, self.new_days + other.new_days,
        )  # fmt: skip

    @property
    def same_day_share(self) -> Share:
        return Share(self.same_day, self.kept)

    @property
    def off_hours_share(self) -> Share:
        return Share(self.off_hours, self.kept)

    @property
    def new_lag(self) -> Mean:
        return Mean(self.new_days, self.new_visits)


def demand_sites(actor: Actor) -> list[Site]:
    """Sites whose numbers the actor may see, by name."""
    return list(sites_visible(actor, DemandRight.READ).select_related("unit"))


def access_by_site(actor: Actor, *, start: dt.date, end: dt.date, sites: Collection[Site]) -> dict[UUID, AccessNumbers]:
    """Numbers of visits on the sites' local days of the half-open period; one query."""
    waited = ExpressionWrapper(F("local_day") - F("asked_day"), output_field=DurationField())
    rows = visits_between(actor, start=start, end=end, sites=sites).filter(MEASURES[Measure.KEPT])
    found = rows.values("unit_id").annotate(
        kept=Count("pk"),
        same_day=Count("pk", filter=MEASURES[Measure.SAME_DAY]),
        off_hours=Count("pk", filter=MEASURES[Measure.OFF_HOURS]),
        new_visits=Count("pk", filter=MEASURES[Measure.NEW]),
        new_days=Sum(waited, filter=MEASURES[Measure.NEW]),
    )
    return {
        row["unit_id"]: AccessNumbers(
            row["kept"],
            row["same_day"],
            row["off_hours"],
            row["new_visits"],
            row["new_days"].days if row["new_days"] else 0,
        )
        for row in found
    }


def practices_of(sites: Collection[Site], *, on: dt.date) -> Mapping[UUID, Unit]:
    """The practice of each site on a day (its own unit where it has none)."""
    rows = UnitPath.objects.filter(
        descendant__in=[site.unit_id for site in sites], ancestor__kind=UnitKind.PRACTICE, period__contains=on
    ).select_related("ancestor")
    found = {row.descendant_id: row.ancestor for row in rows}
    return {site.unit_id: found.get(site.unit_id, site.unit) for site in sites}


def usual_kind(
    actor: Actor, sites: Collection[Site], kinds: Sequence[VisitType], *, start: dt.date, end: dt.date
) -> VisitType:
    """Of some kinds the one most visits were booked for; the first where there were none."""
    rows = visits_between(actor, start=start, end=end, sites=sites).values("visit_type")
    booked = dict(rows.annotate(visits=Count("pk")).values_list("visit_type", "visits"))
    return max(kinds, key=lambda kind: booked.get(kind.pk, 0))
