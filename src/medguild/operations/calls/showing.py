"""How calls are shown: callers, seconds, numbers with links to their rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from medguild.operations.calls.models import Call
from medguild.operations.calls.rules import CallNumbers, Outcome
from medguild.patients.identity.rules.phones import national_digits


def phone_text(phone: str) -> str:
    """(503) 555-0123 for an American number, else as it is kept."""
    digits = national_digits(phone) if phone else ""
    return f"({digits[:3]}) {digits[3:6]}-{digits[6:]}" if len(digits) == 10 and phone.startswith("+1") else phone


def caller_of(call: Call) -> str:
    if call.patient is not None:
        return str(call.patient.label())
    return phone_text(call.phone) or _("Number withheld")


def seconds_text(seconds: int | None) -> str:
    """0:45, 12:05; a dash for nothing."""
    return "–" if seconds is None else f"{seconds // 60}:{seconds % 60:02d}"


def percent_text(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f} %"


@dataclass(frozen=True, slots=True)
class Cut:
    """What of the list a number counts: a period of whole days (`end` not included), a site, an hour."""

    start: dt.date
    end: dt.date
    site_id: UUID | None = None
    hour: int | None = None

    def rows(self, **more: str) -> str:
        """The address of the list with just these calls."""
        query = {
            "direction": "inbound",
            "day_from": self.start.isoformat(),
            "day_to": (self.end - dt.timedelta(days=1)).isoformat(),
        }
        if self.site_id is not None:
            query["site"] = str(self.site_id)
        if self.hour is not None:
            query["hour"] = str(self.hour)
        return f"{reverse('calls:list')}?{urlencode(query | more)}"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table of numbers: each cell with the address of its rows and its column."""

    label: str
    cells: Sequence[tuple[str, str, str]]
    bad: bool = False


def line_of(label: str, numbers: CallNumbers, cut: Cut, *, limit: int | None = None) -> Line:
    """Volume, abandoned, speed of answer, on hold, answered in time. `limit` is the highest abandonment allowed."""
    cells = (
        (f"{numbers.offered:,}", cut.rows(), _("Calls")),
        (percent_text(numbers.abandonment), cut.rows(outcome=Outcome.ABANDONED), _("Abandoned")),
        (seconds_text(numbers.speed), cut.rows(outcome=Outcome.ANSWERED), _("Speed of answer")),
        (seconds_text(numbers.hold), cut.rows(outcome=Outcome.ANSWERED), _("On hold")),
        (percent_text(numbers.service_level), cut.rows(in_time="on"), _("Answered in time")),
    )
    return Line(label, cells, limit is not None and (numbers.abandonment or 0) > limit)
