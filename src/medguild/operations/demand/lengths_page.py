"""What the page of lengths shows: how long visits are, beside what came of them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import local_date
from medguild.foundation.kernel.money import dollars
from medguild.foundation.organization.models import Site
from medguild.foundation.organization.people import Clinician
from medguild.operations.demand.lateness import typical_rows, usual_minutes
from medguild.operations.demand.models import TypicalTime
from medguild.operations.demand.outcomes import Outcome, measures_for, outcomes
from medguild.operations.demand.ports import VisitMeasure
from medguild.operations.demand.records import Measure, measured, visits_between
from medguild.operations.demand.showing import Cell, Cut, Grid, Line, number_text
from medguild.operations.scheduling.models import VisitType

_MOST = 80
Text = str | Promise


@dataclass(frozen=True, slots=True)
class LengthsPage:
    grids: Sequence[Grid]
    start: dt.date
    end: dt.date
    visits: int


@dataclass(frozen=True, slots=True)
class _Found:
    kinds: Mapping[UUID, VisitType]
    usual: Mapping[tuple[UUID, UUID], TypicalTime]
    measures: Sequence[VisitMeasure]
    cut: Cut

    def columns(self, *first: Text) -> list[Text]:
        told = [one.label for one in self.measures]
        return [*first, _("Came back within a week, %"), _("Notes late, %"), *told, _("Visits kept")]

    def cells(self, one: Outcome, **who: str) -> list[Cell]:
        """What came of the visits, each number with what it counts."""
        kept = self.cut.rows(Measure.KEPT, **who)
        return [
            Cell(number_text(one.returned_share), self.cut.rows(Measure.RETURNED, **who)),
            Cell(number_text(one.note_late_share), self.cut.rows(Measure.NOTE_LATE, **who)),
            *(
                Cell(measure_text(measure, one.per(measure), one.base(measure)), measure.rows(self.cut.asked(**who)))
                for measure in self.measures
            ),
            Cell(f"{one.visits:,}", kept),
        ]


def measure_text(measure: VisitMeasure, value: float | None, base: float | None) -> str:
    """Beside what is not told of every visit stands of how many it is: 8.7 (31)."""
    if value is None:
        return "–"
    text = dollars(round(value)) if measure.cents else number_text(value)
    return f"{text}\u00a0({base:,.0f})" if measure.of else text


def lengths_page(actor: Actor, sites: Sequence[Site], *, days: int, at: dt.datetime) -> LengthsPage:
    """Kinds of visits of the last whole `days`, then each with each clinician."""
    end = local_date(at, sites[0].time_zone)
    start = end - dt.timedelta(days=days)
    kept = measured(visits_between(actor, start=start, end=end, sites=sites), Measure.KEPT)
    by_both = outcomes(actor, kept, "visit_type_id", "clinician_id")
    by_kind: dict[tuple[UUID, ...], Outcome] = defaultdict(Outcome)
    for (kind, _clinician), one in by_both.items():
        by_kind[(kind,)] += one
    clinicians = {clinician for _kind, clinician in by_both}
    found = _Found(
        VisitType.objects.in_bulk([kind for (kind,) in by_kind]), typical_rows(actor, clinicians, on=end),
        measures_for(actor), Cut(start, end, sites[0].unit_id if len(sites) == 1 else None),
    )  # fmt: skip
    names = {row.pk: row.label() for row in Clinician.objects.filter(pk__in=clinicians).select_related("person")}
    return LengthsPage(
        [_kinds(by_kind, found), _clinicians(by_both, names, found)], start, end - dt.timedelta(days=1),
        sum(one.visits for one in by_kind.values()),
    )  # fmt: skip


def _kinds(by_kind: Mapping[tuple[UUID, ...], Outcome], found: _Found) -> Grid:
    usual: dict[UUID, list[TypicalTime]] = defaultdict(list)
    for (_clinician, kind), row in found.usual.items():
        usual[kind].append(row)
    ranked = sorted(by_kind.items(), key=lambda item: -item[1].visits)
    lines = [
        Line(
            found.kinds[kind].name,
            [
                Cell(number_text(one.minutes), found.cut.rows(Measure.KEPT, visit_type=str(kind))),
                _usual(usual_minutes(usual[kind]), one),
                Cell(str(found.kinds[kind].shortest_minutes or "–"), reverse("scheduling:visit_types")),
                *found.cells(one, visit_type=str(kind)),
            ],
        )
        for (kind,), one in ranked
    ]
    return Grid(
        _("By kind of visit"), _("Kind of visit"),
        found.columns(_("Minutes booked"), _("Minutes it usually takes"), _("Shortest allowed")), lines,
        note=_("A template or a visit shorter than the shortest allowed is refused, unless a deviation is approved."
               " Compare before you shorten: who comes back within a week may not have been helped."),
    )  # fmt: skip


def _usual(minutes: float | None, one: Outcome) -> Cell:
    longer = minutes is not None and one.minutes is not None and minutes > one.minutes
    return Cell(number_text(minutes), "", "warn" if longer else "", _("Slot too short"))


def _clinicians(by_both: Mapping[tuple[UUID, ...], Outcome], names: Mapping[UUID, str], found: _Found) -> Grid:
    ranked = sorted(by_both.items(), key=lambda item: (found.kinds[item[0][0]].name, -item[1].visits))
    lines = []
    for (kind, clinician), one in ranked[:_MOST]:
        who = {"visit_type": str(kind), "clinician": str(clinician)}
        learned = found.usual.get((clinician, kind))
        cells = [
            Cell(names.get(clinician, "–")), Cell(number_text(one.minutes), found.cut.rows(Measure.KEPT, **who)),
            _usual(usual_minutes([learned]) if learned else None, one), *found.cells(one, **who),
        ]  # fmt: skip
        lines.append(Line(found.kinds[kind].name, cells))
    return Grid(
        _("By kind and clinician"), _("Kind of visit"),
        found.columns(_("Clinician"), _("Minutes booked"), _("Minutes it usually takes")), lines, words=(0,),
        note=_("Usual lengths are medians of three months. Few visits say little."),
    )  # fmt: skip
