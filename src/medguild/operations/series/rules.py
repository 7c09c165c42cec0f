"""Visits that come again: on which days, and what an edit of the series means for each of them. Pure.

A series is a row of numbered occurrences. A rule (of which later ones may replace the earlier from some number on) says
the wall-clock time of each number; its instant follows from the time zone of the site, so the clock on the wall stays
the same over the changes of the clocks. An occurrence that does not stand where its rule says was moved by itself: an
edit of the others leaves it alone.
"""

from __future__ import annotations

import calendar
import datetime as dt
import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count

WEEK = 7
MOST = 60  # occurrences of a series
LONGEST = dt.timedelta(days=400)


class Every(enum.StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Pattern:
    """Which days: every `step` days, weeks on `weekdays` (Monday is 0), or months on the weekday of the first day's
    place in its month (the fifth means the last). Ends after `times` occurrences or with the day `until`.
    """

    every: Every
    step: int
    first: dt.date
    minute: int  # wall-clock minutes after midnight
    weekdays: tuple[int, ...] = ()
    times: int | None = None
    until: dt.date | None = None


def days(pattern: Pattern) -> list[dt.date]:
    """All days, in order; never more than `MOST`, never beyond `LONGEST`."""
    last = pattern.first + LONGEST
    if pattern.until is not None:
        last = min(last, pattern.until)
    most = min(pattern.times or MOST, MOST)
    found: list[dt.date] = []
    for day in _endless(pattern):
        if day > last or len(found) == most:
            break
        found.append(day)
    return found


def _endless(pattern: Pattern) -> Iterator[dt.date]:
    if pattern.every is Every.DAY:
        return (pattern.first + dt.timedelta(days=pattern.step * number) for number in count())
    if pattern.every is Every.WEEK:
        return _weekly(pattern)
    return _monthly(pattern)


def _weekly(pattern: Pattern) -> Iterator[dt.date]:
    """Weeks are counted from the Monday of the first day's week; days before the first day are left out."""
    monday = pattern.first - dt.timedelta(days=pattern.first.weekday())
    weekdays = sorted(set(pattern.weekdays)) or [pattern.first.weekday()]
    for number in count():
        week = monday + dt.timedelta(days=WEEK * pattern.step * number)
        for weekday in weekdays:
            day = week + dt.timedelta(days=weekday)
            if day >= pattern.first:
                yield day


def _monthly(pattern: Pattern) -> Iterator[dt.date]:
    place, weekday = (pattern.first.day - 1) // WEEK, pattern.first.weekday()
    months = pattern.first.year * 12 + pattern.first.month - 1
    for number in count():
        year, month = divmod(months + number * pattern.step, 12)
        yield weekday_of_month(year, month + 1, weekday, place)


def weekday_of_month(year: int, month: int, weekday: int, place: int) -> dt.date:
    """The (place + 1)-th such weekday of a month; a fifth that the month does not have is the last."""
    first_weekday, length = calendar.monthrange(year, month)
    day = 1 + (weekday - first_weekday) % WEEK + WEEK * place
    return dt.date(year, month, day if day <= length else day - WEEK)


class Standing(enum.StrEnum):
    """Where an occurrence stands."""

    REGULAR = "regular"  # to come, where the rule says
    MOVED = "moved"  # to come, elsewhere: moved by itself, or booked elsewhere from the start
    GONE = "gone"  # given up or skipped by itself
    OVER = "over"  # took place, is taking place, or its time has passed


@dataclass(frozen=True, slots=True)
class Held:
    """An occurrence as it stands."""

    number: int
    day: dt.date
    minute: int
    standing: Standing
    elsewhere: bool = False  # the new rule has another clinician or site


class Act(enum.StrEnum):
    """What an edit does to an occurrence."""

    STAY = "stay"  # is where the new rule wants it
    MOVE = "move"
    ADD = "add"
    DROP = "drop"  # the new rule is shorter
    KEEP = "keep"  # an exception, or over: left alone


@dataclass(frozen=True, slots=True)
class Step:
    """One line of an edit. `day` and `minute` are where the new rule puts the number; None beyond its end."""

    number: int
    act: Act
    day: dt.date | None = None
    minute: int | None = None


def plan_edit(held: Sequence[Held], pattern: Pattern, since: int) -> list[Step]:
    """What the rule means for all occurrences from the number `since` on, in order of number.

    Numbers keep their identity: the n-th day of the new rule belongs to the number `since` + n. Nothing before `since`
    appears in the answer.
    """
    wanted = {since + place: day for place, day in enumerate(days(pattern))}
    present = {one.number: one for one in held if one.number >= since}
    return [_step(number, present.get(number), wanted.get(number), pattern.minute)
            for number in sorted(wanted.keys() | present.keys())]  # fmt: skip


def _step(number: int, one: Held | None, day: dt.date | None, minute: int) -> Step:
    if one is None:
        return Step(number, Act.ADD, day, minute)
    place = (day, minute) if day else (None, None)
    if one.standing is not Standing.REGULAR:
        return Step(number, Act.KEEP, *place)
    if day is None:
        return Step(number, Act.DROP)
    same = (one.day, one.minute) == (day, minute) and not one.elsewhere
    return Step(number, Act.STAY if same else Act.MOVE, *place)


def nearest(
    starts: Sequence[dt.datetime], wanted: dt.datetime, *, most: int, avoid: Sequence[tuple[dt.datetime, dt.datetime]]
) -> list[dt.datetime]:
    """The free starts nearest to a wanted one: fewest days away first, then fewest minutes of the day.

    `avoid` are spans in which the patient has something else; a start inside of one is left out.
    """
    free = [start for start in starts if not any(begin <= start < end for begin, end in avoid)]
    return sorted(free, key=lambda start: _distance(start, wanted))[:most]


def _distance(start: dt.datetime, wanted: dt.datetime) -> tuple[int, float, dt.datetime]:
    apart = abs((start.date() - wanted.date()).days)
    clock = abs((start.hour * 60 + start.minute) - (wanted.hour * 60 + wanted.minute))
    return apart, clock, start
