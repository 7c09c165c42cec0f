"""Who waits for which kind of time, in which order people are asked, and what an offer can become. Pure.

The order is a rule, not a favour: urgency first, then who has waited longest; nothing about the payer, and nothing
about the person but what they asked for.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, TypeVar
from uuid import UUID


class Urgency(enum.StrEnum):
    """In order. Urgent here means: today would be right, but it is no emergency."""

    URGENT = "urgent"
    SOON = "soon"
    ROUTINE = "routine"


class EntryStatus(enum.StrEnum):
    WAITING = "waiting"
    BOOKED = "booked"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"  # the last day they wanted has passed


class OfferStatus(enum.StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    TAKEN = "taken"  # somebody else said yes first
    UNTOLD = "untold"  # no message could be sent


class Lapse(enum.StrEnum):
    """Why an entry does not fit a time."""

    OTHER_CLINICIAN = "other_clinician"
    OTHER_DAYS = "other_days"
    OTHER_WEEKDAY = "other_weekday"
    OTHER_HOURS = "other_hours"
    SHORT_NOTICE = "short_notice"
    ASKED_BEFORE = "asked_before"


class Wanted(Protocol):
    """What an entry asks for; a row of the list says so."""

    @property
    def clinician_id(self) -> UUID | None: ...
    @property
    def earliest(self) -> dt.date: ...
    @property
    def latest(self) -> dt.date | None: ...
    @property
    def weekdays(self) -> list[int]: ...
    @property
    def from_minute(self) -> int: ...
    @property
    def to_minute(self) -> int: ...
    @property
    def notice_minutes(self) -> int: ...
    @property
    def urgency(self) -> str: ...
    @property
    def added_at(self) -> dt.datetime: ...


W = TypeVar("W", bound=Wanted)


@dataclass(frozen=True, slots=True)
class FreeTime:
    """A start that is free, as its site's wall clock says it; `lead` is how far ahead of now."""

    clinician_id: UUID
    day: dt.date
    minute: int  # wall-clock minutes after midnight
    lead: dt.timedelta


def misfit(entry: Wanted, time: FreeTime) -> Lapse | None:
    """Why the entry does not want this time, or None when it fits."""
    if entry.clinician_id not in (None, time.clinician_id):
        return Lapse.OTHER_CLINICIAN
    if time.day < entry.earliest or (entry.latest is not None and time.day > entry.latest):
        return Lapse.OTHER_DAYS
    if entry.weekdays and time.day.weekday() not in entry.weekdays:
        return Lapse.OTHER_WEEKDAY
    if not entry.from_minute <= time.minute < entry.to_minute:
        return Lapse.OTHER_HOURS
    if time.lead < dt.timedelta(minutes=entry.notice_minutes):
        return Lapse.SHORT_NOTICE
    return None


Span = tuple[dt.datetime, dt.datetime]
# What is left of a time is no time to see anybody when it is shorter.
SHORTEST_PART = dt.timedelta(minutes=5)


def parts_left(start: dt.datetime, end: dt.datetime, taken: Iterable[Span]) -> list[Span]:
    """The parts of a time that none of the spans (by start) takes."""
    found = []
    for since, until in taken:
        if until <= start or end <= since:
            continue
        if since - start >= SHORTEST_PART:
            found.append((start, since))
        start = max(start, until)
    return [*found, (start, end)] if end - start >= SHORTEST_PART else found


_RANK = {urgency.value: rank for rank, urgency in enumerate(Urgency)}


def turn(entry: Wanted) -> tuple[int, dt.datetime]:
    """The place of an entry in the order in which people are asked; smaller comes first."""
    return _RANK[entry.urgency], entry.added_at


def in_turn(entries: Iterable[W]) -> list[W]:
    return sorted(entries, key=turn)


def offer_lasts(lead: dt.timedelta, *, usual: dt.timedelta) -> dt.timedelta:
    """How long people may think: the usual time, but never beyond half of what is left until the visit."""
    return min(usual, lead / 2)


class Fit(enum.StrEnum):
    """Why somebody is asked about a time, in the order in which it is told."""

    URGENCY = "urgency"
    WAITED = "waited"
    CLINICIAN = "clinician"
    WEEKDAY = "weekday"
    HOURS = "hours"
    LAST_DAY = "last_day"
    EARLIER = "earlier"


def fit_reasons(entry: Wanted, time: FreeTime, *, booked_on: dt.date | None = None) -> list[Fit]:
    """What speaks for asking this person about this time: their turn first, then the wishes that it meets.

    `booked_on` is the day of the visit that they have and would bring forward.
    """
    told = {
        Fit.URGENCY: entry.urgency != Urgency.ROUTINE,
        Fit.WAITED: True,
        Fit.CLINICIAN: entry.clinician_id == time.clinician_id,
        Fit.WEEKDAY: bool(entry.weekdays) and time.day.weekday() in entry.weekdays,
        Fit.HOURS: (entry.from_minute, entry.to_minute) != (0, 24 * 60)
        and entry.from_minute <= time.minute < entry.to_minute,
        Fit.LAST_DAY: entry.latest is not None and time.day <= entry.latest,
        Fit.EARLIER: booked_on is not None and booked_on > time.day,
    }
    return [fit for fit, holds in told.items() if holds]
