"""Kinds of calls, what became of them, and the arithmetic of call numbers (formulas: call centre practice). Pure."""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass


class Direction(enum.StrEnum):
    INBOUND = "inbound"
    OUTBOUND = "outbound"


class CallReason(enum.StrEnum):
    APPOINTMENT = "appointment"
    REFILL = "refill"
    RESULT = "result"
    REFERRAL = "referral"
    BILLING = "billing"
    CLINICAL = "clinical"
    OTHER = "other"


class Outcome(enum.StrEnum):
    """ABANDONED: the caller hung up while waiting. HUNG_UP: so soon that nobody could have answered.
    MISSED: nobody answered and the caller did not wait (voicemail, after hours)."""

    ANSWERED = "answered"
    ABANDONED = "abandoned"
    HUNG_UP = "hung_up"
    MISSED = "missed"


class CallProblem(enum.StrEnum):
    """What can be wrong with a call as it is told."""

    ENDS_EARLY = "ends_early"
    ANSWERED_OUT_OF_CALL = "answered_out_of_call"
    HOLD_TOO_LONG = "hold_too_long"
    ABANDONED_AND_ANSWERED = "abandoned_and_answered"
    ABANDONED_OUTBOUND = "abandoned_outbound"
    IN_THE_FUTURE = "in_the_future"


@dataclass(frozen=True, slots=True)
class CallFacts:
    """One call as a telephone system tells of it. `hold_seconds` is time on hold after the answer; `source_id` is the
    telephone system's own id of the call, the key of repeated imports."""

    received_at: dt.datetime
    ended_at: dt.datetime
    answered_at: dt.datetime | None = None
    direction: Direction = Direction.INBOUND
    reason: CallReason = CallReason.OTHER
    queue: str = ""
    hold_seconds: int = 0
    abandoned: bool = False
    phone: str = ""
    source_id: str = ""

    @property
    def wait_seconds(self) -> int:
        """Seconds from ringing to the answer, or to the end of a call that nobody answered."""
        return int(((self.answered_at or self.ended_at) - self.received_at).total_seconds())


def problem_of(call: CallFacts, *, now: dt.datetime) -> CallProblem | None:
    """The first thing that cannot be right, or None."""
    answered = call.answered_at
    if call.ended_at < call.received_at:
        return CallProblem.ENDS_EARLY
    if call.received_at > now + dt.timedelta(minutes=5):
        return CallProblem.IN_THE_FUTURE
    if answered is not None and not call.received_at <= answered <= call.ended_at:
        return CallProblem.ANSWERED_OUT_OF_CALL
    if call.abandoned and answered is not None:
        return CallProblem.ABANDONED_AND_ANSWERED
    if call.abandoned and call.direction is Direction.OUTBOUND:
        return CallProblem.ABANDONED_OUTBOUND
    talked = (call.ended_at - answered).total_seconds() if answered is not None else 0
    return CallProblem.HOLD_TOO_LONG if call.hold_seconds > talked else None


def outcome_of(*, answered: bool, abandoned: bool, wait_seconds: float, short: int) -> Outcome:
    """What became of a call; `short` is the number of seconds below which a hang-up is not counted as abandoned."""
    if answered:
        return Outcome.ANSWERED
    if not abandoned:
        return Outcome.MISSED
    return Outcome.ABANDONED if wait_seconds >= short else Outcome.HUNG_UP


def wants_call_back(call: CallFacts, *, short: int) -> bool:
    """Whether somebody tried to reach the practice and did not."""
    if call.direction is Direction.OUTBOUND:
        return False
    outcome = outcome_of(
        answered=call.answered_at is not None, abandoned=call.abandoned, wait_seconds=call.wait_seconds, short=short
    )
    return outcome in (Outcome.ABANDONED, Outcome.MISSED)


@dataclass(frozen=True, slots=True)
class CallNumbers:
    """Sums over inbound calls; the rates are theirs, None where there is nothing to divide by.

    Abandonment = abandoned after the short-abandon threshold / offered; service level = answered within the target /
    offered; speed of answer = seconds waited by answered calls / answered; hold = seconds on hold / answered.
    """

    offered: int = 0
    answered: int = 0
    abandoned: int = 0
    in_time: int = 0
    wait_seconds: int = 0
    hold_seconds: int = 0

    def __add__(self, other: CallNumbers) -> CallNumbers:
        return CallNumbers(
            self.offered + other.offered,
            self.answered + other.answered,
            self.abandoned + other.abandoned,
            self.in_time + other.in_time,
            self.wait_seconds + other.wait_seconds,
            self.hold_seconds + other.hold_seconds,
        )

    @property
    def speed(self) -> int | None:
        return _mean(self.wait_seconds, self.answered)

    @property
    def hold(self) -> int | None:
        return _mean(self.hold_seconds, self.answered)

    @property
    def abandonment(self) -> float | None:
        return _percent(self.abandoned, self.offered)

    @property
    def service_level(self) -> float | None:
        return _percent(self.in_time, self.offered)


def _mean(total: int, count: int) -> int | None:
    return round(total / count) if count else None


def _percent(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None
