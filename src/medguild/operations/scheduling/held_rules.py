"""Held parts of sessions: when they are released, and which starts they keep back. Pure."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from medguild.operations.scheduling.rules import Minute
from medguild.operations.scheduling.week_rules import instant


class Purpose(enum.StrEnum):
    """For what a part of a session is held. Any kind of visit may be booked into it once it is released."""

    SAME_DAY = "same_day"
    URGENT = "urgent"
    NEW_PATIENTS = "new_patients"
    KINDS = "kinds"


class HeldPart(NamedTuple):
    """A held part as the search needs it; wall-clock minutes of its session's day."""

    start_minute: int
    end_minute: int
    purpose: str
    release_days: int | None
    release_hours: int | None


class HeldSpan(NamedTuple):
    """A part on one day that is not released yet: nobody else may begin or reach into it before `until`."""

    start: Minute
    end: Minute
    until: Minute
    purpose: str


def held_span(part: HeldPart, zone: str, day: dt.date) -> HeldSpan:
    """A part laid on a day."""
    start = instant(zone, day, part.start_minute)
    if part.release_hours is not None:
        until = start - 60 * part.release_hours
    else:
        until = instant(zone, day - dt.timedelta(days=part.release_days or 0), 0)
    return HeldSpan(start, instant(zone, day, part.end_minute), until, part.purpose)


def held_spans(parts: Iterable[HeldPart], zone: str, day: dt.date, *, at: Minute) -> list[HeldSpan]:
    """Parts of a session on a day that are still held at a moment."""
    spans = (held_span(part, zone, day) for part in parts)
    return [span for span in spans if at < span.until]


def not_held(starts: list[Minute], minutes: int, spans: Sequence[HeldSpan]) -> list[Minute]:
    """Starts of visits that stay clear of what is held."""
    for span in spans:
        starts = [at for at in starts if at + minutes <= span.start or at >= span.end]
    return starts


def in_the_way(spans: Iterable[HeldSpan], start: Minute, end: Minute) -> HeldSpan | None:
    """The first held part that a visit would reach into."""
    return next((span for span in spans if span.start < end and span.end > start), None)
