"""Numbers of the revenue cycle with their formulas (kpi catalogue: ar_days, initial_denial_rate, charge_lag_days,
clean_claim_rate). Each is made of the very rows that its page shows; without rows it is None: not enough data."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from typing import TypedDict
from uuid import UUID

from django.db.models import Count, DateField, DurationField, ExpressionWrapper, F, Func, Q, QuerySet, Sum
from django.db.models.functions import Cast

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import at_local, day_of, span_of
from medguild.foundation.organization.models import Site
from medguild.revenue.charges.models import Charge
from medguild.revenue.charges.rules import ChargeStatus
from medguild.revenue.claims.models import Claim
from medguild.revenue.claims.rules import Frequency
from medguild.revenue.remittances.measures import (
    DaysInAr,
    DenialRate,
    Measured,
    OpenBalance,
    days_in_ar,
    days_in_ar_of,
    denied_first,
    first_answers,
    initial_denial_rate,
    open_balances,
)

__all__ = [
    "LOOK_BACK", "DaysInAr", "DenialRate", "Measured", "OpenBalance", "Span", "captured_charges", "charge_lag",
    "clean_claims", "days_in_ar", "days_in_ar_of", "denied_first", "entered_claims", "first_answers",
    "initial_denial_rate", "open_balances", "recent",
]  # fmt: skip

LOOK_BACK = 90


class Span(TypedDict):
    """Days in [start, end)."""

    start: dt.date
    end: dt.date


def recent(at: dt.datetime) -> Span:
    """The days that the numbers look back on."""
    day = day_of(at)
    return {"start": day - dt.timedelta(days=LOOK_BACK - 1), "end": day + dt.timedelta(days=1)}


_CAPTURED_ON = Cast(
    Func(F("site__site__time_zone"), F("captured_at"), function="timezone"), output_field=DateField()
)  # the day at the site, not in Greenwich


def _captured_in(start: dt.date, end: dt.date) -> Q:
    """Captured on the sites' own days in [start, end), said as instants of each zone: an index finds those."""
    by_zone: dict[str, list[UUID]] = defaultdict(list)
    for unit_id, zone in Site.objects.values_list("unit_id", "time_zone"):
        by_zone[zone].append(unit_id)
    found = Q(pk__in=[])
    for zone, units in by_zone.items():
        first, last = at_local(start, dt.time(), zone), at_local(end, dt.time(), zone)
        found |= Q(site_id__in=units, captured_at__gte=first, captured_at__lt=last)
    return found


def captured_charges(
    actor: Actor, *, start: dt.date, end: dt.date, site_ids: Collection[UUID] | None = None
) -> QuerySet[Charge]:
    """Charges posted on days in [start, end), with `captured_on` and `lag` (a duration): the rows behind the lag."""
    rows = Charge.objects.visible_to(actor).exclude(status__in=[ChargeStatus.HELD, ChargeStatus.VOID])
    if site_ids is not None:
        rows = rows.filter(site_id__in=list(site_ids))
    posted = rows.filter(_captured_in(start, end)).annotate(captured_on=_CAPTURED_ON)
    lag = ExpressionWrapper(F("captured_on") - F("service_date"), output_field=DurationField())
    found: QuerySet[Charge] = posted.annotate(lag=lag).select_related("patient", "site", "rendering__person")
    return found


def charge_lag(actor: Actor, *, start: dt.date, end: dt.date, site_ids: Collection[UUID] | None = None) -> Measured:
    """Days from service to posting, summed over charges posted, per charge."""
    rows = captured_charges(actor, start=start, end=end, site_ids=site_ids)
    found = rows.aggregate(total=Sum("lag"), charges=Count("pk"))
    return Measured(found["total"].days if found["total"] else 0, found["charges"], start, end)


def entered_claims(
    actor: Actor, *, start: dt.date, end: dt.date, site_ids: Collection[UUID] | None = None
) -> QuerySet[Claim]:
    """Claims that met the edits for the first time in [start, end): the rows behind the clean-claim rate."""
    rows = Claim.objects.visible_to(actor).filter(frequency=Frequency.ORIGINAL, passed_first__isnull=False)
    rows = rows.filter(created_at__gte=span_of(start)[0], created_at__lt=span_of(end)[0])
    if site_ids is not None:
        rows = rows.filter(site_id__in=list(site_ids))
    found: QuerySet[Claim] = rows.select_related("patient", "payer", "site", "rendering__person")
    return found


def clean_claims(actor: Actor, *, start: dt.date, end: dt.date, site_ids: Collection[UUID] | None = None) -> Measured:
    """Claims that passed all edits and were touched by nobody / claims that met the edits."""
    rows = entered_claims(actor, start=start, end=end, site_ids=site_ids)
    found = rows.aggregate(clean=Count("pk", filter=Q(passed_first=True)), all=Count("pk"))
    return Measured(found["clean"], found["all"], start, end)
