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


_RANK = {urgency.value: rank for rank, urgency in enumerate(Urgency)}


def turn(entry: Wanted) -> tuple[int, dt.datetime]:
    """The place of an entry in the order in which people are asked; smaller comes first."""
    return _RANK[entry.urgency], entry.added_at


def in_turn(entries: Iterable[W]) -> list[W]:
    return sorted(entries, key=turn)


def offer_lasts(lead: dt.timedelta, *, usual: dt.timedelta) -> dt.timedelta:
    """How long people may think: the usual time, but never beyond half of what is left until the visit."""
    return min(usual, lead / 2)
