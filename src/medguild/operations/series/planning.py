"""What a series would be before it is booked: each visit with its verdict, and the nearest times where it cannot be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from medguild.operations.scheduling.errors import NetworkAnswerNeeded
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.rules import HOLDING
from medguild.operations.scheduling.search.searching import Wanted as ToBe
from medguild.operations.scheduling.search.searching import ways_for
from medguild.operations.scheduling.search.sifting import permitted_only
from medguild.operations.scheduling.selectors import find_slots
from medguild.operations.scheduling.week_rules import local_time
from medguild.operations.series.lines import Line, Work, try_lines
from medguild.operations.series.rules import Act, nearest

ALTERNATIVES = 3
_AROUND = dt.timedelta(days=7)
_LONG = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A line with what booking says: no words when it can be, else why not and up to three nearest free times."""

    line: Line
    code: str = ""
    words: str = ""
    others: list[dt.datetime] = field(default_factory=list)

    @property
    def asks_network(self) -> bool:
        """The time is free; the patient is to be told first that it is out of network."""
        return self.code == NetworkAnswerNeeded.code

    @property
    def possible(self) -> bool:
        return not self.code or self.asks_network

    @property
    def asks(self) -> bool:
        """Whether there is something to choose."""
        return self.line.act in (Act.ADD, Act.MOVE)


def propose(lines: Sequence[Line], work: Work) -> list[Proposal]:
    """Try the lines and look for the nearest free times of those that are refused. Nothing is changed."""
    refused = try_lines(lines, work).refused
    elsewhere = {number for number, why in refused.items() if not isinstance(why, NetworkAnswerNeeded)}
    wanted = [line.planned for line in lines if line.number in elsewhere and line.planned is not None]
    free = _free_times(wanted, work)
    busy = _patients_own(wanted, lines, work)
    proposals = []
    for line in lines:
        refusal = refused.get(line.number)
        if refusal is None or line.planned is None:
            proposals.append(Proposal(line))
            continue
        if line.number not in elsewhere:
            proposals.append(Proposal(line, refusal.code, refusal.message))
            continue
        between = _between(line, lines, work)
        others = nearest(
            [one for one in free if between(one)], _wall(line.planned, work), most=ALTERNATIVES, avoid=busy
        )
        proposals.append(Proposal(line, refusal.code, refusal.message, others))
        busy = [*busy, *((one, one + dt.timedelta(minutes=1)) for one in others[:1])]  # two do not get the same
    return proposals


def _between(line: Line, lines: Sequence[Line], work: Work) -> Callable[[dt.datetime], bool]:
    """Another time for a visit stays between the days of the visits before and after it: else several fall together."""
    days = [_wall(one.planned, work).date() for one in lines if one.planned is not None]
    own = _wall(line.planned, work).date() if line.planned is not None else None
    before = max((day for day in days if own and day < own), default=dt.date.min)
    after = min((day for day in days if own and day > own), default=dt.date.max)
    return lambda start: before < start.date() < after


def told_elsewhere(proposals: Sequence[Proposal], work: Work) -> str:
    """What the patient is to be told before another time than the planned is booked; empty where it is in network."""
    lines = [replace(one.line, planned=one.others[0]) for one in proposals if one.others]
    if not lines:
        return ""
    refused = try_lines(lines, work).refused.values()
    return next((why.message for why in refused if isinstance(why, NetworkAnswerNeeded)), "")


def _free_times(wanted: Sequence[dt.datetime], work: Work) -> list[dt.datetime]:
    """Free starts of the clinician at the site within a week of what was refused, on the clocks of the site."""
    if not wanted:
        return []
    who = work.visiting
    days = [_wall(one, work).date() for one in wanted]
    start, end = min(days) - _AROUND, max(days) + _AROUND + _LONG
    openings = find_slots(
        actor=work.by, visit_type_id=who.visit_type.pk, clinicians=[who.clinician.pk], units=[who.site.unit_id],
        start=start, end=end, at=work.at,
    )  # fmt: skip
    # A day on which they may not see the patient is no way out of one on which they may not either.
    wish = ToBe(visit_type=who.visit_type, start=start, end=end, patient=who.patient, mode=who.mode or "")
    openings = permitted_only(openings, ways_for(wish, openings))
    near = {day + dt.timedelta(days=apart) for day in days for apart in range(-_AROUND.days, _AROUND.days + 1)}
    return [
        local_time(who.site.time_zone, start) for one in openings if one.day in near for start in one.starts
    ]  # fmt: skip


def _patients_own(
    wanted: Sequence[dt.datetime], lines: Sequence[Line], work: Work
) -> list[tuple[dt.datetime, dt.datetime]]:
    """When the patient has something else, and the times of the series itself."""
    if not wanted:
        return []
    rows = Appointment.objects.unscoped("only whether the patient is free").filter(
        patient_id=work.visiting.patient.pk, status__in=HOLDING, start__gte=min(wanted) - _AROUND,
        start__lte=max(wanted) + _AROUND,
    )  # fmt: skip
    own = [(line.planned, line.planned + dt.timedelta(minutes=1)) for line in lines if line.planned is not None]
    return [*rows.values_list("start", "end"), *own]


def _wall(moment: dt.datetime, work: Work) -> dt.datetime:
    return local_time(work.visiting.site.time_zone, int(moment.timestamp()) // 60)
