"""Questions about calls: lists with their outcome, numbers by site, day and hour."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import (
    Case,
    CharField,
    Count,
    DateField,
    DurationField,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import at_local
from medguild.foundation.kernel.errors import NotVisible
from medguild.foundation.organization.models import Site
from medguild.foundation.organization.people import Affiliation, Clinician
from medguild.foundation.organization.selectors import sites_visible
from medguild.operations.calls.models import Call
from medguild.operations.calls.permissions import CallsRight
from medguild.operations.calls.rules import CallNumbers, Direction, Outcome
from medguild.operations.calls.standards import targets_of

_ZONE = F("site__site__time_zone")


def calls(actor: Actor, right: str = CallsRight.READ) -> QuerySet[Call]:
    """Calls that the actor may see, with `wait`, `outcome`, `in_time`, and `local_day`, `local_hour` of the site."""
    rows = Call.objects.visible_to(actor, right).select_related("site__site", "patient", "answered_by")
    site_ids = sites_visible(actor, right).values_list("unit_id", flat=True)
    return _judged(rows, list(site_ids)).order_by("-received_at", "-pk")


def _judged(rows: QuerySet[Call], site_ids: Collection[UUID]) -> QuerySet[Call]:
    targets = targets_of(site_ids)
    answered = Q(answered_at__isnull=False)
    return rows.annotate(
        wait=ExpressionWrapper(
            Coalesce(F("answered_at"), F("ended_at")) - F("received_at"), output_field=DurationField()
        ),
        target=_by_site({site: one.answer_within for site, one in targets.items()}),
        short=_by_site({site: one.short_abandon for site, one in targets.items()}),
        local_day=Func(_ZONE, F("received_at"), template="timezone(%(expressions)s)::date", output_field=DateField()),
        local_hour=Func(
            _ZONE, F("received_at"), template="extract(hour from timezone(%(expressions)s))::int",
            output_field=IntegerField(),
        ),
    ).annotate(
        outcome=Case(
            When(answered, then=Value(Outcome.ANSWERED.value)),
            When(abandoned=False, then=Value(Outcome.MISSED.value)),
            When(wait__gte=F("short"), then=Value(Outcome.ABANDONED.value)),
            default=Value(Outcome.HUNG_UP.value),
            output_field=CharField(),
        ),
        in_time=Case(When(answered & Q(wait__lte=F("target")), then=Value(1)), default=Value(0)),
    )  # fmt: skip


def _by_site(seconds: Mapping[UUID, int]) -> Case:
    """Each site's own number of seconds as a duration, for comparison in the database."""
    by_value: dict[int, list[UUID]] = defaultdict(list)
    for site, value in seconds.items():
        by_value[value].append(site)
    whens = [When(site_id__in=sites, then=Value(dt.timedelta(seconds=value))) for value, sites in by_value.items()]
    return Case(*whens, default=Value(dt.timedelta(0)), output_field=DurationField())


def call_for(actor: Actor, call_id: UUID) -> Call:
    """Raises NotVisible."""
    found = calls(actor).filter(pk=call_id).first()
    if found is None:
        raise NotVisible
    return found


def calls_between(
    actor: Actor, *, start: dt.date, end: dt.date, sites: Collection[Site], right: str = CallsRight.READ
) -> QuerySet[Call]:
    """Calls that came in on the sites' local days from `start` until (not including) `end`: the rows of a number."""
    rows = Call.objects.visible_to(actor, right).filter(direction=Direction.INBOUND)
    by_zone: dict[str, list[UUID]] = defaultdict(list)
    for site in sites:
        by_zone[site.time_zone].append(site.unit_id)
    where = Q(pk__in=[])
    for zone, site_ids in by_zone.items():
        first, last = at_local(start, dt.time(), zone), at_local(end, dt.time(), zone)
        where |= Q(site_id__in=site_ids, received_at__gte=first, received_at__lt=last)
    return _judged(rows.filter(where), [site.unit_id for site in sites])


_SUMS: dict[str, Any] = {
    "offered": Count("pk"),
    "answered": Count("pk", filter=Q(outcome=Outcome.ANSWERED)),
    "abandoned": Count("pk", filter=Q(outcome=Outcome.ABANDONED)),
    "timely": Sum("in_time"),
    "waited": Sum("wait", filter=Q(outcome=Outcome.ANSWERED)),
    "held": Sum("hold_seconds"),
}


def numbers_by(rows: QuerySet[Call], *keys: str) -> dict[tuple[Any, ...], CallNumbers]:
    """Numbers of rows of `calls_between` per value of the keys: `site_id`, `local_day`, `local_hour`."""
    found = rows.order_by().values(*keys).annotate(**_SUMS)
    return {tuple(row[key] for key in keys): _numbers(row) for row in found}


def _numbers(row: Mapping[str, Any]) -> CallNumbers:
    waited = row["waited"]
    return CallNumbers(
        offered=row["offered"],
        answered=row["answered"],
        abandoned=row["abandoned"],
        in_time=row["timely"] or 0,
        wait_seconds=round(waited.total_seconds()) if waited else 0,
        hold_seconds=row["held"] or 0,
    )


@dataclass(frozen=True, slots=True)
class Picture:
    """Call numbers of a period: all of it, the period of the same length before it, and by site, day and hour."""

    whole: CallNumbers = CallNumbers()
    before: CallNumbers = CallNumbers()
    by_site: Mapping[UUID, CallNumbers] = field(default_factory=dict)
    by_day: Mapping[dt.date, CallNumbers] = field(default_factory=dict)
    by_hour: Mapping[int, CallNumbers] = field(default_factory=dict)


def picture(actor: Actor, *, start: dt.date, end: dt.date, sites: Collection[Site]) -> Picture:
    """Two queries: the period by site, day and hour at once, and the sum of the one before."""
    fine = numbers_by(calls_between(actor, start=start, end=end, sites=sites), "site_id", "local_day", "local_hour")
    by_site: dict[UUID, CallNumbers] = defaultdict(CallNumbers)
    by_day: dict[dt.date, CallNumbers] = defaultdict(CallNumbers)
    by_hour: dict[int, CallNumbers] = defaultdict(CallNumbers)
    for (site_id, day, hour), one in fine.items():
        by_site[site_id] += one
        by_day[day] += one
        by_hour[hour] += one
    earlier = numbers_by(calls_between(actor, start=start - (end - start), end=start, sites=sites), "direction")
    return Picture(
        whole=sum(fine.values(), CallNumbers()),
        before=sum(earlier.values(), CallNumbers()),
        by_site=dict(by_site),
        by_day=dict(sorted(by_day.items())),
        by_hour=dict(sorted(by_hour.items())),
    )


def staff_at(site_ids: Collection[UUID], *, on: dt.date) -> int:
    """How many people work at the sites on a day who are no clinicians: those who can answer the telephone."""
    clinicians = Clinician.objects.values("person_id")
    held = Affiliation.objects.filter(unit_id__in=list(site_ids), period__contains=on)
    return held.exclude(person_id__in=clinicians).values("person_id").distinct().count()
