"""A weekly block of a template as data, and when two of them are the same. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from medguild.operations.scheduling.held_rules import Purpose
from medguild.operations.scheduling.week_rules import monday_of


class HeldDraft(NamedTuple):
    """A part that is held for a purpose; exactly one of the releases is given."""

    start_minute: int
    end_minute: int
    purpose: str = Purpose.SAME_DAY
    visit_types: tuple[UUID, ...] = ()
    release_days: int | None = None
    release_hours: int | None = None


@dataclass(frozen=True, slots=True)
class BlockDraft:
    """A weekly block. `visit_types`: id -> minutes, None is as long as the kind usually takes.

    `anchor` None counts the weeks from the first in which the version holds.
    """

    unit_id: UUID
    weekday: int
    start_minute: int
    end_minute: int
    visit_types: dict[UUID, int | None]
    step_minutes: int = 15
    capacity: int = 1
    overbook_limit: int = 1
    every_weeks: int = 1
    anchor: dt.date | None = None
    room_id: UUID | None = None
    held: tuple[HeldDraft, ...] = field(default_factory=tuple)

    @property
    def end_of_week_minute(self) -> int:
        return self.weekday * 1440 + self.end_minute

    def key(self, start: dt.date) -> tuple[object, ...]:
        """Two blocks with one key are the same session from the day on."""
        anchor = self.anchor or first_week(start, self.weekday)
        phase = (anchor - dt.date(2001, 1, 1)).days // 7 % self.every_weeks
        return (
            self.unit_id, self.weekday, self.start_minute, self.end_minute, self.step_minutes, self.capacity,
            self.overbook_limit, self.every_weeks, phase, self.room_id, frozenset(self.visit_types.items()),
            frozenset(self.held),
        )  # fmt: skip


def first_week(start: dt.date, weekday: int) -> dt.date:
    """The Monday of the first week with that weekday from a day on."""
    return monday_of(start + dt.timedelta(days=(weekday - start.weekday()) % 7))
