"""When somebody is to come again, in which state a recall is, and what comes next for it. Pure."""

from __future__ import annotations

import calendar
import datetime as dt
import enum
from dataclasses import dataclass


class RecallStatus(enum.StrEnum):
    DUE = "due"
    CONTACTED = "contacted"
    BOOKED = "booked"
    DECLINED = "declined"
    CLOSED = "closed"


OPEN = frozenset({RecallStatus.DUE, RecallStatus.CONTACTED})


class Origin(enum.StrEnum):
    """Where a recall comes from."""

    HAND = "hand"
    VISIT = "visit"
    RULE = "rule"
    IMPORT = "import"


class Way(enum.StrEnum):
    """How somebody was reached, or should have been."""

    TEXT = "text"
    EMAIL = "email"
    PHONE = "phone"
    LETTER = "letter"
    IN_PERSON = "in_person"


class Outcome(enum.StrEnum):
    """What came of a contact."""

    SENT = "sent"
    NOT_SENT = "not_sent"
    WILL_BOOK = "will_book"
    CALL_ME = "call_me"
    DECLINED = "declined"
    NO_ANSWER = "no_answer"
    VOICEMAIL = "voicemail"
    WRONG_NUMBER = "wrong_number"


# The person themselves was spoken to or answered.
REACHED = frozenset({Outcome.WILL_BOOK, Outcome.CALL_ME, Outcome.DECLINED})
# A word has gone to them, whether or not they answered.
TOLD = REACHED | {Outcome.SENT, Outcome.VOICEMAIL}


class CloseReason(enum.StrEnum):
    """Why nobody is to come any more."""

    PATIENT_DECLINES = "patient_declines"
    SEEN_ELSEWHERE = "seen_elsewhere"
    NOT_NEEDED = "not_needed"
    UNREACHABLE = "unreachable"
    MOVED_AWAY = "moved_away"
    DECEASED = "deceased"
    WRITTEN_BY_MISTAKE = "mistake"


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day of the month so many months on, or its last day where the month is shorter."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


@dataclass(frozen=True, slots=True)
class Pace:
    """Days before the due day of the first message, after it of the second, and after it until a person calls."""

    first: int
    second: int
    call: int


class Step(enum.StrEnum):
    """What the house does about a recall on a day."""

    FIRST_MESSAGE = "first"
    SECOND_MESSAGE = "second"
    CALL = "call"


def next_step(*, due_on: dt.date, today: dt.date, pace: Pace, done: frozenset[str], reachable: bool) -> Step | None:
    """What is to be done now, None for nothing yet. `done` are steps taken; who cannot be written to is called on the
    due day. Only the latest message whose day has come is sent: a recall that is written down late is not told twice.
    """
    if not reachable:
        return Step.CALL if today >= due_on and Step.CALL not in done else None
    if today >= due_on + dt.timedelta(days=pace.call) and done & {Step.FIRST_MESSAGE, Step.SECOND_MESSAGE}:
        return None if Step.CALL in done else Step.CALL
    if today >= due_on + dt.timedelta(days=pace.second):
        return None if Step.SECOND_MESSAGE in done else Step.SECOND_MESSAGE
    if today >= due_on - dt.timedelta(days=pace.first) and not done:
        return Step.FIRST_MESSAGE
    return None
