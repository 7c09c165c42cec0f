"""Data that components draw: frozen, typed, free of HTML."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from django.utils.functional import Promise

Text = str | Promise
Tone = Literal["ok", "warn", "bad", "info", "busy", "neutral"]
StepState = Literal["done", "current", "todo", "blocked", "skipped"]
ChartKind = Literal["line", "area", "bar", "hbar", "stacked", "waterfall", "pareto", "control", "donut"]


@dataclass(frozen=True, slots=True)
class Tab:
    label: Text
    url: str
    active: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Crumb:
    label: Text
    url: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of a timeline: what happened, when, by whom, where to read more."""

    what: Text
    at: dt.datetime
    who: Text = ""
    icon: str = "circle-dot"
    tone: Tone = "neutral"
    href: str = ""
    detail: Text = ""
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a checklist. `action` is the word of the button that leads to `href`."""

    label: Text
    state: StepState = "todo"
    detail: Text = ""
    href: str = ""
    action: Text = ""


@dataclass(frozen=True, slots=True)
class BoardAct:
    """A button on a card; posts to `url`. `confirm` asks first."""

    label: Text
    url: str
    icon: str = ""
    confirm: Text = ""
    kind: str = "secondary"
    values: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BoardCard:
    """A card. `since` shows the minutes passed; `badge` with `tone` says in words why it stands out."""

    id: str
    title: Text
    href: str = ""
    detail: Text = ""
    since: dt.datetime | None = None
    tone: Tone = "neutral"
    badge: Text = ""
    facts: Sequence[tuple[Text, Any]] = ()
    acts: Sequence[BoardAct] = ()


@dataclass(frozen=True, slots=True)
class BoardColumn:
    key: str
    label: Text
    icon: str = ""
    cards: Sequence[BoardCard] = ()
    empty: Text = ""


@dataclass(frozen=True, slots=True)
class Board:
    """Columns of cards. `version` names the state shown; `refresh_url` is asked every `every` whether it moved on."""

    key: str
    label: Text
    columns: Sequence[BoardColumn]
    version: str = ""
    refresh_url: str = ""
    every: str = "5s"

    @property
    def dom_id(self) -> str:
        return f"board-{self.key}"


@dataclass(frozen=True, slots=True)
class Series:
    name: Text
    values: Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart and its table. `hrefs` open the rows of each category; `limits` are the lower and upper control limit.

    A waterfall has one series: changes that hang on each other, and at the indexes `totals` what they have come to.
    """

    key: str
    title: Text
    kind: ChartKind
    categories: Sequence[Text]
    series: Sequence[Series]
    unit: Text = ""
    summary: Text = ""
    target: float | None = None
    target_label: Text = ""
    limits: Sequence[float] = ()
    totals: Sequence[int] = ()
    hrefs: Sequence[str] = ()
    height: Literal["sm", "md", "lg"] = "md"
    category_label: Text = ""

    def __post_init__(self) -> None:
        wrong = [series.name for series in self.series if len(series.values) != len(self.categories)]
        if wrong:
            raise ValueError(f"chart {self.key!r}: a series must have one value for each category")

    @property
    def dom_id(self) -> str:
        return f"chart-{self.key}"

    def spec(self) -> dict[str, Any]:
        """What the drawing module reads."""
        return {
            "kind": self.kind,
            "categories": [str(category) for category in self.categories],
            "series": [{"name": str(one.name), "values": list(one.values)} for one in self.series],
            "unit": str(self.unit),
            "target": self.target,
            "target_label": str(self.target_label),
            "totals": list(self.totals),
            "limits": list(self.limits),
            "hrefs": list(self.hrefs),
        }

    def rows(self) -> list[dict[str, Any]]:
        """The table behind the chart: one row for each category."""
        hrefs = list(self.hrefs) + [""] * (len(self.categories) - len(self.hrefs))
        return [
            {"category": category, "href": hrefs[index], "values": [one.values[index] for one in self.series]}
            for index, category in enumerate(self.categories)
        ]
