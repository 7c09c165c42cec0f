"""The one place that reads the clock; services take `at` so that time can be told to them."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo


def now() -> dt.datetime:
    """The current instant, in UTC."""
    return dt.datetime.now(dt.UTC)


def local_date(moment: dt.datetime, zone: str) -> dt.date:
    """The calendar day of an instant at a place with this IANA time zone."""
    return moment.astimezone(ZoneInfo(zone)).date()


def at_local(day: dt.date, time: dt.time, zone: str) -> dt.datetime:
    """The instant of a wall-clock time at a place. A time skipped by summer time moves forward by the gap."""
    wall = dt.datetime.combine(day, time, tzinfo=ZoneInfo(zone))
    return wall.astimezone(dt.UTC)
