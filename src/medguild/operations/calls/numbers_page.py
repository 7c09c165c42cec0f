"""What the page of call numbers shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import local_date
from medguild.foundation.organization.models import Site
from medguild.foundation.ui.instants import day_text
from medguild.foundation.ui.parts import Chart, Series
from medguild.operations.calls.rules import CallNumbers, Outcome
from medguild.operations.calls.selectors import Picture, picture, staff_at
from medguild.operations.calls.showing import Cut, Line, line_of, percent_text, seconds_text
from medguild.operations.calls.standards import Targets, targets_of

_READABLE_DAYS = 31


@dataclass(frozen=True, slots=True)
class Stat:
    """A number with the address of its rows, its change against the period before, and what it means."""

    label: str
    value: str
    href: str
    delta: str = ""
    tone: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class NumbersPage:
    stats: Sequence[Stat]
    chart: Chart
    by_week: bool
    sites: Sequence[Line]
    hours: Sequence[Line]
    days: Sequence[Line]
    start: dt.date
    end: dt.date
    staff: int
    staff_before: int
    offered: int

    @property
    def staff_change(self) -> str:
        return f"{self.staff - self.staff_before:+d}".replace("-", "−") if self.staff != self.staff_before else ""

    @property
    def staff_tone(self) -> str:
        return "bad" if self.staff < self.staff_before else "ok"


def numbers_page(actor: Actor, sites: Sequence[Site], *, days: int, at: dt.datetime) -> NumbersPage:
    """Numbers of the last `days` whole days and today, of one site or several."""
    end = local_date(at, sites[0].time_zone) + dt.timedelta(days=1)
    start = end - dt.timedelta(days=days)
    found = picture(actor, start=start, end=end, sites=sites)
    targets = targets_of([site.unit_id for site in sites])
    one = sites[0].unit_id if len(sites) == 1 else None
    cut = Cut(start, end, one)
    ids = [site.unit_id for site in sites]
    length, steps = _steps(found, cut)
    return NumbersPage(
        stats=_stats(found, cut, targets[one] if one else None),
        chart=_chart(length, steps, cut),
        by_week=length > 1,
        sites=_site_lines(found, sites, cut, targets),
        hours=[
            line_of(f"{hour}:00–{hour}:59", numbers, Cut(start, end, one, hour))
            for hour, numbers in found.by_hour.items()
        ],
        days=[
            line_of(day_text(day), numbers, _cut_of(day, length, cut))
            for day, numbers in sorted(steps.items(), reverse=True)
        ],
        start=start,
        end=end - dt.timedelta(days=1),
        staff=staff_at(ids, on=end - dt.timedelta(days=1)),
        staff_before=staff_at(ids, on=start - (end - start)),
        offered=found.whole.offered,
    )


def _site_lines(found: Picture, sites: Sequence[Site], cut: Cut, targets: Mapping[UUID, Targets]) -> list[Line]:
    if len(sites) < 2:
        return []
    return [
        line_of(
            site.unit.name, found.by_site.get(site.unit_id, CallNumbers()), Cut(cut.start, cut.end, site.unit_id),
            limit=targets[site.unit_id].abandonment,
        )
        for site in sites
    ]  # fmt: skip


def _stats(found: Picture, cut: Cut, targets: Targets | None) -> list[Stat]:
    whole, before = found.whole, found.before
    answered = cut.rows(outcome=Outcome.ANSWERED)
    in_time = _("Answered within the time that the site's standard allows, of all calls that came in.")
    if targets is not None:
        in_time = _("Answered within %(seconds)s seconds, of all calls that came in. Wanted: %(share)s %%.") % {
            "seconds": targets.answer_within, "share": targets.service_level
        }  # fmt: skip
    return [
        Stat(
            _("Calls that came in"), f"{whole.offered:,}", cut.rows(), _change(whole.offered, before.offered, 0, ""),
            hint=_("All inbound calls, also those that nobody answered."),
        ),
        Stat(
            _("Abandoned"), percent_text(whole.abandonment), cut.rows(outcome=Outcome.ABANDONED),
            *_judged(whole.abandonment, before.abandonment, 1, less=True),
            hint=_("Callers who hung up while they waited, of all calls that came in. Hang-ups at once do not count."),
        ),
        Stat(
            _("Speed of answer"), seconds_text(whole.speed), answered,
            *_judged(whole.speed, before.speed, 0, less=True),
            hint=_("Minutes and seconds from ringing to the answer, on average over answered calls."),
        ),
        Stat(
            _("On hold"), seconds_text(whole.hold), answered, *_judged(whole.hold, before.hold, 0, less=True),
            hint=_("Minutes and seconds on hold after the answer, on average over answered calls."),
        ),
        Stat(
            _("Answered in time"), percent_text(whole.service_level), cut.rows(in_time="on"),
            *_judged(whole.service_level, before.service_level, 1, less=False), hint=in_time,
        ),
    ]  # fmt: skip


def _change(value: float | None, before: float | None, places: int, unit: str) -> str:
    if value is None or before is None:
        return ""
    return f"{value - before:+,.{places}f}{unit}".replace("-", "−")


def _judged(value: float | None, before: float | None, places: int, *, less: bool) -> tuple[str, str]:
    """The change against the period before, and whether it is good."""
    change = _change(value, before, places, "" if places else " s")
    if not change or value is None or before is None or round(value, places) == round(before, places):
        return "", ""
    return change, "ok" if (value < before) is less else "bad"


def _steps(found: Picture, cut: Cut) -> tuple[int, dict[dt.date, CallNumbers]]:
    """Numbers by day, or by week from Monday where there are too many days to read; the length of a step in days."""
    if (cut.end - cut.start).days <= _READABLE_DAYS:
        return 1, dict(found.by_day)
    weeks: dict[dt.date, CallNumbers] = {}
    for day, numbers in found.by_day.items():
        monday = day - dt.timedelta(days=day.weekday())
        weeks[monday] = weeks.get(monday, CallNumbers()) + numbers
    return 7, weeks


def _cut_of(day: dt.date, length: int, cut: Cut) -> Cut:
    """A step, cut where the period begins or ends in it."""
    return Cut(max(day, cut.start), min(day + dt.timedelta(days=length), cut.end), cut.site_id)


def _chart(length: int, steps: Mapping[dt.date, CallNumbers], cut: Cut) -> Chart:
    return Chart(
        key="calls",
        title=_("Waiting and giving up, by week") if length > 1 else _("Waiting and giving up, by day"),
        kind="line",
        categories=[day_text(day) for day in steps],
        series=[
            Series(_("Speed of answer, seconds"), [numbers.speed for numbers in steps.values()]),
            Series(_("Seconds on hold"), [numbers.hold for numbers in steps.values()]),
            Series(_("Abandoned, %"), [numbers.abandonment for numbers in steps.values()]),
        ],
        hrefs=[_cut_of(day, length, cut).rows() for day in steps],
        summary=_("Lines that rise together mean that too few people answer."),
        category_label=_("Week from") if length > 1 else _("Day"),
    )
