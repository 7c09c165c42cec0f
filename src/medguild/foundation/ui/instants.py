"""Days, instants and periods as people of both languages write them."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import dateformat, timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

# Django's own formats of English are long ("Nov. 1, 2026, 7:30 a.m."); rows need short ones.
_FORMATS: dict[str, dict[str, str]] = {
    "en": {"date": "M j, Y", "time": "g:i A", "datetime": "M j, Y, g:i A", "short": "M j, g:i A", "month": "M Y"},
    "es": {"date": "j M Y", "time": "H:i", "datetime": "j M Y, H:i", "short": "j M, H:i", "month": "M Y"},
}
DASH = "–"


def _format(value: Any, style: str) -> str:
    language = (get_language() or "en").split("-")[0]
    return dateformat.format(value, _FORMATS.get(language, _FORMATS["en"])[style])


def day_text(day: dt.date | None) -> str:
    return DASH if day is None else _format(day, "date")


def clock_text(time: dt.time | None) -> str:
    """A time on the wall: `8:00 AM`."""
    return DASH if time is None else _format(time, "time")


def local(instant: dt.datetime, zone: str = "") -> dt.datetime:
    """The instant in the named zone, or in the current one."""
    return timezone.localtime(instant, ZoneInfo(zone)) if zone else timezone.localtime(instant)


def instant_text(instant: dt.datetime | None, zone: str = "", style: str = "datetime") -> str:
    """`style` is datetime, date, time, short, month or near: the time of today, the day of another year, else short."""
    if instant is None:
        return DASH
    there = local(instant, zone)
    return _format(there, near(there, local(timezone.now(), zone)) if style == "near" else style)


def near(there: dt.datetime, here: dt.datetime) -> str:
    """The style that says of an instant no more than a reader of now needs."""
    if there.date() == here.date():
        return "time"
    return "short" if there.year == here.year else "date"


def _ends(period: Any) -> tuple[Any, Any]:
    """Start and end of a database range (lower, upper) or of a kernel Period (start, end)."""
    if hasattr(period, "lower"):
        return period.lower, period.upper
    return period.start, period.end


def period_text(period: Any, zone: str = "") -> str:
    """A half-open period; of days the last day itself is named: `Nov 1, 2026 – Nov 30, 2026`."""
    if period is None:
        return DASH
    start, end = _ends(period)
    if start is None and end is None:
        return _("always")
    if isinstance(start or end, dt.datetime):
        return _instants_text(start, end, zone)
    return _days_text(start, end)


def _days_text(start: dt.date | None, end: dt.date | None) -> str:
    last = None if end is None else end - dt.timedelta(days=1)
    if start is None:
        return _("until %(day)s") % {"day": day_text(last)}
    if last is None:
        return _("since %(day)s") % {"day": day_text(start)}
    return day_text(start) if start == last else f"{day_text(start)} – {day_text(last)}"


def _instants_text(start: dt.datetime | None, end: dt.datetime | None, zone: str) -> str:
    if start is None:
        return _("until %(day)s") % {"day": instant_text(end, zone)}
    if end is None:
        return _("since %(day)s") % {"day": instant_text(start, zone)}
    first, last = local(start, zone), local(end, zone)
    if first.time() == last.time() == dt.time() and first < last:  # whole days: the last day itself is named
        return _days_text(first.date(), last.date())
    same_day = first.date() == last.date()
    return f"{instant_text(start, zone)} – {instant_text(end, zone, 'time' if same_day else 'datetime')}"
