"""The steps of a visit, what may follow what, and the times between them. Pure."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median


class VisitStatus(enum.StrEnum):
    """Where the patient is now. The last three are ends."""

    ARRIVED = "arrived"
    ROOMED = "roomed"
    WITH_CLINICIAN = "with_clinician"
    READY_TO_LEAVE = "ready_to_leave"
    LEFT = "left"
    LEFT_WITHOUT_BEING_SEEN = "left_without_being_seen"
    CANCELLED = "cancelled"


class IdentityProof(enum.StrEnum):
    """How a person was known to be who they say."""

    PHOTO_ID = "photo_id"
    TWO_IDENTIFIERS = "two_identifiers"
    KNOWN = "known"


class PatientPlace(enum.StrEnum):
    """Where somebody is while a clinician talks to them from afar; payers pay and code the two apart."""

    HOME = "at_home"
    ELSEWHERE = "elsewhere"


class MarkOutcome(enum.StrEnum):
    DONE = "done"
    SKIPPED = "skipped"


class ArrivalState(enum.StrEnum):
    """A line of the front desk's list of the day."""

    EXPECTED = "expected"
    LATE = "late"
    HERE = "here"
    LEFT = "left"
    NO_SHOW = "no_show"


class WaitTone(enum.StrEnum):
    CALM = "calm"
    LONG = "long"
    TOO_LONG = "too_long"


IDENTITY, LOCATION = "identity", "location"  # steps of the check-in list that ask something
BOARD_STEPS: tuple[VisitStatus, ...] = (
    VisitStatus.ARRIVED,
    VisitStatus.ROOMED,
    VisitStatus.WITH_CLINICIAN,
    VisitStatus.READY_TO_LEAVE,
)
OPEN: frozenset[VisitStatus] = frozenset(BOARD_STEPS)
ENDED: frozenset[VisitStatus] = frozenset(VisitStatus) - OPEN
# Steps in which the patient waits for somebody.
WAITING: frozenset[VisitStatus] = OPEN - {VisitStatus.WITH_CLINICIAN}

# A video visit has no room, a nurse visit no clinician; nobody leaves unseen once the clinician has begun.
MOVES: Mapping[VisitStatus, frozenset[VisitStatus]] = {
    VisitStatus.ARRIVED: frozenset(
        {
            VisitStatus.ROOMED,
            VisitStatus.WITH_CLINICIAN,
            VisitStatus.LEFT_WITHOUT_BEING_SEEN,
            VisitStatus.CANCELLED,
        }
    ),
    VisitStatus.ROOMED: frozenset(
        {VisitStatus.WITH_CLINICIAN, VisitStatus.READY_TO_LEAVE, VisitStatus.LEFT_WITHOUT_BEING_SEEN}
    ),
    VisitStatus.WITH_CLINICIAN: frozenset({VisitStatus.READY_TO_LEAVE, VisitStatus.LEFT}),
    VisitStatus.READY_TO_LEAVE: frozenset({VisitStatus.LEFT}),
}

UNDO_WITHIN = dt.timedelta(minutes=5)
SOON = dt.timedelta(minutes=90)
LATE_AFTER = dt.timedelta(minutes=5)


def may_move(origin: VisitStatus, target: VisitStatus) -> bool:
    return target in MOVES.get(origin, frozenset())


def may_undo(previous: VisitStatus | None, since: dt.datetime, moment: dt.datetime) -> bool:
    """A step can be taken back while it is fresh, and only once: after that there is no `previous`."""
    return previous is not None and dt.timedelta(0) <= moment - since <= UNDO_WITHIN


@dataclass(frozen=True, slots=True)
class Moved:
    """One entry of a visit's history: it came to `to` at `at`. An `undone` entry takes the last one back."""

    to: VisitStatus | None
    at: dt.datetime
    who: str = ""
    undone: bool = False


@dataclass(frozen=True, slots=True)
class StepTime:
    """A step that was really taken: when it began and, once another followed, when it ended."""

    status: VisitStatus
    began: dt.datetime
    ended: dt.datetime | None
    who: str = ""

    def minutes(self, moment: dt.datetime) -> int:
        return whole_minutes(self.began, self.ended or moment)


