"""Shares and means of access. Pure."""

from __future__ import annotations

import enum
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole; None per cent where there is nothing to divide by."""

    part: int = 0
    whole: int = 0

    def __add__(self, other: Share) -> Share:
        return Share(self.part + other.part, self.whole + other.whole)

    @property
    def percent(self) -> float | None:
        return round(100 * self.part / self.whole, 1) if self.whole else None


@dataclass(frozen=True, slots=True)
class Mean:
    """A sum over a count; None where nothing was counted."""

    total: float = 0
    count: int = 0

    def __add__(self, other: Mean) -> Mean:
        return Mean(self.total + other.total, self.count + other.count)

    @property
    def value(self) -> float | None:
        return round(self.total / self.count, 1) if self.count else None


class Lead(enum.StrEnum):
    """How long before its time a visit was cancelled."""

    UNDER_A_DAY = "under_a_day"
    ONE_TO_THREE = "one_to_three"
    THREE_TO_SEVEN = "three_to_seven"
    OVER_A_WEEK = "over_a_week"


def lead_of(hours: float) -> Lead:
    if hours < 24:
        return Lead.UNDER_A_DAY
    if hours < 72:
        return Lead.ONE_TO_THREE
    return Lead.THREE_TO_SEVEN if hours < 168 else Lead.OVER_A_WEEK


class Filler(enum.StrEnum):
    """Through which door a cancelled time was filled again."""

    WAITLIST = "waitlist"
    PORTAL = "portal"
    DESK = "desk"
