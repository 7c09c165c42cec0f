"""What the page of fill shows: clinicians beside each other, and what could move between them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import local_date
from medguild.foundation.organization.models import Site
from medguild.foundation.organization.people import Clinician
from medguild.foundation.ui.parts import Chart, Series
from medguild.operations.demand.fill import clinician_fills, limits_of, out_of_balance
from medguild.operations.demand.fill_rules import ClinicianFill, Imbalance, Move, SessionLoad
from medguild.operations.demand.records import Measure
from medguild.operations.demand.showing import WEEKDAYS, Cell, Cut, Grid, Line, number_text
from medguild.operations.demand.standards import Targets


@dataclass(frozen=True, slots=True)
class FillPage:
    chart: Chart | None
    grids: Sequence[Grid]
    start: dt.date
    end: dt.date
    raised: int


def fill_page(actor: Actor, sites: Sequence[Site], *, days: int, at: dt.datetime) -> FillPage:
    """Fill of the last whole `days` by clinician and specialty, with a proposal for each imbalance."""
    end = local_date(at, sites[0].time_zone)
    start = end - dt.timedelta(days=days)
    fills = [one for one in clinician_fills(actor, start=start, end=end, sites=sites) if one.bookable]
    found = out_of_balance(fills)
    people = Clinician.objects.filter(pk__in=[one.clinician_id for one in fills]).select_related("person")
    names = {one.pk: one.label() for one in people}
    cut = Cut(start, end, sites[0].unit_id if len(sites) == 1 else None)
    ordered = sorted(fills, key=lambda one: (one.group[1], -(one.percent or 0)))
    return FillPage(
        chart=_chart(ordered, names, cut) if ordered else None,
        grids=[*(_proposal(one, names) for one in found), _fills(ordered, names, cut)],
        start=start,
        end=end - dt.timedelta(days=1),
        raised=len(found),
    )


def _chart(fills: Sequence[ClinicianFill], names: Mapping[UUID, str], cut: Cut) -> Chart:
    shown = sorted(fills, key=lambda one: -(one.percent or 0))[:30]
    return Chart(
        key="fill",
        title=_("Template booked, by clinician"),
        kind="hbar",
        categories=[names[one.clinician_id] for one in shown],
        series=[Series(_("Booked"), [one.percent for one in shown])],
        unit="%",
        target=100,
        target_label=_("Full"),
        hrefs=[cut.rows(Measure.EXPECTED, clinician=str(one.clinician_id)) for one in shown],
        height="lg" if len(shown) > 12 else "md",
        category_label=_("Clinician"),
    )


def _fills(fills: Sequence[ClinicianFill], names: Mapping[UUID, str], cut: Cut) -> Grid:
    limits = limits_of(fills)
    return Grid(
        _("By specialty and clinician"), _("Clinician"),
        [_("Specialty"), _("Booked, %"), _("Hours booked"), _("Of these overbooked"), _("Hours offered")],
        [Line(names[one.clinician_id], _cells(one, limits[one.group[0]], cut)) for one in fills],
        note=_("Over 100 % by overbooking. Limits are standards of the entity."),
        empty=_("No template in this time."), words=(0,),
    )  # fmt: skip


def _cells(one: ClinicianFill, limits: Targets, cut: Cut) -> list[Cell]:
    who = str(one.clinician_id)
    booked = cut.rows(Measure.EXPECTED, clinician=who)
    overbooked = cut.rows(Measure.EXPECTED, clinician=who, overbooked="on")
    return [
        Cell(specialty_text(one.group[1])),
        _percent(one, limits, cut),
        Cell(number_text(round(one.used / 60, 1)), booked),
        Cell(number_text(round(one.overbooked / 60, 1)), overbooked),
        Cell(number_text(round(one.bookable / 60, 1)), reverse("scheduling:templates")),
    ]


def _percent(one: ClinicianFill, limits: Targets, cut: Cut) -> Cell:
    href = cut.rows(Measure.EXPECTED, clinician=str(one.clinician_id))
    text = number_text(one.percent)
    if (one.percent or 0) > limits.fill_most:
        return Cell(text, href, "bad", _("Too full"))
    if (one.percent or 0) < limits.fill_least:
        return Cell(text, href, "warn", _("Has room"))
    return Cell(text, href)


def specialty_text(specialty: str) -> str:
    return specialty.replace("_", " ").capitalize() or "–"


def _proposal(one: Imbalance, names: Mapping[UUID, str]) -> Grid:
    over, under = names[one.over.clinician_id], names[one.under.clinician_id]
    return Grid(
        _("%(over)s is too full beside %(under)s, who has room") % {"over": over, "under": under},
        _("Kind of visit"), [_("Visits"), _("Minutes"), _("From"), _("To")],
        [_move(move, over, under) for move in one.moves],
        note=_("%(full)s %% beside %(idle)s %%. What could move, over the same time: first patients who are bound to"
               " nobody yet; both come near to 90 %%.")
        % {"full": number_text(one.over.percent), "idle": number_text(one.under.percent)},
        empty=_("Their sessions have no kind of visit in common: open one of the sessions for another kind."),
        words=(2, 3),
    )  # fmt: skip


def _move(move: Move, over: str, under: str) -> Line:
    return Line(
        move.kind.name,
        [
            Cell(f"{move.visits:,}"), Cell(f"{move.minutes:,}"), Cell(f"{over}, {_when(move.origin)}"),
            Cell(f"{under}, {_when(move.target)}", reverse("scheduling:revise_session", args=[move.target.session_id])),
        ],
    )  # fmt: skip


def _when(session: SessionLoad) -> str:
    start, end = divmod(session.start_minute, 60), divmod(session.end_minute, 60)
    return f"{WEEKDAYS[session.weekday]} {start[0]}:{start[1]:02d}–{end[0]}:{end[1]:02d}"
