"""No-show rates by clinician, kind of visit, lead time, weekday and site, each number with the visits behind it."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, Count, F, Q, QuerySet, Value, When
from django.db.models.functions import Cast, ExtractIsoWeekDay

from medguild.foundation.kernel.actor import Actor
from medguild.operations.attendance.permissions import AttendanceRight
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.numbers import Rate, expected_visits
from medguild.operations.scheduling.rules import AppointmentStatus

SMALL = 20  # visits below which a rate is mostly chance: shown without a judgement


class By(enum.StrEnum):
    CLINICIAN = "clinician"
    VISIT_TYPE = "visit_type"
    LEAD = "lead"
    SITE = "site"
    WEEKDAY = "weekday"


# Days from booking to visit, half-open.
LEADS: Mapping[str, tuple[int, int | None]] = {
    "same_day": (0, 1), "1_2": (1, 3), "3_7": (3, 8), "8_14": (8, 15), "15_30": (15, 31), "31": (31, None),
}  # fmt: skip
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Line:
    """A value of a dimension with its rate."""

    key: str
    rate: Rate

    @property
    def reliable(self) -> bool:
        return self.rate.denominator >= SMALL


def visits_due(
    actor: Actor, *, start: dt.datetime, end: dt.datetime, sites: Collection[UUID] | None = None
) -> QuerySet[Appointment]:
    """Visits that somebody was to come to, in the half-open period: the base of every rate here (kpis.md
    `no_show_rate`), within the actor's scope. Each has its band of lead time."""
    rows = Appointment.objects.visible_to(actor, AttendanceRight.READ).filter(start__gte=start, start__lt=end)
    if sites is not None:
        rows = rows.filter(unit_id__in=list(sites))
    return with_lead(expected_visits(rows))


def with_lead(rows: QuerySet[Appointment]) -> QuerySet[Appointment]:
    """Adds `lead_band`, a key of LEADS. Whole days of 24 hours: a booking of the same day is under one."""
    return rows.annotate(
        lead_band=Case(
            *(
                When(start__lt=F("booked_at") + most * _DAY, then=Value(band))
                for band, (_, most) in LEADS.items()
                if most is not None
            ),
            default=Value("31"),
            output_field=CharField(),
        )
    )


def rate_of(rows: QuerySet[Appointment]) -> Rate:
    counted = rows.aggregate(missed=_missed(), due=Count("pk"))
    return Rate(counted["missed"], counted["due"])


def _missed() -> Count:
    return Count("pk", filter=Q(status=AppointmentStatus.NO_SHOW))


_EXPRESSIONS: Mapping[By, Any] = {
    By.CLINICIAN: Cast("clinician_id", CharField()),
    By.VISIT_TYPE: Cast("visit_type_id", CharField()),
    By.SITE: Cast("unit_id", CharField()),
    By.LEAD: F("lead_band"),
    By.WEEKDAY: Cast(ExtractIsoWeekDay("start"), CharField()),
}


def rates_by(rows: QuerySet[Appointment], by: By) -> Sequence[Line]:
    """Rates by the values of a dimension: bands and weekdays in their order, others by the number of visits."""
    found = rows.order_by().annotate(key=_EXPRESSIONS[by]).values("key").annotate(missed=_missed(), due=Count("pk"))
    lines = [Line(row["key"], Rate(row["missed"], row["due"])) for row in found]
    if by is By.LEAD:
        return sorted(lines, key=lambda line: list(LEADS).index(line.key))
    if by is By.WEEKDAY:
        return sorted(lines, key=lambda line: line.key)
    return sorted(lines, key=lambda line: (-line.rate.denominator, line.key))
