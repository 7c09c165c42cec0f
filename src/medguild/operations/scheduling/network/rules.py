"""What a network check says of a visit, and when the patient must have been told before it is booked. Pure."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from medguild.foundation.kernel.actor import Actor

SHORTEST_REASON = 5
# Whom members of plans with a gatekeeper see without being sent.
SEEN_FIRST = frozenset({"family_medicine", "internal_medicine", "pediatrics", "geriatrics", "obstetrics_gynecology"})


class NetworkStanding(enum.StrEnum):
    """What was known of the network when a visit was booked. Unknown is never told as in."""

    NOT_CHECKED = ""
    IN = "in"
    OUT = "out"
    UNKNOWN = "unknown"
    NO_PLAN = "no_plan"


class AnswerKind(enum.StrEnum):
    """What the patient said when told that a visit is out of network, or that nobody has told them yet."""

    SELF_PAY = "self_pay"
    OTHER_CLINICIAN = "other_clinician"
    ASKS_PLAN = "asks_plan"
    NOT_ASKED = "not_asked"


class AskedBy(enum.StrEnum):
    """By which channel the patient was told."""

    PHONE = "phone"
    IN_PERSON = "in_person"
    MESSAGE = "message"
    PORTAL = "portal"
    LINK = "link"  # on the page behind an offer, before their yes


@dataclass(frozen=True, slots=True)
class Said:
    """An answer as it was given: `words` are what the patient was shown or read; `reason` says why nobody asked;
    `asker` is who asked, where somebody else books."""

    kind: AnswerKind
    channel: AskedBy | None = None
    words: str = ""
    reason: str = ""
    asker: Actor | None = None


def lacking(said: Said) -> str:
    """The code of what an answer lacks, empty when it is whole."""
    if said.kind is AnswerKind.NOT_ASKED:
        return "" if len(said.reason.strip()) >= SHORTEST_REASON else "reason_needed"
    if said.channel is None:
        return "channel_needed"
    return "" if said.words.strip() else "words_needed"


def nobody_asked(reason: str) -> Said:
    """What a program says that books without talking to the patient, such as a yes to an offer by link."""
    return Said(AnswerKind.NOT_ASKED, reason=reason)


def books(said: Said | None) -> bool:
    """Whether a visit out of network may be booked on this answer."""
    return said is not None and said.kind is not AnswerKind.OTHER_CLINICIAN
