"""When staff work at a site, and when rooms, devices and staff are out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.errors import Refusal
from medguild.foundation.organization.models import Resource, Site, UnitPath
from medguild.foundation.organization.people import Affiliation
from medguild.foundation.organization.rules import PEOPLE, ResourceKind
from medguild.foundation.organization.selectors import resources_at
from medguild.operations.scheduling.checks import refuse_invisible
from medguild.operations.scheduling.needs.models import ResourceOutage, StaffShift
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.protocol import lock_resources

SHIFT_ADDED = declare_event("staff_shift.added", gettext_lazy("Shift added"), icon="clock")
SHIFT_ENDED = declare_event("staff_shift.ended", gettext_lazy("Shift ended"), icon="clock")
OUT = declare_event("resource.out", gettext_lazy("Out of service"), icon="tool")
BACK = declare_event("resource.back", gettext_lazy("Back in service"), icon="check")
_ONE = "a person has one calendar over all sites"


@transaction.atomic
def add_shift(
    *,
    resource: Resource,
    site: Site,
    weekday: int,
    start_minute: int,
    end_minute: int,
    start: dt.date,
    by: Actor,
    end: dt.date | None = None,
) -> StaffShift:
    """Somebody works weekly at a site, from a day on. At one site at a time: an overlap is refused wherever it is."""
    refuse_invisible(by, site.unit_id, SchedulingRight.TEMPLATES)
    if resource.kind not in PEOPLE:
        raise Refusal(_("Only people work in shifts."), code="not_a_person", field="resource")
    if end_minute <= start_minute:
        raise Refusal(_("The shift must end after it starts."), field="ends")
    if end is not None and end <= start:
        raise Refusal(_("The last day must lie after the first."), field="end")
    lock_resources([resource.pk])
    period = DateRange(start, end)
    others = StaffShift.objects.unscoped(_ONE).filter(resource=resource, weekday=weekday, period__overlap=period)
    if others.filter(start_minute__lt=end_minute, end_minute__gt=start_minute).exists():
        raise Refusal(
            _("%(name)s works another shift at that time, here or at another site.") % {"name": resource.name},
            code="shift_overlaps", field="starts",
        )  # fmt: skip
    shift = StaffShift.objects.create(
        resource=resource, unit_id=site.unit_id, weekday=weekday, start_minute=start_minute, end_minute=end_minute,
        period=period,
    )  # fmt: skip
    record(
        SHIFT_ADDED, subject=_subject(resource), by=by, unit_id=site.unit_id, data={"weekday": weekday, "start": start}
    )
    return shift


@transaction.atomic
def add_shifts(*, weekdays: Collection[int], by: Actor, **given: Any) -> list[StaffShift]:
    """The same hours on several days of the week."""
    return [add_shift(weekday=weekday, by=by, **given) for weekday in sorted(weekdays)]


@transaction.atomic
def end_shift(*, shift: StaffShift, on: dt.date, by: Actor) -> None:
    """From a day on the shift is not worked. Visits that are booked keep the person."""
    refuse_invisible(by, shift.unit_id, SchedulingRight.TEMPLATES)
    lock_resources([shift.resource_id])
    if shift.period.upper is not None and shift.period.upper <= on:
        raise Refusal(_("The shift has ended by then already."), field="on")
    if shift.period.lower >= on:
        shift.delete()
    else:
        shift.period = DateRange(shift.period.lower, on)
        shift.save(update_fields=["period"])
    record(SHIFT_ENDED, subject=_subject(shift.resource), by=by, unit_id=shift.unit_id, data={"on": on})


@transaction.atomic
def take_out(*, resource: Resource, start: dt.datetime, end: dt.datetime, reason: str, by: Actor) -> ResourceOutage:
    """A room, device or member of the staff is not there for a while; visits that are booked stay and must be moved."""
    refuse_invisible(by, resource.unit_id, SchedulingRight.TEMPLATES)
    if resource.kind == ResourceKind.CLINICIAN:
        raise Refusal(_("Clinicians have absences: record one in the templates."), code="has_absences")
    if end <= start:
        raise Refusal(_("It must end after it starts."), field="end")
    if not reason.strip():
        raise Refusal(_("Write why it is out."), code="reason_needed", field="reason")
    lock_resources([resource.pk])
    during = DateTimeTZRange(start, end)
    if ResourceOutage.objects.unscoped(_ONE).filter(resource=resource, during__overlap=during).exists():
        raise Refusal(_("It is recorded as out in that time already."), code="out_already", field="start")
    outage = ResourceOutage.objects.create(resource=resource, during=during, reason=reason.strip())
    record(OUT, subject=_subject(resource), by=by, unit_id=resource.unit_id, data={"start": start, "end": end})
    return outage


@transaction.atomic
def bring_back(*, outage: ResourceOutage, by: Actor) -> None:
    """It is there after all."""
    refuse_invisible(by, outage.resource.unit_id, SchedulingRight.TEMPLATES)
    lock_resources([outage.resource_id])
    outage.delete()
    record(BACK, subject=_subject(outage.resource), by=by, unit_id=outage.resource.unit_id)


def helpers(actor: Actor, unit_id: UUID, *, on: dt.date) -> QuerySet[Resource]:
    """People with a skill on the day or later who work for a site, or for a unit above it, or do shifts there."""
    above = UnitPath.objects.filter(descendant_id=unit_id, period__contains=on).values("ancestor_id")
    works = Affiliation.objects.filter(unit_id__in=above, period__contains=on).values("person_id")
    here = StaffShift.objects.visible_to(actor).filter(unit_id=unit_id).values("resource_id")
    rows = Resource.objects.unscoped("who works at the actor's site is known there").filter(kind__in=PEOPLE)
    skilled = rows.filter(capabilities__isnull=False, period__contains=on)
    return skilled.filter(Q(person__in=works) | Q(unit_id__in=above) | Q(pk__in=here)).distinct().order_by("name")


def takable(actor: Actor, unit_id: UUID, *, on: dt.date) -> list[Resource]:
    """Rooms and devices of a site, and its staff."""
    things = resources_at(actor, unit_id, on=on).exclude(kind=ResourceKind.CLINICIAN)
    return list(things)


def shifts_at(actor: Actor, unit_id: UUID, *, on: dt.date) -> QuerySet[StaffShift]:
    """Shifts at a site that hold on the day or later, by person and weekday."""
    rows: QuerySet[StaffShift] = StaffShift.objects.visible_to(actor).filter(unit_id=unit_id)
    lasting = Q(period__endswith__gt=on) | Q(period__endswith__isnull=True)
    rows = rows.filter(lasting).select_related("resource__person")
    return rows.order_by("resource__name", "weekday", "start_minute")


def outages_at(actor: Actor, unit_id: UUID, *, since: dt.datetime) -> QuerySet[ResourceOutage]:
    """What of a site is out now or later."""
    rows: QuerySet[ResourceOutage] = ResourceOutage.objects.visible_to(actor).filter(during__endswith__gt=since)
    return rows.filter(resource__unit_id=unit_id).select_related("resource").order_by("during")


def _subject(resource: Resource) -> SubjectRef:
    return SubjectRef("resource", resource.pk, resource.name)
