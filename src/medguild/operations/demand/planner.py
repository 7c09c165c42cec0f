"""Weeks ahead: what will be wanted beside what templates offer, less leave and closures."""

from __future__ import annotations

import datetime as dt
import enum
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import DurationField, ExpressionWrapper, F, Sum
from django.db.models.functions import TruncWeek

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import local_date
from medguild.foundation.organization.models import Closure, Site, UnitPath
from medguild.operations.demand.forecast_rules import Foretold, Week, foretell
from medguild.operations.demand.records import Measure, measured, visits_between
from medguild.operations.scheduling.calendar_sql import Where, load_blocks, load_sessions
from medguild.operations.scheduling.slot_rules import Blocks, bookable_minutes
from medguild.operations.scheduling.week_rules import SessionPattern, monday_of

WEEKS_AHEAD, WEEKS_BEHIND = 10, 104
_WEEK = dt.timedelta(weeks=1)
_A_DAY = dt.timedelta(days=1)
_WORKING_DAYS = 5


class Outlook(enum.StrEnum):
    """SHORT: even the low end of the forecast does not fit. TIGHT: the middle does not. SPARE: the high end leaves a
    fifth of the hours unused."""

    SHORT = "short"
    TIGHT = "tight"
    FINE = "fine"
    SPARE = "spare"


@dataclass(frozen=True, slots=True)
class PlannedWeek:
    """Minutes of a week to come: foretold (None without enough history), offered, lost to leave, booked already."""

    monday: dt.date
    foretold: Foretold | None
    offered: int
    lost_to_leave: int
    booked: int
    away: frozenset[UUID] = frozenset()

    @property
    def outlook(self) -> Outlook | None:
        return outlook_of(self.foretold, self.offered) if self.foretold else None


@dataclass(frozen=True, slots=True)
class Plan:
    weeks: Sequence[PlannedWeek]
    history: Sequence[Week]


def at_least(foretold: Foretold | None, booked: float) -> Foretold | None:
    """What is booked already is wanted already: a forecast never lies below it."""
    if foretold is None or booked <= foretold.low:
        return foretold
    return Foretold(foretold.monday, max(foretold.amount, booked), booked, max(foretold.high, booked))


def outlook_of(foretold: Foretold, offered: float) -> Outlook:
    if foretold.low > offered:
        return Outlook.SHORT
    if foretold.amount > offered:
        return Outlook.TIGHT
    return Outlook.SPARE if foretold.high < 0.8 * offered else Outlook.FINE


def plan_weeks(actor: Actor, sites: Collection[Site], *, at: dt.datetime) -> Plan:
    """The weeks from the coming Monday, for all the sites together; seven queries, whatever their number.

    Wanted minutes are those of visits booked for a week and not given up; what templates never offered could not be
    booked, so a place that was always full is foretold too low, and its waiting list says so.
    """
    first = monday_of(min((local_date(at, site.time_zone) for site in sites), default=at.date())) + _WEEK
    begin, end = first - (WEEKS_BEHIND + 1) * _WEEK, first + WEEKS_AHEAD * _WEEK
    minutes = _wanted_minutes(actor, begin, end, sites)
    shares = _open_shares(sites, begin, end)
    behind = [begin + number * _WEEK for number in range(WEEKS_BEHIND)]
    known = next((place for place, monday in enumerate(behind) if minutes.get(monday)), len(behind))
    history = [Week(monday, minutes.get(monday, 0), shares.get(monday, 1.0)) for monday in behind[known:]]
    ahead = [first + number * _WEEK for number in range(WEEKS_AHEAD)]
    told = {one.monday: one for one in foretell(history, [(monday, shares.get(monday, 1.0)) for monday in ahead])}
    offered, full, away = _capacity(sites, first, end)
    weeks = [
        PlannedWeek(
            monday, at_least(told.get(monday), minutes.get(monday, 0)), offered[monday],
            full[monday] - offered[monday], minutes.get(monday, 0),
            frozenset(away[monday]),
        )
        for monday in ahead
    ]  # fmt: skip
    return Plan(weeks, history)


def _wanted_minutes(actor: Actor, start: dt.date, end: dt.date, sites: Collection[Site]) -> dict[dt.date, int]:
    length = ExpressionWrapper(F("end") - F("start"), output_field=DurationField())
    rows = measured(visits_between(actor, start=start, end=end, sites=sites), Measure.WANTED)
    found = rows.annotate(week=TruncWeek("local_day")).values_list("week").annotate(total=Sum(length))
    return {week: int(total.total_seconds()) // 60 for week, total in found}


def _open_shares(sites: Collection[Site], start: dt.date, end: dt.date) -> dict[dt.date, float]:
    """Of the working days of each week, the part on which the sites were open; weeks without closures left out."""
    units = [site.unit_id for site in sites]
    held = UnitPath.objects.filter(descendant__in=units, period__contains=end)
    paths = held.values_list("ancestor_id", "descendant_id")
    below: dict[UUID, set[UUID]] = defaultdict(set)
    for ancestor, unit in paths:
        below[ancestor].add(unit)
    closed: dict[dt.date, set[UUID]] = defaultdict(set)
    for unit, day in Closure.objects.filter(unit__in=below, day__gte=start, day__lt=end).values_list("unit_id", "day"):
        if day.weekday() < _WORKING_DAYS:
            closed[day] |= below[unit]
    lost: dict[dt.date, float] = defaultdict(float)
    for day, shut in closed.items():
        lost[monday_of(day)] += len(shut) / len(units) / _WORKING_DAYS
    return {monday: max(0.0, 1 - part) for monday, part in lost.items()}


_Weekly = dict[dt.date, int]


def _capacity(
    sites: Collection[Site], start: dt.date, end: dt.date
) -> tuple[_Weekly, _Weekly, Mapping[dt.date, set[UUID]]]:
    """Minutes that templates offer a week, the same without absences, and who is away in it."""
    sessions = load_sessions(
        visit_type_id=None, start=start, end=end, where=Where(units=[site.unit_id for site in sites])
    )
    blocks = load_blocks(
        clinicians={one.clinician_id for one in sessions}, units={one.unit_id for one in sessions},
        sessions=[one.id for one in sessions], start=start, end=end,
    )  # fmt: skip
    present = Blocks(cancelled=blocks.cancelled, closed=blocks.closed)
    offered, full, away = {}, {}, {}
    monday = start
    while monday < end:
        mine = _minutes(sessions, blocks, monday)
        whole = _minutes(sessions, present, monday)
        offered[monday], full[monday] = sum(mine.values()), sum(whole.values())
        away[monday] = {clinician for clinician, minutes in whole.items() if mine.get(clinician, 0) < minutes}
        monday += _WEEK
    return offered, full, away


def _minutes(sessions: Sequence[SessionPattern], blocks: Blocks, monday: dt.date) -> dict[UUID, int]:
    return bookable_minutes(sessions, blocks, start=monday, end=monday + 7 * _A_DAY)
