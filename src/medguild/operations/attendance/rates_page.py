"""What the page of no-show rates shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import span_of
from medguild.foundation.organization.models import Site, Unit
from medguild.foundation.organization.people import Clinician
from medguild.foundation.ui.parts import Chart, Series
from medguild.operations.attendance.numbers import By, Line, rate_of, rates_by, visits_due
from medguild.operations.attendance.words import BY_WORDS, LEAD_WORDS, WEEKDAY_WORDS
from medguild.operations.scheduling.models import VisitType
from medguild.operations.scheduling.numbers import Rate
from medguild.operations.scheduling.rules import AppointmentStatus

_FILTERS = {By.CLINICIAN: "clinician", By.VISIT_TYPE: "visit_type", By.LEAD: "lead", By.SITE: "site",
            By.WEEKDAY: "weekday"}  # fmt: skip
_MOST_DRAWN = 24


@dataclass(frozen=True, slots=True)
class Shown:
    """One line with the addresses of its visits."""

    label: Any
    line: Line
    due_href: str
    missed_href: str

    @property
    def percent(self) -> float | None:
        return self.line.rate.percent


@dataclass(frozen=True, slots=True)
class RatesPage:
    start: dt.date
    end: dt.date
    whole: Rate
    before: Rate
    lines: Sequence[Shown]
    head: Any
    chart: Chart
    due_href: str
    missed_href: str

    @property
    def rate_text(self) -> str:
        return "–" if self.whole.percent is None else f"{self.whole.percent} %"

    @property
    def missed_text(self) -> str:
        return f"{self.whole.numerator:,}"

    @property
    def due_text(self) -> str:
        return f"{self.whole.denominator:,}"

    @property
    def change(self) -> str:
        """Percentage points against the period before."""
        if self.whole.percent is None or self.before.percent is None:
            return ""
        return f"{self.whole.percent - self.before.percent:+.1f}".replace("-", "−")

    @property
    def tone(self) -> str:
        if not self.change or self.whole.percent == self.before.percent:
            return ""
        return "ok" if (self.whole.percent or 0) < (self.before.percent or 0) else "bad"


def rates_page(actor: Actor, *, site: Site | None, days: int, by: By, today: dt.date) -> RatesPage:
    """Rates of the last `days` whole days."""
    start, end = today - dt.timedelta(days=days), today
    sites = [site.unit_id] if site else None
    rows = visits_due(actor, start=span_of(start)[0], end=span_of(end)[0], sites=sites)
    earlier = visits_due(actor, start=span_of(start - dt.timedelta(days=days))[0], end=span_of(start)[0], sites=sites)
    kept: dict[str, str] = {
        "start_from": start.isoformat(), "start_to": (end - dt.timedelta(days=1)).isoformat(), "expected": "on",
    }  # fmt: skip
    if site:
        kept["site"] = str(site.unit_id)
    found = rates_by(rows, by)
    labels = _labels(by, [line.key for line in found])
    lines = [
        Shown(
            labels.get(line.key, line.key), line, visits_href(kept | {_FILTERS[by]: line.key}),
            visits_href(kept | {_FILTERS[by]: line.key, "status": AppointmentStatus.NO_SHOW}),
        )
        for line in found
    ]  # fmt: skip
    return RatesPage(
        start=start, end=end - dt.timedelta(days=1), whole=rate_of(rows), before=rate_of(earlier), lines=lines,
        head=BY_WORDS[by], chart=_chart(lines, by), due_href=visits_href(kept),
        missed_href=visits_href(kept | {"status": AppointmentStatus.NO_SHOW}),
    )  # fmt: skip


def visits_href(query: Mapping[str, str]) -> str:
    return f"{reverse('attendance:visits')}?{urlencode(query)}"


def _labels(by: By, keys: Sequence[str]) -> Mapping[str, Any]:
    if by is By.LEAD:
        return LEAD_WORDS
    if by is By.WEEKDAY:
        return WEEKDAY_WORDS
    ids = [UUID(key) for key in keys]
    if by is By.CLINICIAN:
        people = Clinician.objects.filter(pk__in=ids).select_related("person")
        return {str(one.pk): one.label() for one in people}
    if by is By.VISIT_TYPE:
        return {str(one.pk): one.name for one in VisitType.objects.filter(pk__in=ids)}
    return {str(one.pk): one.name for one in Unit.objects.filter(pk__in=ids)}


def _chart(lines: Sequence[Shown], by: By) -> Chart:
    drawn = lines[:_MOST_DRAWN]
    return Chart(
        key="no-shows", title=_("No-show rate"), kind="bar", unit="%", category_label=BY_WORDS[by],
        categories=[line.label for line in drawn], hrefs=[line.missed_href for line in drawn],
        series=[Series(_("No-shows, % of visits due"), [line.percent for line in drawn])],
    )  # fmt: skip
