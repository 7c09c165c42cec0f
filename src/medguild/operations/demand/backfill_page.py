"""What the page of times filled again shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import local_date
from medguild.foundation.organization.models import Site
from medguild.foundation.ui.instants import day_text
from medguild.foundation.ui.parts import Chart, Series
from medguild.operations.demand.backfill import Backfill, backfill
from medguild.operations.demand.records import Measure
from medguild.operations.demand.rules import Filler, Lead, Share
from medguild.operations.demand.showing import (
    Cell,
    Cut,
    Grid,
    Line,
    Stat,
    change_text,
    change_tone,
    judged,
    number_text,
)
from medguild.operations.demand.standards import targets_of
from medguild.operations.demand.words import FILLERS, LEADS


@dataclass(frozen=True, slots=True)
class BackfillPage:
    stats: Sequence[Stat]
    chart: Chart
    grids: Sequence[Grid]
    start: dt.date
    end: dt.date
    cancelled: int


def backfill_page(actor: Actor, sites: Sequence[Site], *, days: int, at: dt.datetime) -> BackfillPage:
    """Times of the last whole `days` that were cancelled, and which of them were filled again."""
    end = local_date(at, sites[0].time_zone)
    start = end - dt.timedelta(days=days)
    found = backfill(actor, start=start, end=end, sites=sites)
    before = backfill(actor, start=start - (end - start), end=start, sites=sites)
    cut = Cut(start, end, sites[0].unit_id if len(sites) == 1 else None)
    return BackfillPage(
        stats=_stats(found, before, cut),
        chart=_chart(found, cut),
        grids=[_by_lead(found, cut), _by_door(found, cut), *([_by_site(found, sites, cut)] if len(sites) > 1 else [])],
        start=start,
        end=end - dt.timedelta(days=1),
        cancelled=found.whole.whole,
    )


def _stats(found: Backfill, before: Backfill, cut: Cut) -> list[Stat]:
    rate, earlier = found.whole.percent, before.whole.percent
    return [
        Stat(
            _("Filled again"), number_text(rate), cut.rows(Measure.FILLED_AGAIN), "%", change_text(rate, earlier),
            change_tone(rate, earlier, less_is_better=False),
            _("Cancelled times that another visit of the clinician was booked into, of all cancelled."),
        ),
        Stat(_("Cancelled times"), f"{found.whole.whole:,}", cut.rows(Measure.CANCELLED_TIME)),
        Stat(
            _("Offers of the waiting list accepted"), number_text(found.accepted.percent), reverse("waitlist:list"),
            "%",
            hint=_("%(yes)s of %(all)s offers that were answered, expired or went to somebody else.")
            % {"yes": found.accepted.part, "all": found.accepted.whole},
        ),
    ]  # fmt: skip


def _chart(found: Backfill, cut: Cut) -> Chart:
    weeks = list(found.by_week.items())
    return Chart(
        key="backfill",
        title=_("Filled again, week by week"),
        kind="line",
        categories=[day_text(week) for week, _share in weeks],
        series=[Series(_("Filled again"), [share.percent for _week, share in weeks])],
        unit="%",
        hrefs=[
            Cut(max(week, cut.start), min(week + dt.timedelta(days=7), cut.end), cut.site_id).rows(Measure.FILLED_AGAIN)
            for week, _share in weeks
        ],
        height="sm",
        category_label=_("Week from"),
    )


def _by_lead(found: Backfill, cut: Cut) -> Grid:
    lines = [
        Line(
            LEADS[lead],
            [
                Cell(f"{share.whole:,}", cut.rows(Measure.CANCELLED_TIME, lead=lead)),
                Cell(f"{share.part:,}", cut.rows(Measure.FILLED_AGAIN, lead=lead)),
                Cell(number_text(share.percent)),
            ],
        )
        for lead in Lead
        for share in [found.by_lead.get(lead, Share())]
    ]
    columns = [_("Cancelled"), _("Filled again"), _("Share, %")]
    return Grid(_("By how long before"), _("Cancelled"), columns, lines,
                note=_("The later a time is given up, the fewer can still take it."))  # fmt: skip


def _by_door(found: Backfill, cut: Cut) -> Grid:
    lines = [
        Line(
            FILLERS[door],
            [
                Cell(f"{found.by_door.get(door, 0):,}", cut.rows(Measure.FILLED_AGAIN, door=door)),
                Cell(number_text(_part(found, door))),
            ],
        )
        for door in Filler
    ]
    return Grid(_("How they were filled"), _("Through"), [_("Times"), _("Share, %")], lines)


def _part(found: Backfill, door: Filler) -> float | None:
    return Share(found.by_door.get(door, 0), found.whole.part).percent


def _by_site(found: Backfill, sites: Sequence[Site], cut: Cut) -> Grid:
    targets = targets_of([site.unit_id for site in sites])
    lines = []
    for site in sites:
        share = found.by_site.get(site.unit_id, Share())
        own = Cut(cut.start, cut.end, site.unit_id)
        cells = [
            Cell(f"{share.whole:,}", own.rows(Measure.CANCELLED_TIME)),
            Cell(f"{share.part:,}", own.rows(Measure.FILLED_AGAIN)),
            judged(share.percent, targets[site.unit_id].backfill, less_is_better=False,
                   href=own.rows(Measure.FILLED_AGAIN)),
        ]  # fmt: skip
        lines.append(Line(site.unit.name, cells))
    return Grid(_("By site"), _("Site"), [_("Cancelled"), _("Filled again"), _("Share, %")], lines,
                note=_("Targets are standards of the site."))  # fmt: skip
