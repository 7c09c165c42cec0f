"""Numbers of access: third next available, template fill, no-shows. Computed here, composed and watched above."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, DurationField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Sum
from django.utils import timezone

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.operations.scheduling.calendar_sql import Where, load_blocks, load_sessions
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.rules import BUMPS, HOLDING, LATE_CANCEL_MINUTES, AppointmentStatus, CancelReason
from medguild.operations.scheduling.selectors import find_slots
from medguild.operations.scheduling.slot_rules import apart, bookable_minutes

THIRD = 3
_HORIZONS = (14, 60, 180)  # days; each is searched only for clinicians not settled by the one before


@dataclass(frozen=True, slots=True)
class ThirdNext:
    """Calendar days from the request to the third open slot of a clinician; 0 is today, None beyond the horizon."""

    clinician_id: UUID
    days: int | None


@dataclass(frozen=True, slots=True)
class Fill:
    """Minutes of a clinician's template: what could be booked, what was, and what was booked above it."""

    clinician_id: UUID
    bookable: int
    booked: int
    overbooked: int

    @property
    def percent(self) -> float | None:
        """Booked (with overbooked) per bookable minutes; may exceed 100. None without a template."""
        return round(100 * (self.booked + self.overbooked) / self.bookable, 1) if self.bookable else None


@dataclass(frozen=True, slots=True)
class Rate:
    numerator: int
    denominator: int

    @property
    def percent(self) -> float | None:
        return round(100 * self.numerator / self.denominator, 1) if self.denominator > 0 else None


def third_next_available(
    *,
    actor: Actor,
    visit_type_id: UUID,
    clinicians: Collection[UUID],
    on: dt.date,
    units: Collection[UUID] | None = None,
    at: dt.datetime | None = None,
) -> list[ThirdNext]:
    """Per clinician, days to the third open slot (kpis.md `third_next_available`): held slots are skipped, slots that
    overlap on a fine grid count once, calendar days are counted."""
    found: dict[UUID, int] = {}
    waiting = set(clinicians)
    for horizon in _HORIZONS:
        openings = find_slots(
            actor=actor, visit_type_id=visit_type_id, clinicians=waiting, units=units, start=on,
            end=on + dt.timedelta(days=horizon), at=at,
        )  # fmt: skip
        seen: dict[UUID, int] = defaultdict(int)
        for opening in openings:
            clinician = opening.session.clinician_id
            seen[clinician] += len(apart(opening))
            if seen[clinician] >= THIRD and clinician not in found:
                found[clinician] = (opening.day - on).days
        waiting -= found.keys()
        if not waiting:
            break
    return [ThirdNext(clinician, found.get(clinician)) for clinician in clinicians]


def average_days(measured: Collection[ThirdNext]) -> float | None:
    """The average over clinicians, each counting once; None when none has a third slot."""
    days = [one.days for one in measured if one.days is not None]
    return round(sum(days) / len(days), 1) if days else None


def template_fill(
    *,
    actor: Actor,
    start: dt.date,
    end: dt.date,
    units: Collection[UUID] | None = None,
    clinicians: Collection[UUID] | None = None,
) -> list[Fill]:
    """Per clinician with a template in the half-open period: bookable, booked and overbooked minutes."""
    scope = actor.scope(SchedulingRight.READ)
    where = Where(clinicians=clinicians, units=units, scope=None if scope.everything else scope.units)
    sessions = load_sessions(visit_type_id=None, start=start, end=end, where=where)
    blocks = load_blocks(
        clinicians={session.clinician_id for session in sessions},
        units={session.unit_id for session in sessions},
        sessions=[session.id for session in sessions],
        start=start,
        end=end,
    )
    bookable = bookable_minutes(sessions, blocks, start=start, end=end)
    booked = _booked_minutes(actor, start, end, bookable, units)
    return [
        Fill(clinician, minutes, booked.get((clinician, False), 0), booked.get((clinician, True), 0))
        for clinician, minutes in bookable.items()
    ]


def _booked_minutes(
    actor: Actor, start: dt.date, end: dt.date, clinicians: Collection[UUID], units: Collection[UUID] | None
) -> dict[tuple[UUID, bool], int]:
    length = ExpressionWrapper(F("end") - F("start"), output_field=DurationField())
    rows = visits_between(actor, start, end, units).filter(clinician_id__in=list(clinicians))
    rows = rows.exclude(status=AppointmentStatus.CANCELLED).order_by()
    return {
        (clinician, overbooked): int(total.total_seconds()) // 60
        for clinician, overbooked, total in rows.values_list("clinician_id", "overbooked").annotate(total=Sum(length))
    }


def no_show_rate(
    *,
    actor: Actor,
    start: dt.date,
    end: dt.date,
    units: Collection[UUID] | None = None,
    clinicians: Collection[UUID] | None = None,
    at: dt.datetime | None = None,
) -> Rate:
    """kpis.md `no_show_rate`: no-shows per booked visits that are over, less timely cancellations and bumps."""
    rows = visits_between(actor, start, end, units).filter(start__lt=at or now())
    if clinicians is not None:
        rows = rows.filter(clinician_id__in=list(clinicians))
    counted = expected_visits(rows).aggregate(
        missed=Count("pk", filter=Q(status=AppointmentStatus.NO_SHOW)), booked=Count("pk")
    )
    return Rate(counted["missed"], counted["booked"])


def expected_visits(rows: QuerySet[Appointment]) -> QuerySet[Appointment]:
    """Of these, the visits that somebody was to come to: without timely cancellations, bumps and slips."""
    timely = Q(cancelled_at__lte=F("start") - dt.timedelta(minutes=LATE_CANCEL_MINUTES))
    gone = Q(cancel_reason__in=[*BUMPS, CancelReason.BOOKED_IN_ERROR]) | timely
    return rows.exclude(Q(status=AppointmentStatus.CANCELLED) & gone)


def free_again(rows: QuerySet[Appointment], *, at: dt.datetime) -> QuerySet[Appointment]:
    """Of these, cancelled visits to come whose time the clinician has not been booked for again."""
    others = Appointment.objects.unscoped("only whether the time was taken again").filter(
        clinician_id=OuterRef("clinician_id"), status__in=HOLDING, start__lt=OuterRef("end"), end__gt=OuterRef("start")
    )
    return rows.filter(status=AppointmentStatus.CANCELLED, start__gte=at).exclude(Exists(others))


def missed_before(rows: QuerySet[Appointment]) -> QuerySet[Appointment]:
    """Of these, visits of patients who did not come to one in the twelve months before."""
    missed = Appointment.objects.unscoped("only whether one was missed").filter(
        patient_id=OuterRef("patient_id"), status=AppointmentStatus.NO_SHOW, start__lt=OuterRef("start"),
        start__gte=OuterRef("start") - dt.timedelta(days=365),
    )  # fmt: skip
    return rows.filter(Exists(missed))


def visits_between(actor: Actor, start: dt.date, end: dt.date, units: Collection[UUID] | None):  # type: ignore[no-untyped-def]
    """Visits that begin in the period, by days of the one who asks: the same rows as the list of appointments."""
    midnight = dt.time(tzinfo=timezone.get_current_timezone())
    rows = Appointment.objects.visible_to(actor).filter(
        start__gte=dt.datetime.combine(start, midnight), start__lt=dt.datetime.combine(end, midnight)
    )
    return rows.filter(unit_id__in=list(units)) if units is not None else rows
