"""Why somebody is asked about a time: their turn first, then the wishes that it meets."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from uuid import UUID

import pytest

from medguild.operations.waitlist.rules import Fit, FreeTime, Urgency, fit_reasons

ANA, BEN = UUID(int=1), UUID(int=2)
MONDAY = dt.date(2026, 11, 30)
TIME = FreeTime(ANA, MONDAY, 9 * 60, dt.timedelta(days=2))


@dataclass
class Entry:
    clinician_id: UUID | None = None
    earliest: dt.date = MONDAY
    latest: dt.date | None = None
    weekdays: list[int] = field(default_factory=list)
    from_minute: int = 0
    to_minute: int = 1440
    notice_minutes: int = 120
    urgency: str = Urgency.ROUTINE
    added_at: dt.datetime = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("entry", "booked_on", "told"),
    [
        (Entry(), None, [Fit.WAITED]),
        (Entry(urgency=Urgency.SOON), None, [Fit.URGENCY, Fit.WAITED]),
        (Entry(clinician_id=ANA), None, [Fit.WAITED, Fit.CLINICIAN]),
        (Entry(clinician_id=BEN), None, [Fit.WAITED]),
        (Entry(weekdays=[0]), None, [Fit.WAITED, Fit.WEEKDAY]),
        (Entry(weekdays=[1]), None, [Fit.WAITED]),
        (Entry(to_minute=600), None, [Fit.WAITED, Fit.HOURS]),
        (Entry(from_minute=541), None, [Fit.WAITED]),
        (Entry(latest=MONDAY), None, [Fit.WAITED, Fit.LAST_DAY]),
        (Entry(), MONDAY + dt.timedelta(days=1), [Fit.WAITED, Fit.EARLIER]),
        (Entry(), MONDAY, [Fit.WAITED]),
    ],
)
def test_only_what_holds_is_told(entry: Entry, booked_on: dt.date | None, told: list[Fit]) -> None:
    assert fit_reasons(entry, TIME, booked_on=booked_on) == told
