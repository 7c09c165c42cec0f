"""What programs send about series, read; and series and plans as programs are shown them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.utils.translation import gettext as _

from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.operations.series.api_schemas import ChoiceIn, RuleChangeIn, RuleIn
from medguild.operations.series.errors import NotAll
from medguild.operations.series.lines import Choice, Take
from medguild.operations.series.models import Occurrence, Series
from medguild.operations.series.planning import Proposal
from medguild.operations.series.rules import Every, Pattern, Standing
from medguild.operations.series.selectors import live_occurrences, pattern_of, rule_of, standing_of

TO_COME = frozenset({Standing.REGULAR, Standing.MOVED})


def pattern_sent(rule: RuleIn) -> Pattern:
    """Raises Refusal for a rule with two ends or none, a last day before the first, a time that no wall clock shows."""
    weekdays = tuple(rule.weekdays) if rule.every is Every.WEEK else ()
    found = Pattern(rule.every, rule.step, rule.first, minute_sent(rule.time), weekdays, rule.times, rule.until)
    return _whole(found)


def pattern_changed(one: Occurrence, left: int, change: RuleChangeIn) -> Pattern:
    """The rule of a visit from it on, changed; `left` is how many visits there are from it on. Raises Refusal."""
    rule = rule_of(one.series, one.number)
    held = pattern_of(rule)
    every = change.every or held.every
    first = change.first or one.planned.astimezone(ZoneInfo(rule.unit.site.time_zone)).date()
    times, until = change.times, change.until
    if times is None and until is None:
        times, until = (left, None) if held.until is None else (None, held.until)
    minute = held.minute if change.time is None else minute_sent(change.time)
    return _whole(
        Pattern(every, change.step or held.step, first, minute, _weekdays(held, change, every, first), times, until)
    )


def _weekdays(held: Pattern, change: RuleChangeIn, every: Every, first: dt.date) -> tuple[int, ...]:
    """Those sent; else those that held, unless the new first day is none of them."""
    if every is not Every.WEEK:
        return ()
    if change.weekdays is not None:
        return tuple(change.weekdays)
    return held.weekdays if held.every is Every.WEEK and first.weekday() in held.weekdays else ()


def _whole(pattern: Pattern) -> Pattern:
    if (pattern.times is None) == (pattern.until is None):
        raise Refusal(_("Say how many visits, or until when: one of the two."), code="one_end", field="rule")
    if pattern.until is not None and pattern.until < pattern.first:
        raise Refusal(_("The last day must not be before the first."), code="days_order", field="rule")
    return pattern


def minute_sent(time: dt.time) -> int:
    if time.tzinfo is not None or time.second or time.microsecond:
        raise Refusal("Send the time as on the wall clock of the site, such as 09:00.", code="time_form", field="rule")
    return time.hour * 60 + time.minute


def choices_sent(sent: Sequence[ChoiceIn]) -> dict[int, Choice]:
    """Raises Refusal for another time without its start."""
    for one in sent:
        if one.take is Take.OTHER_TIME and (one.start is None or one.start.tzinfo is None):
            raise Refusal("Send the other time with its offset.", code="start_needed", field="choices")
    return {one.number: Choice(one.take, one.start if one.take is Take.OTHER_TIME else None) for one in sent}


def visit_asked(series: Series, number: int | None) -> Occurrence:
    """The visit of a number; without a number the first to come. Raises NotVisible, Refusal when nothing is to come."""
    live = live_occurrences(series)
    if number is not None:
        found = next((one for one in live if one.number == number), None)
        if found is None:
            raise NotVisible
        return found
    at = now()
    coming = (one for one in live if standing_of(one, rule_of(series, one.number), at=at) in TO_COME)
    first = next(coming, None)
    if first is None:
        raise Refusal("No visit of this series is to come.", code="nothing_to_come")
    return first


def left_from(one: Occurrence) -> int:
    return sum(other.number >= one.number for other in live_occurrences(one.series))


def telling_which(run: Callable[[], HttpResponse]) -> Callable[[], HttpResponse]:
    """The same, but where one visit stops all, programs are told its number and why booking refused it."""

    def told() -> HttpResponse:
        try:
            return run()
        except NotAll as refusal:
            refusal.more["number"] = refusal.number
            if isinstance(refusal.__cause__, Refusal):
                refusal.more["because"] = {"code": refusal.__cause__.code, "detail": refusal.__cause__.message}
            raise

    return told


def row_shown(series: Series) -> dict[str, object]:
    return {
        "id": series.pk,
        "patient": series.patient_id,
        "visit_type": series.visit_type_id,
        "site": series.unit_id,
        "mode": series.mode,
        "made_at": series.made_at,
        "ended_at": series.ended_at,
    }


def series_shown(series: Series) -> dict[str, object]:
    """A series with all numbers that were not dropped."""
    at = now()
    return row_shown(series) | {"visits": [_visit(one, at) for one in live_occurrences(series)]}


def _visit(one: Occurrence, at: dt.datetime) -> dict[str, object]:
    rule, visit = rule_of(one.series, one.number), one.appointment
    place = ZoneInfo((visit.unit if visit else rule.unit).site.time_zone)
    return {
        "number": one.number,
        "standing": standing_of(one, rule, at=at),
        "planned": one.planned.astimezone(place),
        "start": visit.start.astimezone(place) if visit else None,
        "clinician": visit.clinician_id if visit else rule.clinician_id,
        "site": visit.unit_id if visit else rule.unit_id,
        "appointment": visit.pk if visit else None,
    }


def plan_shown(proposals: Sequence[Proposal], zone: str) -> dict[str, object]:
    place = ZoneInfo(zone)
    return {
        "possible": sum(one.possible for one in proposals),
        "lines": [
            {
                "number": one.line.number,
                "act": one.line.act,
                "planned": one.line.planned.astimezone(place) if one.line.planned else None,
                "appointment": one.line.visit.pk if one.line.visit else None,
                "possible": one.possible,
                "code": one.code,
                "detail": one.words,
                "others": one.others,
            }
            for one in proposals
        ],
    }
