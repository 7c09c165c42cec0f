"""When a reminder is due, what it says, and what an answer means. Pure.

A message travels over plain channels: it names the day, the time and the place, never the reason, the kind of visit,
the clinician's specialty, or anything else about health.
"""

from __future__ import annotations

import datetime as dt
import enum
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from medguild.experience.feedback.rules import BEST


class NoticeKind(enum.StrEnum):
    REMINDER = "reminder"
    OFFER = "offer"
    RECALL = "recall"
    CALLED = "called"
    MOVED = "moved"
    RATING = "rating"


class NoticeStatus(enum.StrEnum):
    SENT = "sent"
    FAILED = "failed"
    WITHHELD = "withheld"


class Withheld(enum.StrEnum):
    """Why nothing was sent."""

    NO_ADDRESS = "no_address"
    NOT_WANTED = "not_wanted"
    REFUSED = "refused"


class Said(enum.StrEnum):
    YES = "yes"
    NO = "no"
    STOP = "stop"
    SCORE = "score"


LONGEST_LEAD = 14 * 24  # hours


def read_leads(text: str) -> list[int]:
    """Hours before the visit, the longest first, from `72, 24`. Raises ValueError."""
    leads = sorted({int(part) for part in re.split(r"[\s,;]+", text.strip()) if part}, reverse=True)
    if any(not 1 <= lead <= LONGEST_LEAD for lead in leads):
        raise ValueError("hours between 1 and 336")
    return leads


def leads_of(first: int, last: int) -> list[int]:
    """Hours before the visit, the longest first; 0 is none."""
    return sorted({lead for lead in (first, last) if lead}, reverse=True)


def due_lead(leads: Sequence[int], *, start: dt.datetime, booked_at: dt.datetime, at: dt.datetime) -> int | None:
    """The reminder whose time has come: the shortest lead that holds what is left. None when none has, or when the
    visit was booked after that time (they have just spoken with us)."""
    left = start - at
    if left <= dt.timedelta(0):
        return None
    reached = [lead for lead in leads if left <= dt.timedelta(hours=lead)]
    if not reached:
        return None
    lead = min(reached)
    return None if booked_at > start - dt.timedelta(hours=lead) else lead


@dataclass(frozen=True, slots=True)
class Words:
    """What a message needs: already in the language and time zone of who reads it."""

    greeting: str
    body: str
    link: str
    stop: str = ""

    def text(self) -> str:
        """One text message."""
        return " ".join(part for part in (self.body, self.link, self.stop) if part)

    def letter(self) -> str:
        return "\n\n".join(part for part in (self.greeting, self.body, self.link) if part)


# How long after a visit it is asked how it was: later nobody remembers the details, and nobody expects the question.
ASKED_WITHIN = dt.timedelta(days=3)

_SAID = {
    Said.YES: {"yes", "y", "si", "s", "ok", "c", "confirm", "confirmar", "1"},
    Said.NO: {"no", "n", "cancel", "cancelar", "2"},
    Said.STOP: {"stop", "unsubscribe", "end", "quit", "alto", "baja", "parar"},
}


def read_reply(text: str) -> Said | None:
    """What a reply means by its first word, in English or Spanish; None when a person must read it."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    words = re.findall(r"[a-z0-9]+", "".join(one for one in plain if not unicodedata.combining(one)))
    if not words:
        return None
    return next((said for said, known in _SAID.items() if words[0] in known), None)


_SCORE = re.compile(r"\s*(\d{1,2})(?:\s*/\s*10)?[\s.!]*")


def read_score(text: str) -> int | None:
    """A number from 0 to 10 that stands alone; None when a person must read it, as in "1 hour of waiting"."""
    found = _SCORE.fullmatch(text)
    score = int(found[1]) if found else -1
    return score if 0 <= score <= BEST else None
