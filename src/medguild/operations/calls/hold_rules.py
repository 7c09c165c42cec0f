"""When callers wait too long at a site, and how long that lasts. Pure."""

from __future__ import annotations

import datetime as dt
import enum


class AlertCause(enum.StrEnum):
    """Why callers waited too long."""

    STAFF_MISSING = "staff_missing"
    STAFF_ELSEWHERE = "staff_elsewhere"
    MORE_CALLS = "more_calls"
    LONG_CALLS = "long_calls"
    SYSTEM = "system"
    OTHER = "other"


# An alert without a new breach is over.
CALM_AFTER = dt.timedelta(minutes=15)
# A call is judged when it is told of within this time after its end.
JUDGED = dt.timedelta(hours=1)
# What the telephone system said longer ago than this says nothing of now.
QUEUE_FRESH = dt.timedelta(minutes=5)


def breach(seconds: int, limit: int) -> bool:
    """A wait of exactly the limit is still in time."""
    return seconds > limit
