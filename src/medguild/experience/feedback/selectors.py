"""Questions about complaints: lists, and numbers per 1,000 visits."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, DateField, F, Func, OuterRef, Q, QuerySet, Subquery

from medguild.experience.feedback.models import Complaint, VisitRating
from medguild.experience.feedback.permissions import FeedbackRight
from medguild.experience.feedback.rules import ComplaintNumbers, ComplaintStatus, days_between
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import at_local
from medguild.foundation.kernel.errors import NotVisible
from medguild.foundation.organization.models import Site
from medguild.operations.demand.records import MEASURES, Measure
from medguild.operations.scheduling.models import Appointment
from medguild.operations.visits.models import Visit
from medguild.operations.visits.permissions import VisitsRight
from medguild.operations.visits.rules import VisitStatus

AFTER = dt.timedelta(days=14)


def complaints(actor: Actor, right: str = FeedbackRight.READ) -> QuerySet[Complaint]:
    """Complaints that the actor may see, newest first."""
    rows = Complaint.objects.visible_to(actor, right).select_related("site__site", "patient")
    return rows.order_by("-received_at", "-pk")


def listed(actor: Actor) -> QuerySet[Complaint]:
    """As `complaints`, each with the `local_day` of its site."""
    day = Func(
        F("site__site__time_zone"), F("received_at"), template="timezone(%(expressions)s)::date",
        output_field=DateField(),
    )  # fmt: skip
    return complaints(actor).annotate(local_day=day)


def last_visit(field: str) -> Subquery:
    """Of the last visit that the patient of a complaint kept at its site in the two weeks before it: so each complaint
    counts for one visit."""
    rows = Appointment.objects.unscoped("only which visit a complaint came after").filter(
        MEASURES[Measure.KEPT], patient_id=OuterRef("patient_id"), unit_id=OuterRef("site_id"),
        start__lt=OuterRef("received_at"), start__gt=OuterRef("received_at") - AFTER,
    )  # fmt: skip
    return Subquery(rows.order_by("-start", "-pk").values(field)[:1])


def after_visits(rows: QuerySet[Complaint], visits: QuerySet[Appointment]) -> QuerySet[Complaint]:
    """Of complaints those whose last visit is one of these."""
    return rows.annotate(last_visit=last_visit("pk")).filter(last_visit__in=visits.order_by().values("pk"))


def ratings(actor: Actor) -> QuerySet[VisitRating]:
    """Judgements of visits that the actor may see, each with the `local_day` of the visit, newest visit first."""
    day = Func(
        F("appointment__unit__site__time_zone"), F("appointment__start"),
        template="timezone(%(expressions)s)::date", output_field=DateField(),
    )  # fmt: skip
    rows = VisitRating.objects.visible_to(actor, FeedbackRight.READ).annotate(local_day=day)
    return rows.select_related(
        "appointment__patient", "appointment__visit_type", "appointment__clinician__person", "appointment__unit__site"
    ).order_by("-appointment__start", "-pk")


def complaint_for(actor: Actor, complaint_id: UUID, right: str = FeedbackRight.READ) -> Complaint:
    """Raises NotVisible."""
    found = complaints(actor, right).filter(pk=complaint_id).first()
    if found is None:
        raise NotVisible
    return found


@dataclass(frozen=True, slots=True)
class SiteNumbers:
    """A site's numbers of the period, and of the one of the same length before it."""

    site: Site
    now: ComplaintNumbers
    before: ComplaintNumbers


def numbers_of(actor: Actor, *, start: dt.date, end: dt.date, sites: Collection[Site]) -> list[SiteNumbers]:
    """Per site, on its local days from `start` until (not including) `end`."""
    earlier = start - (end - start)
    now, before = _numbers(actor, start, end, sites), _numbers(actor, earlier, start, sites)
    return [SiteNumbers(site, now[site.unit_id], before[site.unit_id]) for site in sites]


def _numbers(
    actor: Actor, start: dt.date, end: dt.date, sites: Collection[Site]
) -> defaultdict[UUID, ComplaintNumbers]:
    found: defaultdict[UUID, ComplaintNumbers] = defaultdict(ComplaintNumbers)
    rows = Complaint.objects.visible_to(actor, FeedbackRight.READ).filter(_between("received_at", start, end, sites))
    for site_id, status, received, resolved in rows.values_list("site_id", "status", "received_at", "resolved_at"):
        days = () if resolved is None else (days_between(received, resolved),)
        found[site_id] += ComplaintNumbers(1, int(status == ComplaintStatus.OPEN), 0, days)
    visits = Visit.objects.visible_to(actor, VisitsRight.READ).exclude(status=VisitStatus.CANCELLED)
    counted = visits.filter(_between("arrived_at", start, end, sites)).order_by().values_list("site_id")
    for site_id, count in counted.annotate(count=Count("pk")):
        found[site_id] += ComplaintNumbers(visits=count)
    return found


def _between(field: str, start: dt.date, end: dt.date, sites: Collection[Site]) -> Q:
    """Local days of each site, one condition per time zone."""
    by_zone: dict[str, list[UUID]] = defaultdict(list)
    for site in sites:
        by_zone[site.time_zone].append(site.unit_id)
    where = Q(pk__in=[])
    for zone, ids in by_zone.items():
        first, last = at_local(start, dt.time(), zone), at_local(end, dt.time(), zone)
        where |= Q(site_id__in=ids, **{f"{field}__gte": first, f"{field}__lt": last})
    return where