def whole_minutes(start: dt.datetime, end: dt.datetime) -> int:
    """Whole minutes between two instants, rounded down, never below 0."""
    return max(0, int((end - start).total_seconds() // 60))


def step_times(history: Iterable[Moved]) -> list[StepTime]:
    """The steps that stand after undone ones are taken out, oldest first; each ends where the next begins."""
    stack: list[Moved] = []
    for moved in history:
        if moved.undone:
            if stack:
                stack.pop()
        elif moved.to is not None:
            stack.append(moved)
    ends: list[dt.datetime | None] = [later.at for later in stack[1:]]
    last = stack[-1] if stack else None
    ends.append(last.at if last is not None and last.to in ENDED else None)
    return [
        StepTime(moved.to, moved.at, end, moved.who)
        for moved, end in zip(stack, ends, strict=False)
        if moved.to is not None
    ]


def cycle_minutes(arrived: dt.datetime, left: dt.datetime) -> int:
    """Visit cycle time: minutes from arrival to departure (KPI `cycle_time`)."""
    return whole_minutes(arrived, left)


def wait_to_room(arrived: dt.datetime, roomed: dt.datetime, planned: dt.datetime | None) -> int:
    """Minutes from check-in, or from the appointment's time if that is later, to roomed (KPI `wait_to_room`)."""
    return whole_minutes(max(arrived, planned) if planned else arrived, roomed)


def mean(values: Sequence[int]) -> float | None:
    """None where there is nothing to average: shown as "not enough data", never as 0."""
    return sum(values) / len(values) if values else None


def middle(values: Sequence[int]) -> float | None:
    return float(median(values)) if values else None


def wait_tone(minutes: int, limit: int) -> WaitTone:
    """How a waiting time is shown: long from the limit on, too long from twice the limit on."""
    if minutes >= 2 * limit:
        return WaitTone.TOO_LONG
    return WaitTone.LONG if minutes >= limit else WaitTone.CALM


def arrival_state(
    *, planned: dt.datetime, moment: dt.datetime, visit: VisitStatus | None, no_show: bool
) -> ArrivalState:
    """Where an appointment of today stands for the front desk."""
    if visit is not None and visit is not VisitStatus.CANCELLED:
        return ArrivalState.HERE if visit in OPEN else ArrivalState.LEFT
    if no_show:
        return ArrivalState.NO_SHOW
    return ArrivalState.LATE if moment - planned > LATE_AFTER else ArrivalState.EXPECTED


def arrival_rank(state: ArrivalState, planned: dt.datetime, moment: dt.datetime) -> tuple[int, dt.datetime]:
    """Sort key of the day's list: late ones and the next 90 minutes first, then the rest of the day, then the done."""
    if state in (ArrivalState.LATE, ArrivalState.EXPECTED):
        return (0 if planned <= moment + SOON else 1), planned
    return (2 if state is ArrivalState.HERE else 3), planned


@dataclass(frozen=True, slots=True)
class Planned:
    """An appointment of a clinician's day: planned times, when the clinician began, and whether it is over."""

    start: dt.datetime
    end: dt.datetime
    began: dt.datetime | None = None
    over: bool = False
    here: bool = True


def running_minutes(day: Iterable[Planned], moment: dt.datetime) -> int:
    """How late (+) or early (-) a clinician runs, in whole minutes.

    With a patient: the expected finish (begin + planned length, at least now) against the planned one. Between
    patients: how long the next one who is here has waited past the planned time; 0 when nobody waits.
    """
    order = sorted(day, key=lambda planned: planned.start)
    for planned in order:
        if planned.began is not None and not planned.over:
            finish = max(moment, planned.began + (planned.end - planned.start))
            return int((finish - planned.end).total_seconds() // 60)
    waiting = [planned for planned in order if planned.began is None and not planned.over and planned.here]
    return whole_minutes(waiting[0].start, moment) if waiting else 0
