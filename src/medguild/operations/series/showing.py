"""How a series and its plans are put before people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from medguild.foundation.ui.instants import instant_text
from medguild.operations.series.forms import PREFIX
from medguild.operations.series.lines import Take
from medguild.operations.series.models import Occurrence, Series
from medguild.operations.series.planning import Proposal
from medguild.operations.series.rules import Act, Standing
from medguild.operations.series.selectors import live_occurrences, rule_of, rules_of, standing_of
from medguild.operations.series.words import ACT_TONES, ACTS, STANDING_TONES, STANDINGS, rule_words


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line of a plan: `options` are (value, words); `chosen` is what was chosen before, else the first counts."""

    number: int
    name: str
    planned: dt.datetime | None
    now: dt.datetime | None
    act: str | Promise
    tone: str
    words: str
    options: list[tuple[str, str]]
    chosen: str


def shown_line(one: Proposal, zone: str, posted: Mapping[str, str]) -> ShownLine:
    line, name = one.line, f"{PREFIX}{one.line.number}"
    visit = line.visit
    moved = visit.start if visit is not None and visit.start != line.planned else None
    return ShownLine(
        line.number, name, line.planned, moved, ACTS[line.act],
        "bad" if not one.possible else ACT_TONES[line.act], "" if one.possible else one.words,
        _options(one, zone) if one.asks else [], posted.get(name, ""),
    )  # fmt: skip


def _options(one: Proposal, zone: str) -> list[tuple[str, str]]:
    new = one.line.act is Act.ADD
    found = [] if not one.possible else [(Take.AS_PLANNED.value, _("Book it") if new else _("Move it"))]
    found += [(start.isoformat(), instant_text(start, zone, "datetime")) for start in one.others]
    if new:
        return [*found, (Take.SKIP.value, _("Skip it"))]
    return [*found, (Take.LEAVE.value, _("Leave it where it is")), (Take.SKIP.value, _("Give it up"))]


@dataclass(frozen=True, slots=True)
class ShownOccurrence:
    row: Occurrence
    standing: str | Promise
    tone: str
    start: dt.datetime
    zone: str
    clinician: str
    editable: bool


def shown_series(series: Series, *, at: dt.datetime) -> dict[str, Any]:
    """All that the page of a series needs."""
    rows = [_shown(one, at) for one in live_occurrences(series)]
    rules = [(rule, rule_words(rule)) for rule in rules_of(series)]
    return {
        "rows": rows,
        "rules": [pair for pair in rules if pair[0].replaced_at is None],
        "replaced": [pair for pair in rules if pair[0].replaced_at is not None],
        "first_to_come": next((one.row.number for one in rows if one.editable), None),
        "to_come": sum(one.editable and one.row.appointment is not None for one in rows),
    }


def _shown(one: Occurrence, at: dt.datetime) -> ShownOccurrence:
    rule = rule_of(one.series, one.number)
    standing = standing_of(one, rule, at=at)
    visit = one.appointment
    return ShownOccurrence(
        one, STANDINGS[standing], STANDING_TONES[standing], visit.start if visit else one.planned,
        (visit.unit if visit else rule.unit).site.time_zone, (visit.clinician if visit else rule.clinician).label(),
        standing in (Standing.REGULAR, Standing.MOVED),
    )  # fmt: skip


def any_refused(proposals: Sequence[Proposal]) -> bool:
    return any(not one.possible for one in proposals)


def network_words(proposals: Sequence[Proposal]) -> str:
    """What the patient is to be told, empty where all visits are in network."""
    return next((one.words for one in proposals if one.asks_network), "")
