"""What the page of late running shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models.functions import ExtractIsoWeekDay, TruncWeek
from django.urls import reverse
from django.utils.translation import gettext as _

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import local_date
from medguild.foundation.organization.models import Site
from medguild.foundation.organization.people import Clinician
from medguild.foundation.ui.instants import day_text
from medguild.foundation.ui.parts import Chart, Series
from medguild.operations.demand.late_rules import ON_TIME, Cause
from medguild.operations.demand.lateness import KindLength, LateNumbers, clinic_days, late_numbers, lengths_by_kind
from medguild.operations.demand.showing import (
    WEEKDAYS,
    Cell,
    Grid,
    Line,
    Stat,
    change_text,
    change_tone,
    minutes_text,
    number_text,
)
from medguild.operations.demand.words import CAUSE_HELP, CAUSES


@dataclass(frozen=True, slots=True)
class LatePage:
    stats: Sequence[Stat]
    chart: Chart
    grids: Sequence[Grid]
    start: dt.date
    end: dt.date
    visits: int


@dataclass(frozen=True, slots=True)
class _Span:
    start: dt.date
    end: dt.date
    site: UUID | None

    def rows(self, **more: Any) -> str:
        query: dict[str, Any] = {"day_from": self.start, "day_to": self.end - dt.timedelta(days=1)}
        if self.site is not None:
            query["site"] = self.site
        return f"{reverse('demand:late_days')}?{urlencode(query | more)}"


def late_page(actor: Actor, sites: Sequence[Site], *, days: int, at: dt.datetime) -> LatePage:
    """Delay of the last whole `days` by cause, week, weekday and clinician; five queries."""
    end = local_date(at, sites[0].time_zone)
    start = end - dt.timedelta(days=days)
    span = _Span(start, end, sites[0].unit_id if len(sites) == 1 else None)
    rows = clinic_days(actor, start=start, end=end, sites=sites)
    by_clinician = late_numbers(rows, "clinician_id")
    whole = _sum(by_clinician.values())
    earlier = clinic_days(actor, start=start - (end - start), end=start, sites=sites)
    before = late_numbers(earlier).get((), LateNumbers())
    past = replace(span, start=start - (end - start), end=start)
    weeks = late_numbers(rows.annotate(week=TruncWeek("day")), "week")
    weekdays = late_numbers(rows.annotate(weekday=ExtractIsoWeekDay("day")), "weekday")
    return LatePage(
        stats=_stats(whole, before, span),
        chart=_chart(weeks, span),
        grids=[
            _causes(whole, before, span, past),
            _clinicians(by_clinician, span),
            _lengths(lengths_by_kind(actor, [clinician for (clinician,) in by_clinician], on=end)),
            _weekdays(weekdays, span),
        ],
        start=start,
        end=end - dt.timedelta(days=1),
        visits=whole.visits,
    )


def _sum(found: Any) -> LateNumbers:
    visits = late_visits = late = 0
    causes = dict.fromkeys(Cause, 0)
    for one in found:
        visits, late_visits, late = visits + one.visits, late_visits + one.late_visits, late + one.delay.late
        for cause, seconds in one.delay.causes.items():
            causes[cause] += seconds
    return LateNumbers(visits, late_visits, type(LateNumbers().delay)(late, causes))


def _share(part: float, whole: float) -> float | None:
    return round(100 * part / whole, 1) if whole else None


def _stats(whole: LateNumbers, before: LateNumbers, span: _Span) -> list[Stat]:
    main = max(Cause, key=lambda cause: whole.delay.causes.get(cause, 0))
    late, earlier = _share(whole.late_visits, whole.visits), _share(before.late_visits, before.visits)
    return [
        Stat(
            _("Delay of a visit"), number_text(whole.minutes_a_visit), span.rows(), _("min"),
            change_text(whole.minutes_a_visit, before.minutes_a_visit),
            change_tone(whole.minutes_a_visit, before.minutes_a_visit, less_is_better=True),
            _("Minutes from the booked time until the clinician began, on average over all booked visits."),
        ),
        Stat(
            _("Begun late"), number_text(late), span.rows(), "%", change_text(late, earlier),
            change_tone(late, earlier, less_is_better=True),
            _("Visits that began more than %(minutes)s minutes after their time.") % {"minutes": ON_TIME // 60},
        ),
        Stat(
            _("Largest cause"), str(CAUSES[main]) if whole.delay.late else "–", span.rows(cause=main),
            hint=CAUSE_HELP[main],
        ),
    ]  # fmt: skip


def _chart(weeks: Mapping[tuple[Any, ...], LateNumbers], span: _Span) -> Chart:
    ordered = sorted(weeks.items())
    return Chart(
        key="late",
        title=_("Delay of a visit by cause, week by week"),
        kind="stacked",
        categories=[day_text(week) for (week,), _one in ordered],
        series=[
            Series(words, [round(one.delay.causes[cause] / 60 / one.visits, 2) if one.visits else None
                           for _week, one in ordered])
            for cause, words in CAUSES.items()
        ],
        unit=_("min"),
        hrefs=[
            _Span(max(week, span.start), min(week + dt.timedelta(days=7), span.end), span.site).rows()
            for (week,), _one in ordered
        ],
        summary=_("Minutes of delay an average visit had, by what caused them; the parts sum to the whole."),
        category_label=_("Week from"),
    )  # fmt: skip


def _causes(whole: LateNumbers, before: LateNumbers, span: _Span, past: _Span) -> Grid:
    ranked = sorted(Cause, key=lambda cause: -whole.delay.causes.get(cause, 0))
    lines = [
        Line(
            CAUSES[cause],
            [
                Cell(minutes_text(whole.delay.causes.get(cause, 0)), span.rows(cause=cause)),
                Cell(
                    number_text(_share(whole.delay.causes.get(cause, 0), whole.delay.late), "%"), span.rows(cause=cause)
                ),
                Cell(
                    number_text(_share(before.delay.causes.get(cause, 0), before.delay.late), "%"),
                    past.rows(cause=cause),
                ),
                Cell(str(CAUSE_HELP[cause])),
            ],
        )
        for cause in ranked
    ]
    total = Line(
        _("All"), [Cell(minutes_text(whole.delay.late), span.rows()), Cell("100\u00a0%"), Cell("100\u00a0%"), Cell("")]
    )
    return Grid(
        _("By cause"), _("Cause"), [_("Minutes"), _("Share"), _("Before"), _("What helps")], [*lines, total],
        note=_("“Before” is the period of the same length before."), words=(3,),
    )  # fmt: skip


def _cause_cells(one: LateNumbers, span: _Span, **more: Any) -> list[Cell]:
    return [Cell(minutes_text(one.delay.causes[cause]), span.rows(cause=cause, **more)) for cause in Cause]


def _clinicians(found: Mapping[tuple[Any, ...], LateNumbers], span: _Span) -> Grid:
    people = Clinician.objects.filter(pk__in=[key[0] for key in found]).select_related("person")
    names = {one.pk: one.label() for one in people}
    ranked = sorted(found.items(), key=lambda item: -(item[1].minutes_a_visit or 0))
    lines = [
        Line(
            names.get(clinician, "–"),
            [
                Cell(number_text(one.minutes_a_visit), span.rows(clinician=clinician)),
                Cell(minutes_text(one.delay.late), span.rows(clinician=clinician)),
                *_cause_cells(one, span, clinician=clinician),
            ],
        )
        for (clinician,), one in ranked[:60]
    ]
    return Grid(
        _("By clinician"), _("Clinician"), [_("Minutes a visit"), _("Minutes in all"), *CAUSES.values()], lines,
        note=_("Most delay first. A number opens the clinic days."),
    )  # fmt: skip


def _weekdays(found: Mapping[tuple[Any, ...], LateNumbers], span: _Span) -> Grid:
    lines = [
        Line(
            WEEKDAYS[weekday - 1],
            [
                Cell(number_text(one.minutes_a_visit), span.rows(weekday=weekday)),
                *_cause_cells(one, span, weekday=weekday),
            ],
        )
        for (weekday,), one in sorted(found.items())
    ]
    return Grid(_("By weekday"), _("Weekday"), [_("Minutes a visit"), *CAUSES.values()], lines)


def _lengths(found: Sequence[KindLength]) -> Grid:
    lines = [
        Line(
            one.name,
            [
                Cell(f"{one.slot}"),
                Cell(number_text(one.usual), "", "warn" if one.usual > one.slot else "", CAUSES[Cause.TEMPLATE]),
                Cell(f"{one.visits:,}"),
            ],
        )
        for one in found
    ]
    columns = [_("Minutes of the slot"), _("Minutes it usually takes"), _("Visits")]
    return Grid(
        _("Length of visits"), _("Kind of visit"), columns, lines,
        note=_("Medians of the three months before this month. How short a kind may be made is a standard."),
    )  # fmt: skip
