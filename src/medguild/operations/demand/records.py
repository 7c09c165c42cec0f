"""Visits as the numbers of access count them: one definition for the number and for the list that it opens."""

from __future__ import annotations

import datetime as dt
import enum
from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.db.models import DateField, Exists, F, Func, IntegerField, OuterRef, Q, QuerySet

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import at_local
from medguild.foundation.organization.models import Site
from medguild.operations.chart.models import Note
from medguild.operations.scheduling.change_numbers import OVERBOOKED, bumped, late_cancelled
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.rules import BUMPS, AppointmentStatus, CancelReason, PatientKind
from medguild.operations.scheduling.selectors import appointments

EVENING_HOUR, MORNING_HOUR, SATURDAY = 17, 8, 5
BACK_WITHIN, SIGNED_WITHIN = dt.timedelta(days=7), dt.timedelta(days=2)
_SEEN = (AppointmentStatus.ARRIVED, AppointmentStatus.FULFILLED)
_ZONE = F("unit__site__time_zone")


class Measure(enum.StrEnum):
    """Which visits a number counts."""

    KEPT = "kept"
    SAME_DAY = "same_day"
    OFF_HOURS = "off_hours"
    NEW = "new"
    CANCELLED_TIME = "cancelled_time"
    FILLED_AGAIN = "filled_again"
    WANTED = "wanted"
    EXPECTED = "expected"
    RETURNED = "returned"
    NOTE_LATE = "note_late"
    LATE_CANCELLED = "late_cancelled"
    BUMPED = "bumped"
    OVERBOOKED = "overbooked"


def _local(column: str, template: str, field: DateField | IntegerField) -> Func:  # type: ignore[type-arg]
    return Func(_ZONE, F(column), template=template, output_field=field)


def with_local_times(rows: QuerySet[Appointment]) -> QuerySet[Any]:
    """With `local_day`, `local_hour`, `local_weekday` (Monday is 0) of the visit and `asked_day`, all of the site."""
    hour = "extract(hour from timezone(%(expressions)s))::int"
    weekday = "extract(isodow from timezone(%(expressions)s))::int - 1"
    return rows.annotate(
        local_day=_local("start", "timezone(%(expressions)s)::date", DateField()),
        local_hour=_local("start", hour, IntegerField()),
        local_weekday=_local("start", weekday, IntegerField()),
        asked_day=_local("booked_at", "timezone(%(expressions)s)::date", DateField()),
    )


_KEPT = Q(status__in=_SEEN)
_OFF_HOURS = Q(local_hour__gte=EVENING_HOUR) | Q(local_hour__lt=MORNING_HOUR) | Q(local_weekday__gte=SATURDAY)
_CANCELLED = Q(status=AppointmentStatus.CANCELLED)
# What the patient gave up in time is no longer wanted, and a slip never was; what the practice moved still is.
_GIVEN_UP = _CANCELLED & ~Q(cancel_reason__in=sorted(BUMPS)) & Q(cancelled_at__lt=F("start"))
_SLIP = Q(cancel_reason=CancelReason.BOOKED_IN_ERROR)

MEASURES: Mapping[Measure, Q] = {
    Measure.KEPT: _KEPT,
    Measure.SAME_DAY: _KEPT & Q(local_day=F("asked_day")),
    Measure.OFF_HOURS: _KEPT & _OFF_HOURS,
    Measure.NEW: _KEPT & Q(visit_type__patient_kind=PatientKind.NEW),
    Measure.CANCELLED_TIME: _CANCELLED & ~_SLIP & Q(cancelled_at__lt=F("start"), overbooked=False),
    Measure.WANTED: ~_SLIP & ~_GIVEN_UP,
    Measure.EXPECTED: ~_CANCELLED,
    Measure.OVERBOOKED: OVERBOOKED,
}


def measured(rows: QuerySet[Any], measure: Measure) -> QuerySet[Any]:
    """Of rows of `with_local_times` those that a number counts."""
    if measure is Measure.FILLED_AGAIN:
        return rows.filter(MEASURES[Measure.CANCELLED_TIME]).filter(Exists(fillers()))
    if measure is Measure.RETURNED:
        return rows.filter(_KEPT).filter(Exists(came_back()))
    if measure is Measure.NOTE_LATE:
        return rows.filter(_KEPT).exclude(Exists(note_in_time()))
    if measure is Measure.LATE_CANCELLED:
        return rows.filter(late_cancelled())
    if measure is Measure.BUMPED:
        return rows.filter(bumped())
    return rows.filter(MEASURES[measure])


def fillers() -> QuerySet[Appointment]:
    """Visits that stand in the time of an outer, cancelled one: same clinician, not overbooked, not cancelled."""
    rows: QuerySet[Appointment] = Appointment.objects.unscoped("only whether the time was taken again")
    return rows.filter(
        clinician_id=OuterRef("clinician_id"), start__lt=OuterRef("end"), end__gt=OuterRef("start"),
        start__gt=OuterRef("start") - dt.timedelta(hours=12), overbooked=False,
    ).exclude(status=AppointmentStatus.CANCELLED)  # fmt: skip


def came_back() -> QuerySet[Appointment]:
    """Visits kept by the patient of an outer one within the week after it."""
    rows: QuerySet[Appointment] = Appointment.objects.unscoped("only whether the patient came back")
    return rows.filter(
        patient_id=OuterRef("patient_id"), status__in=_SEEN, start__gt=OuterRef("end"),
        start__lt=OuterRef("end") + BACK_WITHIN,
    )  # fmt: skip


def note_in_time() -> QuerySet[Note]:
    """Notes of an outer visit that were signed within two days of its time."""
    rows: QuerySet[Note] = Note.objects.unscoped("only whether it was signed in time")
    return rows.filter(visit__appointment=OuterRef("pk"), signed_at__lt=OuterRef("end") + SIGNED_WITHIN)


def within(start: dt.date, end: dt.date, sites: Collection[Site]) -> Q:
    """Visits on local days of the half-open period at the sites, found by the index of site and time."""
    by_zone: dict[str, list[UUID]] = defaultdict(list)
    for site in sites:
        by_zone[site.time_zone].append(site.unit_id)
    where = Q(pk__in=[])
    for zone, units in by_zone.items():
        first, last = at_local(start, dt.time(), zone), at_local(end, dt.time(), zone)
        where |= Q(unit_id__in=units, start__gte=first, start__lt=last)
    return where


def visits_between(actor: Actor, *, start: dt.date, end: dt.date, sites: Collection[Site]) -> QuerySet[Any]:
    """Visits booked for the period, with local times; for counting, so without what pages show."""
    rows: QuerySet[Appointment] = Appointment.objects.visible_to(actor, SchedulingRight.READ)
    return with_local_times(rows.filter(within(start, end, sites))).order_by()


def records(actor: Actor) -> QuerySet[Any]:
    """All visits that the actor may see, with local times: the rows behind every number."""
    return with_local_times(appointments(actor))
