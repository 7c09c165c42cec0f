"""What a payer asks of remote visits on a claim: a place of service and modifiers, or that it does not pay. Pure.

Place 10 is the patient's home, 02 anywhere else; modifiers 95, 93 and FQ by payer (domain facts: telehealth).
"""

from __future__ import annotations

import datetime as dt
import enum
import re
from collections.abc import Sequence
from dataclasses import dataclass

MOST_MODIFIERS = 4  # of a service line (837P SV101)
WARNINGS = (90, 60, 30, 14, 7, 0)
PLACE_AT_HOME, PLACE_ELSEWHERE = "10", "02"
_MODIFIER = re.compile(r"^[A-Z0-9]{2}$")


class RemoteMode(enum.StrEnum):
    """How patient and clinician talk; the words are those of a visit's mode."""

    VIDEO = "video"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class RemoteTerms:
    """A payer's rule: codes of the place by where the patient is, and modifiers of every service."""

    covered: bool
    place_at_home: str = ""
    place_elsewhere: str = ""
    modifiers: tuple[str, ...] = ()

    def place(self, *, at_home: bool) -> str:
        return self.place_at_home if at_home else self.place_elsewhere


def with_modifiers(own: Sequence[str], asked: Sequence[str]) -> list[str]:
    """A service's modifiers and those the payer asks for, each once, the service's first; at most four."""
    return list(dict.fromkeys([*own, *asked]))[:MOST_MODIFIERS]


def no_room(own: Sequence[str], asked: Sequence[str]) -> bool:
    """Whether a service has so many modifiers that those the payer asks for could not be put."""
    return len(own) == MOST_MODIFIERS and not set(asked) <= set(own)


def read_modifiers(text: str) -> list[str] | None:
    """Modifiers typed with spaces or commas; None where one is none, or there are too many."""
    found = list(dict.fromkeys(text.upper().replace(",", " ").split()))
    if len(found) > MOST_MODIFIERS or not all(_MODIFIER.match(one) for one in found):
        return None
    return found


def warning_due(end: dt.date, today: dt.date) -> int | None:
    """The warning (days before the end) that is reached; 0 from the end on, None while it is far off."""
    reached = [days for days in WARNINGS if (end - today).days <= days]
    return min(reached) if reached else None
