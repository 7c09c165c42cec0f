"""Targets of access and limits of alarms, by site."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from medguild.foundation.standards.numbers import declare_number, number_in
from medguild.foundation.standards.resolution import found_for_units

_AREA = _("Access")
_DAYS = _("days")


# IHI's ideal is 0 days in primary and 2 in specialty care; one children's hospital uses 10 as a ceiling.
THIRD_NEXT = declare_number(
    "access.third_next_days", _("Third next available: target"), 2, least=0, most=60, unit=_DAYS, area=_AREA,
    help=_("Calendar days to the third open time for patients who are known."),
)  # fmt: skip
THIRD_NEXT_NEW = declare_number(
    "access.third_next_new_days", _("Third next available for new patients: target"), 10, least=0, most=90,
    unit=_DAYS, area=_AREA,
    help=_("Calendar days to the third open time of visits that are meant for new patients."),
)  # fmt: skip
NEW_LAG = declare_number(
    "access.new_patient_lag_days", _("Wait of new patients: target"), 14, least=1, most=120, unit=_DAYS, area=_AREA,
    help=_("Days from the request to the first visit, on average."),
)  # fmt: skip
SAME_DAY = declare_number(
    "access.same_day_share", _("Same-day visits: target"), 15, least=0, most=100, unit="%", area=_AREA,
    help=_("Share of visits that were asked for and kept on one day."),
)  # fmt: skip
OFF_HOURS = declare_number(
    "access.off_hours_share", _("Evening and weekend visits: target"), 5, least=0, most=100, unit="%", area=_AREA,
    help=_("Share of visits before 8, from 17 on, or at weekends."),
)  # fmt: skip
BACKFILL = declare_number(
    "access.backfill_share", _("Cancelled times filled again: target"), 50, least=0, most=100, unit="%", area=_AREA,
    help=_("Share of cancelled times that somebody else was booked into before they came."),
)  # fmt: skip
FILL_MOST = declare_number(
    "access.fill_most", _("Template too full from"), 100, least=80, most=150, unit="%", area=_AREA,
    help=_("A clinician above this beside one of the same specialty who has room raises work."),
)  # fmt: skip
FILL_LEAST = declare_number(
    "access.fill_least", _("Template has room below"), 80, least=40, most=100, unit="%", area=_AREA,
    help=_("A clinician below this has room for patients of one who is too full."),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Targets:
    """Days for third next available (known and new patients) and new-patient lag, the rest in percent."""

    third_next: int
    third_next_new: int
    new_lag: int
    same_day: int
    off_hours: int
    backfill: int
    fill_most: int
    fill_least: int


_KEYS = (THIRD_NEXT, THIRD_NEXT_NEW, NEW_LAG, SAME_DAY, OFF_HOURS, BACKFILL, FILL_MOST, FILL_LEAST)


def targets_at(unit_id: UUID) -> Targets:
    return targets_of([unit_id])[unit_id]


def targets_of(unit_ids: Iterable[UUID]) -> Mapping[UUID, Targets]:
    """The targets of each unit; one question for all."""
    found = found_for_units(unit_ids)
    return {unit_id: Targets(*(number_in(held, key) for key in _KEYS)) for unit_id, held in found.items()}
