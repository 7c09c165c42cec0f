"""Numbers of changes: late cancellations, visits that the practice moved or cancelled, overbooked visits."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from medguild.operations.scheduling.change_models import AppointmentMove, Cancellation
from medguild.operations.scheduling.limit_rules import OF_THE_PATIENT
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.numbers import Rate
from medguild.operations.scheduling.rules import BUMPS, LATE_CANCEL_MINUTES, AppointmentStatus, CancelReason

_ONLY = "only whether there is one"
_CANCELLED = Q(status=AppointmentStatus.CANCELLED)
_SLIP = Q(cancel_reason=CancelReason.BOOKED_IN_ERROR)
OVERBOOKED = ~_CANCELLED & Q(overbooked=True)


def late_cancelled() -> Q:
    """Late cancellations: as judged when it happened; from before that was kept, by the usual day."""
    judged = Cancellation.objects.unscoped(_ONLY).filter(appointment_id=OuterRef("pk"))
    usual = Q(cancelled_at__gt=F("start") - dt.timedelta(minutes=LATE_CANCEL_MINUTES), cancel_reason__in=OF_THE_PATIENT)
    return _CANCELLED & (Q(Exists(judged.filter(late=True))) | ~Q(Exists(judged)) & usual)


def bumped() -> Q:
    """What the practice moved or cancelled."""
    moved = AppointmentMove.objects.unscoped(_ONLY).filter(appointment_id=OuterRef("pk"), by_practice=True)
    return ~_SLIP & (Q(cancel_reason__in=BUMPS) | Q(Exists(moved)))


@dataclass(frozen=True, slots=True)
class ChangeRates:
    """kpis.md `late_cancel_rate` (per visits that somebody was to come to, and these), `bump_rate` (per visits booked),
    and overbooked visits per visits that were not cancelled."""

    late: Rate
    bumped: Rate
    overbooked: Rate


def change_rates(rows: QuerySet[Appointment]) -> ChangeRates:
    """Of visits, in one query."""
    found = rows.aggregate(
        late=Count("pk", filter=late_cancelled()), bumped=Count("pk", filter=bumped()),
        booked=Count("pk", filter=~_SLIP), standing=Count("pk", filter=~_CANCELLED),
        over=Count("pk", filter=OVERBOOKED),
    )  # fmt: skip
    return ChangeRates(
        Rate(found["late"], found["late"] + found["standing"]),
        Rate(found["bumped"], found["booked"]),
        Rate(found["over"], found["standing"]),
    )
