"""The one place that reads the clock; services take `at` so that time can be told to them."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.utils import timezone


def now() -> dt.datetime:
    """The current instant, in UTC."""
    return dt.datetime.now(dt.UTC)


def day_of(moment: dt.datetime) -> dt.date:
    """The calendar day of an instant where the one who asks is: in the request's time zone, in UTC for jobs.

    At 5 in the afternoon in California it is tomorrow in UTC: what begins "today" must not begin then.
    """
    return timezone.localtime(moment).date()


def today() -> dt.date:
    """The day it is for the one who asks; see `day_of`."""
    return day_of(now())


def span_of(day: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """The instants at which a day begins and ends for the one who asks."""
    zone = timezone.get_current_timezone()
    return (
        dt.datetime.combine(day, dt.time(), tzinfo=zone),
        dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), tzinfo=zone),
    )


def local_date(moment: dt.datetime, zone: str) -> dt.date:
    """The calendar day of an instant at a place with this IANA time zone."""
    return moment.astimezone(ZoneInfo(zone)).date()


def at_local(day: dt.date, time: dt.time, zone: str) -> dt.datetime:
    """The instant of a wall-clock time at a place. A time skipped by summer time moves forward by the gap."""
    wall = dt.datetime.combine(day, time, tzinfo=ZoneInfo(zone))
    return wall.astimezone(dt.UTC)
