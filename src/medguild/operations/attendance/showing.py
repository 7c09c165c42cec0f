"""How models, tests and audits are shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from medguild.foundation.ui.parts import Chart, Series
from medguild.operations.attendance.metric_rules import Evaluation, Quality
from medguild.operations.attendance.models import FairnessCell, NoShowModel
from medguild.operations.attendance.words import DIMENSIONS, FEATURES, FLAGS, SHORTFALLS
from medguild.patients.identity.words import LANGUAGES, SEXES
from medguild.payers.payers.words import PAYER_KINDS

_GROUPS: dict[str, dict[str, Any]] = {
    "sex": {str(key): words for key, words in dict(SEXES).items()},
    "language": {str(key): words for key, words in LANGUAGES},
    "payer": {str(key): words for key, words in PAYER_KINDS},
}


def percent(share: float | None, places: int = 1) -> str:
    """12.3 %, or a dash."""
    return "–" if share is None else f"{100 * share:.{places}f} %"


def number(value: float | None, places: int = 3) -> str:
    return "–" if value is None else f"{value:.{places}f}"


@dataclass(frozen=True, slots=True)
class Row:
    label: Any
    cells: Sequence[Any]


def quality_rows(found: Evaluation) -> list[Row]:
    """The model beside what is known without it, with and without same-day bookings."""
    return [
        Row(_("This model"), _quality(found.whole)),
        Row(_("This model, without same-day bookings"), _quality(found.later)),
        Row(_("Lead time alone"), _quality(found.lead_only)),
        Row(_("Lead time alone, without same-day bookings"), _quality(found.lead_only_later)),
        Row(_("This model, not recalibrated"), _quality(found.raw)),
        Row(
            _("The average rate for everybody"),
            [
                f"{found.whole.visits:,}",
                percent(found.whole.rate),
                number(0.5),
                number(found.base_brier, 4),
                "–",
                "–",
                "–",
            ],
        ),
    ]


def quality_columns() -> list[str]:
    """The headings of `quality_rows`."""
    return [
        _("Visits"),
        _("Missed"),
        _("AUC"),
        _("Brier score"),
        _("Log loss"),
        _("Calibration error"),
        _("Missed in the top tenth"),
    ]


def _quality(one: Quality) -> list[str]:
    return [
        f"{one.visits:,}", percent(one.rate), number(one.auc), number(one.brier, 4), number(one.log_loss),
        percent(one.ece), percent(one.top_tenth),
    ]  # fmt: skip


def calibration_chart(found: Evaluation) -> Chart:
    """Ten groups of visits by probability: what was foretold, and what happened."""
    groups = found.whole.tenths
    return Chart(
        key="calibration", title=_("Foretold and happened, by tenth of visits"), kind="line", unit="%",
        categories=[str(place) for place in range(1, len(groups) + 1)],
        series=[
            Series(_("Foretold, %"), [round(100 * group.predicted, 1) for group in groups]),
            Series(_("Missed, %"), [round(100 * group.observed, 1) for group in groups]),
        ],
        summary=_("Where the lines lie on each other, probabilities mean what they say."),
        category_label=_("Tenth, the lowest probability first"),
    )  # fmt: skip


def shortfall_words(model: NoShowModel) -> list[Any]:
    return [SHORTFALLS[short] for short in model.shortfalls]


def feature_words(model: NoShowModel) -> list[Any]:
    return [words for feature, words in FEATURES.items() if feature.value in model.features]


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One group of the audit; `flags` in words, `hidden` where the cell is too small."""

    label: Any
    cells: Sequence[str]
    flags: Sequence[Any]
    hidden: bool


@dataclass(frozen=True, slots=True)
class GroupTable:
    title: Any
    rows: Sequence[GroupRow]

    @property
    def columns(self) -> list[str]:
        return [
            _("Visits"), _("Missed"), _("Foretold"), _("Calibration"), _("Wrongly high"), _("Overbooked"),
            _("Days waited"),
        ]  # fmt: skip


def group_tables(cells: Iterable[FairnessCell]) -> list[GroupTable]:
    """The audit, a table for each dimension."""
    found: dict[str, list[GroupRow]] = {}
    for cell in cells:
        found.setdefault(cell.dimension, []).append(_group(cell))
    return [GroupTable(words, found[key]) for key, words in DIMENSIONS.items() if key in found]


def _group(cell: FairnessCell) -> GroupRow:
    label = _GROUPS.get(cell.dimension, {}).get(cell.group, _("none") if cell.group == "none" else cell.group)
    if cell.visits is None:
        return GroupRow(label, [], [], hidden=True)
    numbers = [
        f"{cell.visits:,}", percent(cell.missed), percent(cell.predicted), number(cell.calibration, 2),
        percent(cell.false_positives), percent(cell.overbooked), number(cell.wait, 1),
    ]  # fmt: skip
    return GroupRow(label, numbers, [FLAGS[flag] for flag in cell.flags], hidden=False)
