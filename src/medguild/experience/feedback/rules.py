"""Kinds of complaints and the arithmetic of their numbers. Pure."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Sequence
from dataclasses import dataclass

BEST = 10
RATED_WITHIN = dt.timedelta(days=30)


class Channel(enum.StrEnum):
    IN_PERSON = "in_person"
    PHONE = "phone"
    LETTER = "letter"
    EMAIL = "email"
    SURVEY = "survey"
    REVIEW = "review"


class Category(enum.StrEnum):
    """By the step of the patient's way at which it went wrong, so that causes can be found."""

    ACCESS = "access"
    PHONE = "phone"
    WAITING = "waiting"
    STAFF = "staff"
    CARE = "care"
    INFORMATION = "information"
    BILLING = "billing"
    PRIVACY = "privacy"
    PREMISES = "premises"
    OTHER = "other"


class Severity(enum.StrEnum):
    """SERIOUS: harm, discrimination, privacy, or a complaint that an authority may hear of."""

    MINOR = "minor"
    MODERATE = "moderate"
    SERIOUS = "serious"


class ComplaintStatus(enum.StrEnum):
    OPEN = "open"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class ComplaintNumbers:
    """Complaints received, and visits begun, at a site in a period; `days` are those from receipt to resolution."""

    received: int = 0
    still_open: int = 0
    visits: int = 0
    days: Sequence[float] = ()

    def __add__(self, other: ComplaintNumbers) -> ComplaintNumbers:
        return ComplaintNumbers(
            self.received + other.received,
            self.still_open + other.still_open,
            self.visits + other.visits,
            (*self.days, *other.days),
        )

    @property
    def per_thousand(self) -> float | None:
        """Complaints per 1,000 visits; None without visits."""
        return round(1_000 * self.received / self.visits, 1) if self.visits else None

    @property
    def close_days(self) -> float | None:
        """Mean days from receipt to resolution of those resolved; None while none is."""
        return round(sum(self.days) / len(self.days), 1) if self.days else None


def days_between(received: dt.datetime, resolved: dt.datetime) -> float:
    return (resolved - received).total_seconds() / 86_400
