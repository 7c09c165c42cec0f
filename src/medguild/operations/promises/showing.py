"""How promises and messages are put before people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from medguild.foundation.kernel.clock import now
from medguild.foundation.work.ports import work_types
from medguild.operations.promises.models import Inquiry
from medguild.operations.promises.rules import Kept
from medguild.operations.promises.subjects import writer_of
from medguild.operations.promises.words import ANSWERED, CHANNELS


def stats(found: Iterable[Kept]) -> list[dict[str, Any]]:
    """Open, overdue, kept in time, with the address of their rows."""
    rows = list(found)
    whole = Kept(*(sum(getattr(row, name) for row in rows) for name in ("in_time", "late", "waiting", "overdue")))
    base = reverse("promises:list")
    return [
        {"label": _("Open"), "value": str(whole.waiting + whole.overdue), "href": base},
        {"label": _("Overdue"), "value": str(whole.overdue), "href": f"{base}?{urlencode({'overdue': 'on'})}"},
        {"label": _("Kept in time, 90 days"), "value": share(whole), "href": f"{base}?{urlencode({'done': 'on'})}"},
    ]


def share(kept: Kept) -> str:
    return "–" if kept.share is None else f"{kept.share:.0f} %"


def response_lines(types: Iterable[str], found: Mapping[str, Kept]) -> list[dict[str, Any]]:
    """One line for each way: what is promised by the group's standard, and how it went, with addresses."""
    return [_response_line(key, found.get(key, Kept())) for key in types]


def _response_line(key: str, kept: Kept) -> dict[str, Any]:
    query = urlencode({"work_type": key})
    return {
        "label": work_types.get(key).label,
        "standard": reverse("standards:show", args=[work_types.get(key).due_standard]),
        "share": share(kept),
        "kept": kept,
        "href": f"{reverse('work:all')}?{query}",
        "late_href": f"{reverse('work:team')}?{query}&late=on",
    }


def inquiry(row: Inquiry) -> dict[str, Any]:
    late = row.answered_at is None and row.due_at <= now()
    return {
        "writer": writer_of(row),
        "channel": CHANNELS[row.channel],
        "how": ANSWERED.get(row.answered_how, ""),
        "late": late,
        "in_time": row.answered_at is not None and row.answered_at <= row.due_at,
    }


def time_words(allowed: dt.timedelta) -> str:
    """Open hours or working days, as people are told: within 4 hours, within 2 working days."""
    if allowed >= dt.timedelta(days=1):
        return ngettext("within %(n)d working day", "within %(n)d working days", allowed.days) % {"n": allowed.days}
    hours = max(1, round(allowed.total_seconds() / 3600))
    return ngettext("within %(n)d open hour", "within %(n)d open hours", hours) % {"n": hours}
