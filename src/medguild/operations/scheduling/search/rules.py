"""Which free times are offered first, and why. Pure.

Every offer says its reasons in words that the desk can repeat to the patient. The order is a sum of points for what
the patient gains, less a point for each three days of waiting; equal sums go by time. Nothing of it looks at who the
patient is beyond what they asked for, their language, their plan and whom they have seen.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from medguild.operations.scheduling.rules import Minute
from medguild.operations.scheduling.slot_rules import Opening
from medguild.operations.scheduling.week_rules import local_time, midnight_of

DAYS_PER_POINT = 3
# A session is thin when at least this share of its time is still free, in so many days at most.
THIN_SHARE = 60
THIN_WITHIN_DAYS = 7
MOST_SUGGESTED = 5


class TimeOfDay(enum.StrEnum):
    """Wall-clock hours in which a visit begins; early and evening hours are those outside of work."""

    ANY = ""
    EARLY = "early"
    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


HOURS: Mapping[TimeOfDay, tuple[int, int]] = {
    TimeOfDay.ANY: (0, 24 * 60),
    TimeOfDay.EARLY: (0, 9 * 60),
    TimeOfDay.MORNING: (0, 12 * 60),
    TimeOfDay.AFTERNOON: (12 * 60, 17 * 60),
    TimeOfDay.EVENING: (17 * 60, 24 * 60),
}


class Reason(enum.StrEnum):
    """Why a time is offered; the order is that in which they are told."""

    EARLIEST = "earliest"
    OWN_CLINICIAN = "own_clinician"
    IN_NETWORK = "in_network"
    SPEAKS = "speaks"
    AS_ASKED = "as_asked"
    USUAL_SITE = "usual_site"
    OUTSIDE_WORK = "outside_work"
    FILLS_THIN = "fills_thin"


POINTS: Mapping[Reason, int] = {
    Reason.EARLIEST: 2,
    Reason.OWN_CLINICIAN: 4,
    Reason.IN_NETWORK: 4,
    Reason.SPEAKS: 3,
    Reason.AS_ASKED: 0,
    Reason.USUAL_SITE: 2,
    Reason.OUTSIDE_WORK: 0,
    Reason.FILLS_THIN: 1,
}


@dataclass(frozen=True, slots=True)
class Suits:
    """What is known of a clinician at a site for this patient; it holds for all of their free times."""

    own: bool = False
    in_network: bool = False
    speaks: bool = False
    as_asked: bool = False
    usual_site: bool = False


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One time that is worth naming first."""

    opening: Opening
    start: Minute
    reasons: tuple[Reason, ...]
    points: int


def sift(opening: Opening, times: TimeOfDay, weekdays: Collection[int]) -> Opening | None:
    """The opening with the starts that lie in the hours and on the weekdays asked for; None when none is left."""
    if weekdays and opening.day.weekday() not in weekdays:
        return None
    if times is TimeOfDay.ANY:
        return opening
    first, last = HOURS[times]
    kept = [start for start in opening.starts if first <= wall_minute(opening, start) < last]
    return Opening(opening.session, opening.day, kept) if kept else None


def wall_minute(opening: Opening, start: Minute) -> int:
    """Minutes after midnight that the clock of the site shows."""
    midnight = midnight_of(opening.session.zone, opening.day)
    if midnight.steady:
        return start - midnight.minute
    wall = local_time(opening.session.zone, start)
    return wall.hour * 60 + wall.minute


def first_of_each(openings: Iterable[Opening]) -> list[Opening]:
    """Only the first free time of each clinician at each site; openings come by day."""
    seen: set[tuple[UUID, UUID]] = set()
    kept = []
    for opening in openings:
        key = (opening.session.clinician_id, opening.session.unit_id)
        if key not in seen:
            seen.add(key)
            kept.append(Opening(opening.session, opening.day, opening.starts[:1]))
    return kept


def is_thin(opening: Opening, today: dt.date) -> bool:
    """Whether a session that is near still has most of its time free: an offer there costs nobody a turn."""
    session = opening.session
    if (opening.day - today).days >= THIN_WITHIN_DAYS:
        return False
    length = session.end_minute - session.start_minute
    free = min(length, len(opening.starts) * session.step_minutes)
    return free * 100 >= length * THIN_SHARE


def reasons_of(opening: Opening, start: Minute, suits: Suits, *, earliest: bool, today: dt.date) -> tuple[Reason, ...]:
    """The reasons of one time, in the order of telling."""
    minute = wall_minute(opening, start)
    outside = opening.day.weekday() > 4 or not HOURS[TimeOfDay.EARLY][1] <= minute < HOURS[TimeOfDay.EVENING][0]
    said = {
        Reason.EARLIEST: earliest,
        Reason.OWN_CLINICIAN: suits.own,
        Reason.IN_NETWORK: suits.in_network,
        Reason.SPEAKS: suits.speaks,
        Reason.AS_ASKED: suits.as_asked,
        Reason.USUAL_SITE: suits.usual_site,
        Reason.OUTSIDE_WORK: outside,
        Reason.FILLS_THIN: is_thin(opening, today),
    }
    return tuple(reason for reason, holds in said.items() if holds)


def points_of(reasons: Iterable[Reason], waiting_days: int) -> int:
    return sum(POINTS[reason] for reason in reasons) - max(0, waiting_days) // DAYS_PER_POINT


def suggest(
    openings: Sequence[Opening], suits: Mapping[tuple[UUID, UUID], Suits], *, today: dt.date, most: int = MOST_SUGGESTED
) -> list[Suggestion]:
    """The best times, one for each clinician and site.

    Of each clinician at a site the first free time of each day is weighed; the best of these stands for them.
    """
    if not openings:
        return []
    earliest = min(opening.starts[0] for opening in openings)
    best: dict[tuple[UUID, UUID], Suggestion] = {}
    for opening in openings:
        key = (opening.session.clinician_id, opening.session.unit_id)
        start = opening.starts[0]
        reasons = reasons_of(opening, start, suits.get(key, Suits()), earliest=start == earliest, today=today)
        found = Suggestion(opening, start, reasons, points_of(reasons, (opening.day - today).days))
        if key not in best or _place(found) < _place(best[key]):
            best[key] = found
    return sorted(best.values(), key=_place)[:most]


def _place(suggestion: Suggestion) -> tuple[int, Minute, UUID]:
    return -suggestion.points, suggestion.start, suggestion.opening.session.clinician_id
