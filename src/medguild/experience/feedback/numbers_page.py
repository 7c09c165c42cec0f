"""The numbers above the list of complaints."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from medguild.experience.feedback.rules import ComplaintNumbers, ComplaintStatus
from medguild.experience.feedback.selectors import numbers_of
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import local_date
from medguild.foundation.organization.models import Site

DAYS = 90


@dataclass(frozen=True, slots=True)
class NumbersLine:
    """A site's (or everybody's) numbers with the addresses of their rows. `worse`: more than before."""

    label: str
    received: int
    href: str
    per_thousand: float | None
    before: float | None
    still_open: int
    open_href: str
    close_days: float | None

    @property
    def worse(self) -> bool:
        """At least half as many again, and not by a single complaint."""
        if self.per_thousand is None or self.before is None:
            return False
        return self.received >= 3 and self.per_thousand >= 1.5 * self.before


@dataclass(frozen=True, slots=True)
class ComplaintsPage:
    whole: NumbersLine
    sites: Sequence[NumbersLine]
    start: dt.date
    last: dt.date


def complaints_page(actor: Actor, sites: Sequence[Site], *, at: dt.datetime) -> ComplaintsPage | None:
    """The last 90 days and the 90 before; None without a site."""
    if not sites:
        return None
    end = local_date(at, sites[0].time_zone) + dt.timedelta(days=1)
    start = end - dt.timedelta(days=DAYS)
    last = end - dt.timedelta(days=1)
    found = numbers_of(actor, start=start, end=end, sites=sites)
    whole = sum((one.now for one in found), ComplaintNumbers())
    before = sum((one.before for one in found), ComplaintNumbers())
    query = {"day_from": start.isoformat(), "day_to": last.isoformat()}
    lines = [_line(one.site.unit.name, one.now, one.before, query | {"site": str(one.site.unit_id)}) for one in found]
    return ComplaintsPage(_line("", whole, before, query), lines if len(lines) > 1 else (), start, last)


def _line(label: str, now: ComplaintNumbers, before: ComplaintNumbers, query: dict[str, str]) -> NumbersLine:
    return NumbersLine(
        label=label,
        received=now.received,
        href=_rows(query),
        per_thousand=now.per_thousand,
        before=before.per_thousand,
        still_open=now.still_open,
        open_href=_rows(query | {"status": ComplaintStatus.OPEN}),
        close_days=now.close_days,
    )


def _rows(query: dict[str, str]) -> str:
    return f"{reverse('feedback:list')}?{urlencode(query)}"
