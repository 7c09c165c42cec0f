"""Tables of numbers, each cell with the address of its rows; tabs of the room; texts of numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from medguild.foundation.ui.parts import Tab
from medguild.operations.demand.matching_rules import BAND_MINUTES
from medguild.operations.demand.records import Measure

Text = str | Promise

_PAGES = (
    ("demand:access", _("Access")),
    ("demand:match", _("Wanted and offered")),
    ("demand:fill", _("Fill")),
    ("demand:late", _("Late running")),
    ("demand:lengths", _("Length of visits")),
    ("demand:changes", _("Changed templates")),
    ("demand:backfill", _("Filled again")),
    ("demand:scarce", _("Scarcest resource")),
    ("demand:plan", _("Weeks ahead")),
)


def page_tabs(here: str) -> list[Tab]:
    return [Tab(label, reverse(name), name == here) for name, label in _PAGES]


@dataclass(frozen=True, slots=True)
class Cell:
    """A number, its rows, and in words why it stands out (`tone` ok, warn or bad with `flag`)."""

    text: str
    href: str = ""
    tone: str = ""
    flag: Text = ""


@dataclass(frozen=True, slots=True)
class Line:
    label: Text
    cells: Sequence[Cell]
    href: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of numbers. `note` stands under the title, `empty` is said where there are no lines.

    `words` are the columns, from 0, that hold words and so begin at the left.
    """

    title: Text
    head: Text
    columns: Sequence[Text]
    lines: Sequence[Line]
    note: Text = ""
    empty: Text = _("Nothing in this time.")
    words: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Stat:
    """A number with the address of its rows, its change against the period before, and what it means."""

    label: Text
    value: str
    href: str = ""
    unit: Text = ""
    delta: str = ""
    tone: str = ""
    hint: Text = ""


@dataclass(frozen=True, slots=True)
class Cut:
    """What of the records a number counts: whole days (`end` not included), a site or a whole practice, a clinician, a
    kind of visit."""

    start: dt.date
    end: dt.date
    site_id: UUID | None = None
    clinician_id: UUID | None = None
    visit_type_id: UUID | None = None
    more: dict[str, str] = field(default_factory=dict)
    practice_id: UUID | None = None

    def rows(self, measure: Measure, **more: str) -> str:
        """The address of the list with just these visits."""
        return f"{reverse('demand:visits')}?{urlencode({'measure': measure.value} | self.asked(**more))}"

    def asked(self, **more: str) -> dict[str, str]:
        """What a list of visits is asked for: `day_from`, `day_to`, `site`, `practice`, `clinician`, `visit_type`."""
        query = {
            "day_from": self.start.isoformat(),
            "day_to": (self.end - dt.timedelta(days=1)).isoformat(),
        }
        for name, value in (
            ("site", self.site_id), ("practice", self.practice_id), ("clinician", self.clinician_id),
            ("visit_type", self.visit_type_id),
        ):  # fmt: skip
            if value is not None:
                query[name] = str(value)
        return query | self.more | more


def number_text(value: float | None, unit: str = "") -> str:
    """12.3 %, 4 or a dash for nothing."""
    if value is None:
        return "–"
    text = f"{value:,.1f}".removesuffix(".0")
    return f"{text}\u00a0{unit}" if unit else text


def change_text(value: float | None, before: float | None) -> str:
    if value is None or before is None or round(value, 1) == round(before, 1):
        return ""
    return f"{value - before:+,.1f}".removesuffix(".0").replace("-", "−")


def change_tone(value: float | None, before: float | None, *, less_is_better: bool) -> str:
    if value is None or before is None or round(value, 1) == round(before, 1):
        return ""
    return "ok" if (value < before) is less_is_better else "bad"


def judged(
    value: float | None, target: float, *, less_is_better: bool, unit: str = "", href: str = "", slack: float = 0
) -> Cell:
    """A number beside its target: bad beyond it."""
    text = number_text(value, unit)
    if value is None:
        return Cell(text, href)
    missed = value > target + slack if less_is_better else value < target - slack
    return Cell(text, href, "bad" if missed else "ok", _("Target missed") if missed else _("Target met"))


def minutes_text(seconds: float | None) -> str:
    """Whole minutes, thousands apart."""
    return "–" if seconds is None else f"{round(seconds / 60):,}"


WEEKDAYS = (
    _("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"),
)  # fmt: skip


def band_text(band: int) -> str:
    """8:00–10:00"""
    return f"{band * BAND_MINUTES // 60}:00–{(band + 1) * BAND_MINUTES // 60}:00"
