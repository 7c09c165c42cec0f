"""Money, days, instants, periods."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

from medguild.foundation.events.actors import named
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.money import dollars
from medguild.foundation.ui.instants import DASH, clock_text, day_text, instant_text, local, period_text
from medguild.foundation.ui.rules import minutes_between, short_wait
from medguild.foundation.ui.templatetags._library import register


def money_text(cents: int | None) -> str:
    """`$1,234.50`, with a real minus sign before a debit; a dash for nothing."""
    return DASH if cents is None else dollars(int(cents)).replace("-", "−")


@register.filter(name="money")
def money_filter(cents: int | None) -> str:
    return money_text(cents)


@register.simple_tag
def money(cents: int | None) -> SafeString:
    return format_html('<span class="money">{}</span>', money_text(cents))


@register.simple_tag
def day(value: dt.date | None) -> SafeString:
    if value is None:
        return SafeString(DASH)
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), day_text(value))


@register.filter
def clock(value: dt.time | None) -> str:
    """A time on the wall, as rows show those of instants."""
    return clock_text(value)


@register.simple_tag
def when(instant: dt.datetime | None, zone: str = "", style: str = "datetime") -> SafeString:
    """An instant in a zone. Styles: datetime, date, time, short, near. The title tells the whole, with the zone."""
    if instant is None:
        return SafeString(DASH)
    whole = f"{instant_text(instant, zone)} {local(instant, zone).tzname() or ''}".strip()
    return format_html(
        '<time datetime="{}" title="{}" class="nowrap">{}</time>',
        instant.isoformat(),
        whole,
        instant_text(instant, zone, style),
    )


@register.simple_tag
def since(instant: dt.datetime | None) -> SafeString:
    """The time passed, short: `22 min`."""
    if instant is None:
        return SafeString(DASH)
    return format_html(
        '<time datetime="{}" class="nowrap">{}</time>', instant.isoformat(), short_wait(minutes_between(instant, now()))
    )


@register.simple_tag
def period(value: Any, zone: str = "") -> SafeString:
    """A half-open period of days or instants."""
    return format_html('<span class="tabular">{}</span>', period_text(value, zone))


@register.filter
def by_whom(label: str) -> str:
    """Who did it, for rows that keep the name alone: a job of the house in plain words."""
    return named(label)


@register.filter
def dash(value: Any) -> Any:
    """The value, or a dash for None and the empty text."""
    return DASH if value is None or value == "" else value


@register.filter
def nth(values: Sequence[Any], place: int) -> Any:
    """The value at a place from 0: the heading of a cell's column; empty beyond the last."""
    return values[place] if place < len(values) else ""
