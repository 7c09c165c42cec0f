"""Channels by which people write, and what was promised to them. Pure."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Channel(enum.StrEnum):
    """By what a message came. Telephone calls have rows of their own, complaints too."""

    PORTAL = "portal"
    TEXT = "text"
    EMAIL = "email"
    FAX = "fax"
    LETTER = "letter"


class Answered(enum.StrEnum):
    """How a message was answered."""

    SAME_WAY = "same_way"
    PHONE = "phone"
    IN_PERSON = "in_person"
    LETTER = "letter"
    NOT_NEEDED = "not_needed"


class PromiseKind(enum.StrEnum):
    """What was promised to a patient."""

    RESULT = "result"
    CALL = "call"
    REFERRAL = "referral"
    MESSAGE = "message"


@dataclass(frozen=True, slots=True)
class Kept:
    """How promises went: kept in time, kept late, still open in time, open and late."""

    in_time: int = 0
    late: int = 0
    waiting: int = 0
    overdue: int = 0

    @property
    def share(self) -> float | None:
        """Kept in time of all whose time is over, in percent; None while there are none."""
        over = self.in_time + self.late + self.overdue
        return round(100 * self.in_time / over, 1) if over else None
