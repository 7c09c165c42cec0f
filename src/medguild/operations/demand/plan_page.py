"""What the page of the weeks ahead shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.organization.models import Site
from medguild.foundation.organization.people import Clinician
from medguild.foundation.ui.instants import day_text
from medguild.foundation.ui.parts import Chart, Series
from medguild.operations.demand.planner import Outlook, PlannedWeek, plan_weeks
from medguild.operations.demand.records import Measure
from medguild.operations.demand.showing import Cell, Cut, Grid, Line, number_text

OUTLOOKS: Mapping[Outlook, tuple[str, str | Promise]] = {
    Outlook.SHORT: ("bad", gettext_lazy("Too few hours")),
    Outlook.TIGHT: ("warn", gettext_lazy("Tight")),
    Outlook.FINE: ("", ""),
    Outlook.SPARE: ("warn", gettext_lazy("Hours to spare")),
}


@dataclass(frozen=True, slots=True)
class PlanPage:
    chart: Chart
    grid: Grid
    foretold: bool
    any: bool


def plan_page(actor: Actor, sites: Sequence[Site], *, at: dt.datetime) -> PlanPage:
    """Hours foretold, offered and booked for each of the coming weeks."""
    plan = plan_weeks(actor, sites, at=at)
    site = sites[0].unit_id if len(sites) == 1 else None
    people = Clinician.objects.filter(pk__in={pk for week in plan.weeks for pk in week.away}).select_related("person")
    names = {one.pk: one.label() for one in people}
    return PlanPage(
        chart=_chart(plan.weeks, site),
        grid=_grid(plan.weeks, names, site),
        foretold=any(week.foretold for week in plan.weeks),
        any=any(week.offered or week.booked for week in plan.weeks),
    )


def _hours(minutes: float | None) -> float | None:
    return round(minutes / 60, 1) if minutes is not None else None


def _rows(week: PlannedWeek, site: UUID | None) -> str:
    return Cut(week.monday, week.monday + dt.timedelta(days=7), site).rows(Measure.WANTED)


def _chart(weeks: Sequence[PlannedWeek], site: UUID | None) -> Chart:
    return Chart(
        key="plan",
        title=_("Hours wanted and offered, week by week"),
        kind="line",
        categories=[day_text(week.monday) for week in weeks],
        series=[
            Series(_("Offered"), [_hours(week.offered) for week in weeks]),
            Series(_("Expected"), [_hours(week.foretold.amount) if week.foretold else None for week in weeks]),
            Series(_("Expected, low"), [_hours(week.foretold.low) if week.foretold else None for week in weeks]),
            Series(_("Expected, high"), [_hours(week.foretold.high) if week.foretold else None for week in weeks]),
            Series(_("Booked already"), [_hours(week.booked) for week in weeks]),
        ],
        unit=_("hours"),
        hrefs=[_rows(week, site) for week in weeks],
        summary=_("In eight of ten weeks what is wanted should lie between low and high."),
        category_label=_("Week from"),
    )


def _grid(weeks: Sequence[PlannedWeek], names: Mapping[UUID, str], site: UUID | None) -> Grid:
    return Grid(
        _("Week by week"), _("Week from"),
        [_("Expected hours"), _("From – to"), _("Offered hours"), _("Lost to leave"), _("Booked already"), _("Away")],
        [Line(day_text(week.monday), _cells(week, names, site)) for week in weeks],
        note=_("Expected: the level of the last eight weeks, the season, and working days without closures. How many"
               " patients each clinician looks after is not known here."),
        words=(5,),
    )  # fmt: skip


def _cells(week: PlannedWeek, names: Mapping[UUID, str], site: UUID | None) -> list[Cell]:
    told = week.foretold
    tone, flag = OUTLOOKS[week.outlook] if week.outlook else ("", "")
    between = f"{number_text(_hours(told.low))} – {number_text(_hours(told.high))}" if told else "–"
    templates = reverse("scheduling:templates")
    return [
        Cell(number_text(_hours(told.amount if told else None))),
        Cell(between),
        Cell(number_text(_hours(week.offered)), templates, tone, flag),
        Cell(number_text(_hours(week.lost_to_leave)), templates if week.lost_to_leave else ""),
        Cell(number_text(_hours(week.booked)), _rows(week, site)),
        Cell(", ".join(sorted(names.get(pk, "–") for pk in week.away))),
    ]
