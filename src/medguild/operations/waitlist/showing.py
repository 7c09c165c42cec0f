"""How entries and offers are put before people."""

from __future__ import annotations

import datetime as dt
from typing import Any

from medguild.operations.waitlist.models import SlotOffer, WaitlistEntry
from medguild.operations.waitlist.rules import OfferStatus
from medguild.operations.waitlist.words import (
    OFFER_TONES,
    OFFERS,
    STATUS_TONES,
    STATUSES,
    URGENCIES,
    URGENCY_TONES,
    WEEKDAYS,
)

_WHOLE_DAY = (0, 24 * 60)


def entry(row: WaitlistEntry) -> dict[str, Any]:
    days = dict(WEEKDAYS)
    hours = (row.from_minute, row.to_minute)
    return {
        "status": dict(STATUSES)[row.status],
        "status_tone": STATUS_TONES[row.status],
        "urgency": dict(URGENCIES)[row.urgency],
        "urgency_tone": URGENCY_TONES[row.urgency],
        "weekdays": [days[day] for day in row.weekdays],
        "hours": None if hours == _WHOLE_DAY else [_clock(minute) for minute in hours],
        "notice_hours": row.notice_minutes // 60,
    }


def offer(row: SlotOffer) -> dict[str, Any]:
    return {
        "row": row,
        "status": OFFERS[row.status],
        "tone": OFFER_TONES[row.status],
        "open": row.status == OfferStatus.OPEN,
        "zone": row.unit.site.time_zone,
    }


def _clock(minute: int) -> dt.time:
    return dt.time(23, 59) if minute == 24 * 60 else dt.time(minute // 60, minute % 60)
