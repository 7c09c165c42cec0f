"""What the pages of changed templates show: changes of the last months, and one of them before and after."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import day_of
from medguild.foundation.organization.models import Site
from medguild.foundation.organization.people import Clinician
from medguild.foundation.ui.instants import day_text
from medguild.operations.demand.effect import DAYS, FEWEST_DAYS, Number, effect_of_change
from medguild.operations.demand.lengths_page import measure_text
from medguild.operations.demand.outcomes import measures_for
from medguild.operations.demand.ports import Aspect, VisitMeasure
from medguild.operations.demand.records import Measure
from medguild.operations.demand.showing import Cell, Cut, Grid, Line, change_text, change_tone, number_text
from medguild.operations.templates.selectors import AppliedChange, applied_changes

MONTHS_BACK = dt.timedelta(days=270)
FEWEST_ROWS, FEWEST_ANSWERS = 3, 10  # a difference of fewer is shown, but not judged
Halves = tuple[Number, Number]
Text = str | Promise
ASPECTS: Mapping[Aspect, Text] = {
    Aspect.WAIT: gettext_lazy("Waiting"),
    Aspect.STAFF: gettext_lazy("Load of the staff"),
    Aspect.QUALITY: gettext_lazy("Quality"),
    Aspect.EXPERIENCE: gettext_lazy("Satisfaction of patients"),
    Aspect.REVENUE: gettext_lazy("Revenue"),
}


# What is not asked of people directly is said so.
_NOTES: Mapping[Aspect, Text] = {
    Aspect.STAFF: gettext_lazy(
        "Nobody asks the staff how they are: a full template, patients squeezed in and notes written late stand for it."
    ),
    Aspect.EXPERIENCE: gettext_lazy(
        "Ratings of the patients who answered, with how many they are; few answers say little."
        " A complaint counts for the last visit before it."
    ),
}


@dataclass(frozen=True, slots=True)
class _Shown:
    """A number: what it is called, its unit, which visits it counts (`more` of their list's filters) or which page
    lists what it counts, whether less is better (None: neither)."""

    aspect: Aspect
    label: Text
    rows: Measure | str
    unit: Text = ""
    less: bool | None = True
    more: Mapping[str, str] = field(default_factory=dict)


_SAMPLES, _CLINIC_DAYS = "demand:samples", "demand:late_days"
_SHOWN: Mapping[str, _Shown] = {
    "third_next": _Shown(Aspect.WAIT, gettext_lazy("Third next available"), _SAMPLES, gettext_lazy("days")),
    "delay_minutes": _Shown(Aspect.WAIT, gettext_lazy("Delay of a visit"), _CLINIC_DAYS, gettext_lazy("min")),
    "late_share": _Shown(Aspect.WAIT, gettext_lazy("Begun late"), _CLINIC_DAYS, "%"),
    "fill": _Shown(Aspect.STAFF, gettext_lazy("Template booked"), Measure.EXPECTED, "%", None),
    "overbooked": _Shown(
        Aspect.STAFF, gettext_lazy("Overbooked a week"), Measure.EXPECTED, gettext_lazy("hours"),
        more={"overbooked": "on"},
    ),
    "note_late": _Shown(Aspect.STAFF, gettext_lazy("Notes not signed within two days"), Measure.NOTE_LATE, "%"),
    "returned": _Shown(Aspect.QUALITY, gettext_lazy("Came back within a week"), Measure.RETURNED, "%"),
    "kept": _Shown(Aspect.REVENUE, gettext_lazy("Visits kept"), Measure.KEPT, "", False),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ChangePage:
    """`days` is how many lie before and after; no grids while too few have passed."""

    who: str
    on: dt.date
    days: int
    version_url: str
    grids: Sequence[Grid]


def changes_grid(actor: Actor, *, at: dt.datetime) -> Grid:
    """Changes of templates that took effect in the last nine months, the newest first."""
    today = day_of(at)
    found = applied_changes(actor, start=today - MONTHS_BACK, end=today + dt.timedelta(days=1))
    names = _names({one.clinician_id for one in found})
    return Grid(
        _("Changes of the last nine months"), _("Clinician"),
        [_("In force since"), _("Visits moved"), _("Hours of four weeks before"), _("Hours of four weeks after")],
        [_change_line(one, names) for one in reversed(found)], words=(0,),
        note=_("Each opens the four weeks before and after it."),
    )  # fmt: skip


def _names(clinicians: set[UUID]) -> dict[UUID, str]:
    rows = Clinician.objects.filter(pk__in=clinicians).select_related("person")
    return {row.pk: row.label() for row in rows}


def _change_line(one: AppliedChange, names: Mapping[UUID, str]) -> Line:
    cells = [
        Cell(day_text(one.first_day)), Cell(f"{one.affected:,}"), Cell(number_text(one.minutes_before / 60)),
        Cell(number_text(one.minutes_after / 60)),
    ]  # fmt: skip
    return Line(names.get(one.clinician_id, "–"), cells, reverse("demand:change", args=[one.version_id]))


def change_page(
    actor: Actor, sites: Sequence[Site], *, clinician: Clinician, version_id: UUID, on: dt.date, at: dt.datetime
) -> ChangePage:
    """One change: the same number of days before and after it, four weeks where they have passed."""
    days = min(DAYS, (day_of(at) - on).days)
    grids = []
    if days >= FEWEST_DAYS:
        found = effect_of_change(actor, clinician_id=clinician.pk, sites=sites, on=on, days=days)
        span = dt.timedelta(days=days)
        cuts = Cut(on - span, on, clinician_id=clinician.pk), Cut(on, on + span, clinician_id=clinician.pk)
        grids = [_aspect(aspect, found, cuts, actor) for aspect in Aspect]
    return ChangePage(
        clinician.label(), on, max(days, 0), reverse("templates:show", args=[version_id]),
        [grid for grid in grids if grid.lines],
    )  # fmt: skip


def _aspect(aspect: Aspect, found: Mapping[str, tuple[Number, Number]], cuts: tuple[Cut, Cut], actor: Actor) -> Grid:
    lines = [_line(one, found[key], cuts, found["kept"]) for key, one in _SHOWN.items() if one.aspect is aspect]
    for measure in measures_for(actor):
        if measure.aspect is aspect:
            halves, bases = found[measure.key], found[f"{measure.key}.of"]
            cells = [
                Cell(measure_text(measure, value, base), measure.rows(cut.asked()))
                for value, base, cut in zip(halves, bases, cuts, strict=True)
            ]
            told = measure.cents or _enough(measure, halves, bases)
            less = measure.less_is_better if told else None
            lines.append(Line(measure.label, [*cells, _difference(*halves, less, measure.cents)]))
    columns = [_("Before"), _("After"), _("Change")]
    return Grid(ASPECTS[aspect], _("Number"), columns, lines, note=_NOTES.get(aspect, ""))


def _enough(measure: VisitMeasure, halves: Halves, bases: Halves) -> bool:
    """Whether a difference may be called better or worse: by several of what is counted, or of enough answers."""
    if measure.of:
        return min(base or 0 for base in bases) >= FEWEST_ANSWERS
    return _rows_between(halves, bases, measure.per) >= FEWEST_ROWS


def _rows_between(halves: Halves, bases: Halves, per: int) -> float:
    before, after = halves
    return abs((after or 0) - (before or 0)) * min(base or 0 for base in bases) / per


def _line(one: _Shown, halves: Halves, cuts: tuple[Cut, Cut], kept: Halves) -> Line:
    cells = [
        Cell(number_text(value, str(one.unit)), _address(one, cut)) for value, cut in zip(halves, cuts, strict=True)
    ]
    few = isinstance(one.rows, Measure) and one.unit == "%" and _rows_between(halves, kept, 100) < FEWEST_ROWS
    return Line(one.label, [*cells, _difference(*halves, None if few else one.less)])


def _address(one: _Shown, cut: Cut) -> str:
    """The visits, samples or clinic days of a half that a number counts."""
    if isinstance(one.rows, Measure):
        return cut.rows(one.rows, **one.more)
    return f"{reverse(one.rows)}?{urlencode(cut.asked())}"


def _difference(before: Number, after: Number, less: bool | None, cents: bool = False) -> Cell:
    scale = 100 if cents else 1
    text = change_text(after / scale if after is not None else None, before / scale if before is not None else None)
    tone = change_tone(after, before, less_is_better=less) if less is not None else ""
    return Cell(text or "–", "", tone, _("Worse") if tone == "bad" else _("Better"))
