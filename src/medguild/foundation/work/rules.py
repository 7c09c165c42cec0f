"""The life of a work item, who answers for it, and when it climbs: pure."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID


class ItemStatus(enum.StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    CANCELLED = "cancelled"


class Priority(enum.IntEnum):
    LOW = 1
    NORMAL = 2
    HIGH = 3
    URGENT = 4


class HandoffStatus(enum.StrEnum):
    PENDING = "pending"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Clock(enum.StrEnum):
    """How the time allowed for a type of work runs. OPEN_HOURS: hours count while the place is open, whole days are
    working days; what is opened on Friday at noon with one day is due on Monday at noon."""

    ALWAYS = "always"
    OPEN_HOURS = "open_hours"


class Escalation(enum.IntEnum):
    """How far an overdue item has climbed."""

    NONE = 0
    BACKUP = 1
    MANAGER = 2


class Health(enum.StrEnum):
    """A cell of the who-owns-what map. Two owners cannot happen: the database excludes it."""

    OWNED = "owned"
    NO_BACKUP = "no_backup"
    VACANT = "vacant"
    MISSING = "missing"


LIVE = frozenset({ItemStatus.OPEN, ItemStatus.ACCEPTED, ItemStatus.IN_PROGRESS})
TAKEN = frozenset({ItemStatus.ACCEPTED, ItemStatus.IN_PROGRESS})

MOVES: Mapping[ItemStatus, frozenset[ItemStatus]] = {
    ItemStatus.OPEN: frozenset({ItemStatus.ACCEPTED, ItemStatus.DONE, ItemStatus.CANCELLED}),
    ItemStatus.ACCEPTED: frozenset(
        {ItemStatus.OPEN, ItemStatus.ACCEPTED, ItemStatus.IN_PROGRESS, ItemStatus.DONE, ItemStatus.CANCELLED}
    ),
    ItemStatus.IN_PROGRESS: frozenset({ItemStatus.OPEN, ItemStatus.ACCEPTED, ItemStatus.DONE, ItemStatus.CANCELLED}),
    ItemStatus.DONE: frozenset({ItemStatus.ACCEPTED}),
    ItemStatus.CANCELLED: frozenset(),
}
HANDOFF_MOVES: Mapping[HandoffStatus, frozenset[HandoffStatus]] = {
    HandoffStatus.PENDING: frozenset({HandoffStatus.ACCEPTED, HandoffStatus.DECLINED, HandoffStatus.WITHDRAWN}),
    HandoffStatus.ACCEPTED: frozenset(),
    HandoffStatus.DECLINED: frozenset(),
    HandoffStatus.WITHDRAWN: frozenset(),
}


@dataclass(frozen=True, slots=True)
class DutyLine:
    """A duty as routing sees it: `specialty` empty means every specialty."""

    id: UUID
    work_type: str
    unit_id: UUID
    specialty: str = ""


def may_move(now: ItemStatus, to: ItemStatus) -> bool:
    return to in MOVES[now]


def nearest_duty(
    duties: Iterable[DutyLine], *, work_type: str, path: Mapping[UUID, int], specialty: str = ""
) -> DutyLine | None:
    """The duty that answers: at the nearest unit of the path (unit -> steps up), the specialty's own before the
    general one of the same unit. None means that nobody answers."""
    fitting = [
        duty
        for duty in duties
        if duty.work_type == work_type and duty.unit_id in path and duty.specialty in ("", specialty)
    ]
    return min(fitting, key=lambda duty: (path[duty.unit_id], duty.specialty == ""), default=None)


@dataclass(frozen=True, slots=True)
class OpenHours:
    """When a place is open, in its own time: from hour to hour on weekdays (0 is Monday), but not on closed days."""

    opens: int = 8
    closes: int = 17
    weekdays: frozenset[int] = frozenset(range(5))
    closed: frozenset[dt.date] = frozenset()

    def works_on(self, day: dt.date) -> bool:
        return day.weekday() in self.weekdays and day not in self.closed

    def starts(self, day: dt.date) -> dt.datetime:
        return dt.datetime.combine(day, dt.time()) + dt.timedelta(hours=self.opens)

    def ends(self, day: dt.date) -> dt.datetime:
        return dt.datetime.combine(day, dt.time()) + dt.timedelta(hours=self.closes)

    def open_at(self, wall: dt.datetime) -> bool:
        """Whether the place is open at a wall-clock time of its own."""
        return self.works_on(wall.date()) and self.starts(wall.date()) <= wall < self.ends(wall.date())

    def next_day(self, day: dt.date) -> dt.date:
        """The first working day after a day; the day after where no day of a year is one."""
        found = (day + dt.timedelta(days=n) for n in range(1, 367))
        return next((one for one in found if self.works_on(one)), day + dt.timedelta(days=1))


def due_in_open_hours(start: dt.datetime, allowed: dt.timedelta, hours: OpenHours) -> dt.datetime:
    """When the time allowed is over, counted in open hours; `start` and the result are wall-clock times of the place.

    Whole days of `allowed` are working days, the rest is open time. Hours that make no sense count as always open.
    """
    if hours.opens >= hours.closes or not hours.weekdays:
        return start + allowed
    at = _into_open_time(start, hours)
    for _day in range(allowed.days):
        at = dt.datetime.combine(hours.next_day(at.date()), at.time())
    left = allowed - dt.timedelta(days=allowed.days)
    while at + left > hours.ends(at.date()):
        left -= hours.ends(at.date()) - at
        at = hours.starts(hours.next_day(at.date()))
    return at + left


def _into_open_time(at: dt.datetime, hours: OpenHours) -> dt.datetime:
    if not hours.works_on(at.date()) or at >= hours.ends(at.date()):
        return hours.starts(hours.next_day(at.date()))
    return max(at, hours.starts(at.date()))


def next_escalation(level: Escalation, *, has_backup: bool) -> Escalation | None:
    """Where an overdue item climbs next; None at the top."""
    if level == Escalation.NONE:
        return Escalation.BACKUP if has_backup else Escalation.MANAGER
    if level == Escalation.BACKUP:
        return Escalation.MANAGER
    return None


def overdue(due_at: dt.datetime, status: ItemStatus, moment: dt.datetime) -> bool:
    return status in LIVE and moment >= due_at


def health(*, has_duty: bool, held: bool, has_backup: bool) -> Health:
    """`held`: somebody can act today, as the named user or as a holder of the accountable role."""
    if not has_duty:
        return Health.MISSING
    if not held:
        return Health.VACANT
    return Health.OWNED if has_backup else Health.NO_BACKUP
