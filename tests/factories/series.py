"""Recurring visits in tests: a clinician who works every morning, and a weekly series of one patient."""

from __future__ import annotations

import datetime as dt
from typing import Any

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.ids import new_id
from medguild.operations.series.lines import Choice, Visiting
from medguild.operations.series.models import Series
from medguild.operations.series.rules import Every, Pattern
from medguild.operations.series.services import NewSeries, make_series
from tests.factories.scheduling import Schedule
from tests.factories.world import HOUSE


def every_morning(plan: Schedule, **changes: Any) -> None:
    """Sessions from eight to twelve, Monday to Friday."""
    made = [plan.add(weekday=day, start_minute=8 * 60, end_minute=12 * 60, **changes) for day in range(5)]
    plan.__dict__["session"] = made[0]


def visiting(plan: Schedule, **changes: Any) -> Visiting:
    given: dict[str, Any] = {
        "patient": plan.patient, "clinician": plan.clinician, "visit_type": plan.kind, "site": plan.site,
    }  # fmt: skip
    return Visiting(**(given | changes))


def weekly(plan: Schedule, **changes: Any) -> Pattern:
    """Mondays at nine, four times."""
    given: dict[str, Any] = {
        "every": Every.WEEK, "step": 1, "first": plan.monday, "minute": 9 * 60, "weekdays": (0,), "times": 4,
    }  # fmt: skip
    if "until" in changes:
        given["times"] = None
    return Pattern(**(given | changes))


def booked_series(
    plan: Schedule,
    choices: dict[int, Choice] | None = None,
    by: Actor = HOUSE,
    at: dt.datetime | None = None,
    **changes: Any,
) -> Series:
    new = NewSeries(visiting(plan), weekly(plan, **changes), new_id())
    return make_series(new=new, choices=choices or {}, by=by, at=at)
