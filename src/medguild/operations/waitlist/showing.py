"""How entries and offers are put before people."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from medguild.foundation.kernel.clock import local_date, now
from medguild.operations.scheduling.week_rules import local_time
from medguild.operations.waitlist.freed import FreedTime
from medguild.operations.waitlist.models import SlotOffer, WaitlistEntry
from medguild.operations.waitlist.rules import Fit, FreeTime, OfferStatus, fit_reasons
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


def why(row: SlotOffer) -> list[str]:
    """Why this person was asked about this time, in words."""
    return why_asked(row.entry, row.clinician_id, row.start, zone=row.unit.site.time_zone, at=row.offered_at)


def why_asked(entry: WaitlistEntry, clinician_id: UUID, start: dt.datetime, *, zone: str, at: dt.datetime) -> list[str]:
    """What speaks for asking this person about a time, in words."""
    wall = local_time(zone, int(start.timestamp()) // 60)
    free = FreeTime(clinician_id, wall.date(), wall.hour * 60 + wall.minute, start - at)
    booked = entry.instead_of.start if entry.instead_of is not None else None
    booked_on = local_date(booked, zone) if booked is not None else None
    waited = max(0, (at - entry.added_at).days)
    earlier = (booked_on - wall.date()).days if booked_on is not None else 0
    words = {
        Fit.URGENCY: dict(URGENCIES)[entry.urgency],
        Fit.WAITED: ngettext("waits %(days)d day", "waits %(days)d days", waited) % {"days": waited},
        Fit.CLINICIAN: _("asked for this clinician"),
        Fit.WEEKDAY: _("wants this weekday"),
        Fit.HOURS: _("wants these hours"),
        Fit.LAST_DAY: _("before the last day wanted"),
        Fit.EARLIER: ngettext("%(days)d day earlier than booked", "%(days)d days earlier than booked", earlier)
        % {"days": earlier},
    }
    return [str(words[fit]) for fit in fit_reasons(entry, free, booked_on=booked_on)]


def freed(row: FreedTime, *, zone: str, at: dt.datetime) -> dict[str, Any]:
    """A time that came free, the state of its offers, who is next and why."""
    entry, start = row.following, row.start
    return {
        "row": row,
        "zone": zone,
        "offers": [offer(one) for one in row.offers],
        "is_offered": row.is_offered,
        "entry": entry,
        "start": start,
        "minute": int(row.time.start.timestamp()) // 60,
        "why": why_asked(entry, row.time.clinician_id, start, zone=zone, at=at) if entry and start else [],
    }


def offer(row: SlotOffer) -> dict[str, Any]:
    return {
        "row": row,
        "why": why(row),
        "waits_for_morning": row.status == OfferStatus.OPEN and row.sends_at > now(),
        "status": OFFERS[row.status],
        "tone": OFFER_TONES[row.status],
        "open": row.status == OfferStatus.OPEN,
        "zone": row.unit.site.time_zone,
    }


def _clock(minute: int) -> dt.time:
    return dt.time(23, 59) if minute == 24 * 60 else dt.time(minute // 60, minute % 60)
