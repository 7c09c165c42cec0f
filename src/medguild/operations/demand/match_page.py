"""What the page of wanted and offered slots shows: mismatches in plain words, the most minutes first."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import local_date
from medguild.foundation.organization.models import Site
from medguild.foundation.ui.parts import Chart, Series
from medguild.operations.demand.matching import Matched, match
from medguild.operations.demand.matching_rules import Mismatch, idle, ranked
from medguild.operations.demand.records import Measure
from medguild.operations.demand.showing import (
    WEEKDAYS,
    Cell,
    Cut,
    Grid,
    Line,
    Stat,
    band_text,
    number_text,
)

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class MatchPage:
    stats: Sequence[Stat]
    sentences: Sequence[tuple[str, str]]
    charts: Sequence[Chart]
    grids: Sequence[Grid]
    start: dt.date
    end: dt.date
    any: bool


def match_view(actor: Actor, sites: Sequence[Site], *, days: int, at: dt.datetime) -> MatchPage:
    """Wanted and offered slots a week over the last whole `days`."""
    end = local_date(at, sites[0].time_zone)
    start = end - dt.timedelta(days=days)
    found = match(actor, start=start, end=end, sites=sites)
    cut = Cut(start, end, sites[0].unit_id if len(sites) == 1 else None)
    short, spare = ranked(found.cells), idle(found.cells)
    return MatchPage(
        stats=_stats(found, cut),
        sentences=[(sentence(cell, found), _rows(cell, cut)) for cell in short[:5]],
        charts=[_chart(found, cut, "weekday"), _chart(found, cut, "band")],
        grids=[
            _grid(_("Too little offered"), short, found, cut, _("In no hour is clearly more wanted than offered.")),
            _grid(_("More offered than wanted"), spare, found, cut, _("No hour in which time is left over.")),
        ],
        start=start,
        end=end - dt.timedelta(days=1),
        any=bool(found.cells),
    )


def sentence(cell: Mismatch, found: Matched) -> str:
    """Tuesday 8:00–10:00, New patient visit: 14 wanted, 6 offered a week."""
    weekday, band = cell.place
    return _("%(day)s %(hours)s, %(kind)s: %(wanted)s wanted, %(offered)s offered a week") % {
        "day": WEEKDAYS[weekday], "hours": band_text(band), "kind": _name(cell, found),
        "wanted": number_text(round(cell.wanted, 1)), "offered": number_text(round(cell.offered, 1)),
    }  # fmt: skip


def _name(cell: Mismatch, found: Matched) -> str:
    kind = found.kinds.get(cell.kind) if isinstance(cell.kind, UUID) else None
    return kind.name if kind else "–"


def _rows(cell: Mismatch, cut: Cut) -> str:
    weekday, band = cell.place
    return cut.rows(Measure.WANTED, weekday=str(weekday), band=str(band), visit_type=str(cell.kind))


def _stats(found: Matched, cut: Cut) -> list[Stat]:
    days = {"day_from": cut.start.isoformat(), "day_to": (cut.end - dt.timedelta(days=1)).isoformat()}
    site = {"site": str(cut.site_id)} if cut.site_id else {}
    calls = {"outcome": "abandoned", "reason": "appointment", "direction": "inbound"}
    return [
        Stat(_("Booked"), f"{found.booked:,}", cut.rows(Measure.WANTED),
             hint=_("Visits booked in this time, without those that patients gave up before.")),
        Stat(_("On the waiting list"), f"{found.waiting:,}", reverse("waitlist:list"),
             hint=_("People who wanted a time in these weeks and have none.")),
        Stat(_("Searches that found nothing"), f"{found.searched:,}",
             f"{reverse('demand:searches')}?{urlencode(days | site | {'in_vain': 'on'})}",
             hint=_("Looks for a time at a site by staff, patients or programs, each wish counted once.")),
        Stat(_("Lost calls about appointments"), f"{found.lost_calls:,}",
             f"{reverse('calls:list')}?{urlencode(days | site | calls)}",
             hint=_("Callers who hung up while they waited. Their wishes are not known: they are in no hour below.")),
    ]  # fmt: skip


def _chart(found: Matched, cut: Cut, by: str) -> Chart:
    """Hours wanted and offered a week, by weekday or by hours of the day."""
    key: Callable[[Mismatch], int] = (lambda cell: cell.place[0]) if by == "weekday" else (lambda cell: cell.place[1])
    wanted: dict[int, float] = defaultdict(float)
    offered: dict[int, float] = defaultdict(float)
    for cell in found.cells:
        wanted[key(cell)] += cell.wanted * cell.minutes / 60
        offered[key(cell)] += cell.offered * cell.minutes / 60
    places = sorted(wanted.keys() | offered.keys())
    return Chart(
        key=f"match-{by}",
        title=_("By weekday") if by == "weekday" else _("By hours of the day"),
        kind="bar",
        categories=[str(WEEKDAYS[place]) if by == "weekday" else band_text(place) for place in places],
        series=[
            Series(_("Wanted"), [round(wanted[place], 1) for place in places]),
            Series(_("Offered"), [round(offered[place], 1) for place in places]),
        ],
        unit=_("hours a week"),
        hrefs=[cut.rows(Measure.WANTED, **{by: str(place)}) for place in places],
        height="sm",
        category_label=_("Weekday") if by == "weekday" else _("Hours"),
    )


def _grid(title: str, cells: Sequence[Mismatch], found: Matched, cut: Cut, empty: str) -> Grid:
    lines = [
        Line(
            f"{WEEKDAYS[cell.place[0]]} {band_text(cell.place[1])}",
            [
                Cell(_name(cell, found)),
                Cell(number_text(round(cell.wanted, 1)), _rows(cell, cut)),
                Cell(number_text(round(cell.offered, 1)), reverse("scheduling:templates")),
                Cell(number_text(round(abs(cell.gap), 1))),
                Cell(number_text(round(abs(cell.gap_minutes)))),
            ],
        )
        for cell in cells[:_SHOWN]
    ]
    return Grid(
        title, _("When"),
        [_("Kind of visit"), _("Wanted a week"), _("Offered a week"), _("Difference"), _("Minutes a week")], lines,
        empty=empty, words=(0,),
    )  # fmt: skip
