"""Words for kinds, states and reasons."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from medguild.foundation.ui.instants import instant_text
from medguild.operations.scheduling.kinds.rules import Door
from medguild.operations.scheduling.rules import (
    AbsenceKind,
    AppointmentStatus,
    CancelReason,
    Mode,
    Origin,
    PatientKind,
    ReasonCategory,
)
from medguild.operations.scheduling.search.rules import Reason, TimeOfDay

Text = str | Promise

STATUS_WORDS: Mapping[AppointmentStatus, Text] = {
    AppointmentStatus.BOOKED: _("Booked"),
    AppointmentStatus.ARRIVED: _("Arrived"),
    AppointmentStatus.FULFILLED: _("Seen"),
    AppointmentStatus.CANCELLED: _("Cancelled"),
    AppointmentStatus.NO_SHOW: _("No-show"),
}
STATUS_TONES: Mapping[AppointmentStatus, str] = {
    AppointmentStatus.BOOKED: "info",
    AppointmentStatus.ARRIVED: "busy",
    AppointmentStatus.FULFILLED: "ok",
    AppointmentStatus.CANCELLED: "neutral",
    AppointmentStatus.NO_SHOW: "bad",
}
MODE_WORDS: Mapping[Mode, Text] = {
    Mode.IN_PERSON: _("In person"),
    Mode.VIDEO: _("Video"),
    Mode.PHONE: _("Phone"),
    Mode.E_CONSULT: _("E-consult (answered in writing)"),
}
PATIENT_KIND_WORDS: Mapping[PatientKind, Text] = {
    PatientKind.ANY: _("Everybody"),
    PatientKind.NEW: _("New patients"),
    PatientKind.ESTABLISHED: _("Established patients"),
}
DOOR_WORDS: Mapping[Door, Text] = {
    Door.PORTAL: _("Patients themselves (portal)"),
    Door.API: _("Programs"),
}
CATEGORY_WORDS: Mapping[ReasonCategory, Text] = {
    ReasonCategory.ACUTE: _("New problem"),
    ReasonCategory.FOLLOW_UP: _("Follow-up"),
    ReasonCategory.CHRONIC: _("Long-term condition"),
    ReasonCategory.PREVENTIVE: _("Check-up or vaccination"),
    ReasonCategory.PROCEDURE: _("Procedure"),
    ReasonCategory.RESULTS: _("Results"),
    ReasonCategory.OTHER: _("Other"),
}
CANCEL_WORDS: Mapping[CancelReason, Text] = {
    CancelReason.PATIENT_REQUEST: _("Patient asked for it"),
    CancelReason.PATIENT_ILL: _("Patient is ill"),
    CancelReason.PATIENT_TRANSPORT: _("Patient cannot get here"),
    CancelReason.PATIENT_COST: _("Cost or coverage"),
    CancelReason.LEFT_BEFORE_SEEN: _("Left before being seen"),
    CancelReason.PRACTICE_CLINICIAN_AWAY: _("We cancel: clinician away"),
    CancelReason.PRACTICE_OTHER: _("We cancel: other reason"),
    CancelReason.BOOKED_IN_ERROR: _("Booked by mistake"),
}
ABSENCE_WORDS: Mapping[AbsenceKind, Text] = {
    AbsenceKind.VACATION: _("Vacation"),
    AbsenceKind.SICK: _("Sick"),
    AbsenceKind.EDUCATION: _("Education"),
    AbsenceKind.MEETING: _("Meeting"),
    AbsenceKind.OTHER: _("Other"),
}
ORIGIN_WORDS: Mapping[Origin, Text] = {
    Origin.STAFF: _("Staff"),
    Origin.API: _("Program"),
    Origin.PORTAL: _("Patient portal"),
    Origin.IMPORT: _("Import"),
}
WEEKDAYS: tuple[Text, ...] = (
    _("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"),
)  # fmt: skip

TIMES_OF_DAY: Mapping[TimeOfDay, Text] = {
    TimeOfDay.ANY: _("Any time"),
    TimeOfDay.EARLY: _("Early (before 9)"),
    TimeOfDay.MORNING: _("Morning"),
    TimeOfDay.AFTERNOON: _("Afternoon"),
    TimeOfDay.EVENING: _("Evening (from 5)"),
}
OFFER_REASONS: Mapping[Reason, Text] = {
    Reason.EARLIEST: _("Earliest"),
    Reason.OWN_CLINICIAN: _("Their own clinician"),
    Reason.IN_NETWORK: _("In network"),
    Reason.SPEAKS: _("Speaks their language"),
    Reason.AS_ASKED: _("As asked"),
    Reason.USUAL_SITE: _("Their usual site"),
    Reason.OUTSIDE_WORK: _("Before or after usual work"),
    Reason.FILLS_THIN: _("Fills a thin session"),
}


def clock_words(minute: int) -> str:
    """A wall-clock minute of the day as people write it; 1440 is midnight."""
    return _clock_words(minute % 1440, get_language() or "")


@lru_cache(maxsize=4096)
def _clock_words(minute: int, language: str) -> str:
    """Cached by language, because a search shows hundreds of times."""
    return instant_text(dt.datetime(2000, 1, 1, minute // 60, minute % 60, tzinfo=dt.UTC), "UTC", "time")


def choices(words: Mapping[Any, Text]) -> list[tuple[str, Text]]:
    """The pairs that a select takes."""
    return [(str(key), text) for key, text in words.items()]
