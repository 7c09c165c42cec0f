"""Numbers of changes: late cancellations, visits that the practice moved or cancelled, overbooked visits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from medguild.foundation.kernel.actor import Actor
from medguild.operations.scheduling.change_models import AppointmentMove, Cancellation
from medguild.operations.scheduling.limit_rules import OF_THE_PATIENT
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.numbers import Rate, visits_between
from medguild.operations.scheduling.rules import BUMPS, LATE_CANCEL_MINUTES, AppointmentStatus, CancelReason

_ONLY = "only whether there is one"


def late_cancelled(rows: QuerySet[Appointment]) -> QuerySet[Appointment]:
    """Of these, the late cancellations: as judged when it happened; from before that was kept, by the usual day."""
    judged = Cancellation.objects.unscoped(_ONLY).filter(appointment_id=OuterRef("pk"))
    usual = Q(cancelled_at__gt=F("start") - dt.timedelta(minutes=LATE_CANCEL_MINUTES), cancel_reason__in=OF_THE_PATIENT)
    return rows.filter(status=AppointmentStatus.CANCELLED).filter(
        Exists(judged.filter(late=True)) | ~Exists(judged) & usual
    )


def late_cancel_rate(
    *, actor: Actor, start: dt.date, end: dt.date, units: Collection[UUID] | None = None
) -> Rate:  # fmt: skip
    """kpis.md `late_cancel_rate`: late cancellations per visits that somebody was to come to."""
    rows = visits_between(actor, start, end, units)
    late = late_cancelled(rows).count()
    return Rate(late, late + rows.exclude(status=AppointmentStatus.CANCELLED).count())


def bumped(rows: QuerySet[Appointment]) -> QuerySet[Appointment]:
    """Of these, what the practice moved or cancelled."""
    moved = AppointmentMove.objects.unscoped(_ONLY).filter(appointment_id=OuterRef("pk"), by_practice=True)
    return rows.filter(Q(cancel_reason__in=BUMPS) | Exists(moved))


def bump_rate(*, actor: Actor, start: dt.date, end: dt.date, units: Collection[UUID] | None = None) -> Rate:
    """kpis.md `bump_rate`: visits moved or cancelled by the practice per booked visits."""
    rows = visits_between(actor, start, end, units).exclude(cancel_reason=CancelReason.BOOKED_IN_ERROR)
    return Rate(bumped(rows).count(), rows.count())


def overbooked_share(*, actor: Actor, start: dt.date, end: dt.date, units: Collection[UUID] | None = None) -> Rate:
    """Overbooked visits per visits that were not cancelled."""
    rows = visits_between(actor, start, end, units).exclude(status=AppointmentStatus.CANCELLED)
    counted = rows.aggregate(over=Count("pk", filter=Q(overbooked=True)), all=Count("pk"))
    return Rate(counted["over"], counted["all"])
