"""Targets of access and limits of alarms, by site."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from medguild.foundation.standards.ports import Standard, declare_standard, standards
from medguild.foundation.standards.resolution import StandardContext, found_for
from medguild.foundation.standards.rules import Bounds, Kind, Level, Mode

_LEVELS = (Level.ENTITY, Level.PRACTICE, Level.SPECIALTY, Level.SITE)
_AREA = _("Access")
_DAYS = _("days")


def _number(key: str, label: object, default: int, least: int, most: int, unit: object, help_text: object) -> str:
    return declare_standard(
        Standard(
            key=f"access.{key}", label=label, kind=Kind.INTEGER, default=default, mode=Mode.BOUNDED,  # type: ignore[arg-type]
            levels=_LEVELS, bounds=Bounds(least=least, most=most), unit=unit, help=help_text, area=_AREA,  # type: ignore[arg-type]
        )
    )  # fmt: skip


# IHI's ideal is 0 days in primary and 2 in specialty care; one children's hospital uses 10 as a ceiling.
THIRD_NEXT = _number(
    "third_next_days", _("Third next available: target"), 2, 0, 60, _DAYS,
    _("Calendar days to the third open time for patients who are known."),
)  # fmt: skip
THIRD_NEXT_NEW = _number(
    "third_next_new_days", _("Third next available for new patients: target"), 10, 0, 90, _DAYS,
    _("Calendar days to the third open time of visits that are meant for new patients."),
)  # fmt: skip
NEW_LAG = _number(
    "new_patient_lag_days", _("Wait of new patients: target"), 14, 1, 120, _DAYS,
    _("Days from the request to the first visit, on average."),
)  # fmt: skip
SAME_DAY = _number(
    "same_day_share", _("Same-day visits: target"), 15, 0, 100, "%",
    _("Share of visits that were asked for and kept on one day."),
)  # fmt: skip
OFF_HOURS = _number(
    "off_hours_share", _("Evening and weekend visits: target"), 5, 0, 100, "%",
    _("Share of visits before 8, from 17 on, or at weekends."),
)  # fmt: skip
BACKFILL = _number(
    "backfill_share", _("Cancelled times filled again: target"), 50, 0, 100, "%",
    _("Share of cancelled times that somebody else was booked into before they came."),
)  # fmt: skip
FILL_MOST = _number(
    "fill_most", _("Template too full from"), 100, 80, 150, "%",
    _("A clinician above this beside one of the same specialty who has room raises work."),
)  # fmt: skip
FILL_LEAST = _number(
    "fill_least", _("Template has room below"), 80, 40, 100, "%",
    _("A clinician below this has room for patients of one who is too full."),
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
    found = found_for(StandardContext(unit_id=unit_id))
    return Targets(*(int(found.resolve(standards.get(key)).value) for key in _KEYS))  # type: ignore[arg-type]


def targets_of(unit_ids: Iterable[UUID]) -> Mapping[UUID, Targets]:
    return {unit_id: targets_at(unit_id) for unit_id in unit_ids}
