"""Cancelled times that were filled again before they came: how many, by lead, through which door."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import TruncWeek

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.organization.models import Site
from medguild.operations.demand.records import Measure, fillers, measured, visits_between, within
from medguild.operations.demand.rules import Filler, Lead, Share
from medguild.operations.scheduling.rules import Origin
from medguild.operations.waitlist.models import SlotOffer, WaitlistEntry
from medguild.operations.waitlist.rules import OfferStatus

_HOUR = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Backfill:
    """Cancelled times (whole) and those filled again (part), in all and cut; offers of the waiting list by outcome."""

    whole: Share = Share()
    by_lead: Mapping[Lead, Share] = field(default_factory=dict)
    by_door: Mapping[Filler, int] = field(default_factory=dict)
    by_site: Mapping[UUID, Share] = field(default_factory=dict)
    by_week: Mapping[dt.date, Share] = field(default_factory=dict)
    offers: Mapping[OfferStatus, int] = field(default_factory=dict)

    @property
    def accepted(self) -> Share:
        """Offers accepted, of those that people answered or let expire."""
        said = self.offers.get(OfferStatus.ACCEPTED, 0)
        others = (OfferStatus.DECLINED, OfferStatus.EXPIRED, OfferStatus.TAKEN)
        return Share(said, said + sum(self.offers.get(status, 0) for status in others))


def backfill(actor: Actor, *, start: dt.date, end: dt.date, sites: Collection[Site]) -> Backfill:
    """Of times cancelled before they came, on local days of the half-open period; two queries.

    A time is filled again when another visit of the same clinician stands in any of it.
    A time that opens because a visit was moved leaves no row of its own and is not counted.
    """
    rows = measured(visits_between(actor, start=start, end=end, sites=sites), Measure.CANCELLED_TIME)
    rows = with_door(with_lead(rows)).annotate(week=TruncWeek("local_day"))
    found = rows.values("unit_id", "lead", "door", "week").annotate(count=Count("pk"))
    sums: dict[str, dict[Any, Share]] = {name: defaultdict(Share) for name in ("lead", "unit_id", "week")}
    doors: dict[Filler, int] = defaultdict(int)
    whole = Share()
    for row in found:
        part = Share(row["count"] if row["door"] else 0, row["count"])
        whole += part
        for name, cut in sums.items():
            cut[row[name]] += part
        if row["door"]:
            doors[Filler(row["door"])] += row["count"]
    return Backfill(
        whole=whole, by_lead={Lead(lead): share for lead, share in sums["lead"].items()}, by_door=dict(doors),
        by_site=dict(sums["unit_id"]), by_week=dict(sorted(sums["week"].items())), offers=_offers(start, end, sites),
    )  # fmt: skip


def with_lead(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Cancelled visits with `lead`: how long before its time each was cancelled."""
    lead = [(Lead.UNDER_A_DAY, 24), (Lead.ONE_TO_THREE, 72), (Lead.THREE_TO_SEVEN, 168)]
    found: QuerySet[Any] = rows.annotate(
        lead=Case(
            *(When(cancelled_at__gt=F("start") - hours * _HOUR, then=Value(one.value)) for one, hours in lead),
            default=Value(Lead.OVER_A_WEEK.value),
            output_field=CharField(),
        )
    )
    return found


def with_door(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Cancelled visits with `door`: how the visit that stands in the time of each came about ('' is none)."""
    filler = fillers().order_by("start")
    listed = WaitlistEntry.objects.unscoped("only how a time was filled").filter(appointment=OuterRef("filled_by"))
    found: QuerySet[Any] = rows.annotate(
        filled_by=Subquery(filler.values("pk")[:1]),
        filled_from=Subquery(filler.values("origin")[:1]),
    ).annotate(
        door=Case(
            When(filled_by__isnull=True, then=Value("")),
            When(Exists(listed), then=Value(Filler.WAITLIST.value)),
            When(filled_from=Origin.PORTAL, then=Value(Filler.PORTAL.value)),
            default=Value(Filler.DESK.value),
            output_field=CharField(),
        )
    )
    return found


def _offers(start: dt.date, end: dt.date, sites: Collection[Site]) -> dict[OfferStatus, int]:
    """What became of offers of times in the period; an entry whose visit was moved earlier counts as accepted."""
    rows = SlotOffer.objects.unscoped("numbers of sites that the caller may see").filter(
        within(start, end, sites) & ~Q(status=OfferStatus.OPEN)
    )
    found = rows.order_by().values_list("status").annotate(count=Count("pk"))
    return {OfferStatus(status): count for status, count in found}
