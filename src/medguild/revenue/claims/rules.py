"""States of a claim, its numbers, and how charges become claims. Pure."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

MOST_LINES = 50
MOST_DIAGNOSES = 12
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no letter is taken for a digit


class ClaimStatus(enum.StrEnum):
    DRAFT = "draft"
    EDIT_FAILED = "edit_failed"
    READY = "ready"
    SENT = "sent"
    PAID = "paid"
    PARTLY_PAID = "partly_paid"
    DENIED = "denied"
    VOID = "void"


class Frequency(enum.StrEnum):
    """CLM05-3. Replacement and void name the payer's own number of the claim."""

    ORIGINAL = "1"
    REPLACEMENT = "7"
    VOID = "8"


# Before these a claim may still change; after them it stands as sent.
OPEN = frozenset({ClaimStatus.DRAFT, ClaimStatus.EDIT_FAILED, ClaimStatus.READY})
ADJUDICATED = frozenset({ClaimStatus.PAID, ClaimStatus.PARTLY_PAID, ClaimStatus.DENIED})
_AFTER_SENDING = {ClaimStatus.SENT, *ADJUDICATED}

TRANSITIONS: frozenset[tuple[ClaimStatus, ClaimStatus]] = frozenset(
    {
        *((before, after) for before in OPEN for after in OPEN if before != after),
        (ClaimStatus.READY, ClaimStatus.SENT),
        *((before, ClaimStatus.VOID) for before in OPEN),
        # Remittances may correct each other, so an adjudicated claim may move to any other adjudicated state, and a
        # reversal without correction brings it back to sent.
        *((before, after) for before in _AFTER_SENDING for after in _AFTER_SENDING if before != after),
        (ClaimStatus.SENT, ClaimStatus.VOID),
    }
)


def may_move(before: str, after: str) -> bool:
    return (before, after) in TRANSITIONS


def claim_number(count: int) -> str:
    """CLM01: `M` and eight letters or digits; short, because payers need to return only the first 20 characters."""
    digits = ""
    while count:
        count, rest = divmod(count, len(_ALPHABET))
        digits = _ALPHABET[rest] + digits
    return "M" + digits.rjust(8, "0")


def line_control(number: str, line: int) -> str:
    """REF*6R, which the payer returns: the claim's number and the line's."""
    return f"{number}-{line}"


@dataclass(frozen=True, slots=True)
class Sheaf:
    """Charges that may stand on one claim agree in all of this."""

    patient_id: UUID
    account_id: UUID
    coverage_id: UUID
    entity_id: UUID
    site_id: UUID
    visit_id: UUID | None
    rendering_id: UUID
    billing_identity_id: UUID


def pointers(line: Sequence[str], claim: Sequence[str]) -> tuple[int, ...]:
    """1-based places of a line's diagnoses among the claim's, at most four (SV107)."""
    return tuple(claim.index(code) + 1 for code in line if code in claim)[:4]


def all_diagnoses(lines: Iterable[Sequence[str]]) -> list[str]:
    """The claim's diagnoses: those of its lines in order of appearance, each once."""
    return list(dict.fromkeys(code for line in lines for code in line))


@dataclass(frozen=True, slots=True)
class LineCorrection:
    """Modifiers and 1-based pointers that a service line should have."""

    modifiers: Sequence[str]
    pointers: Sequence[int]


def tidy_diagnoses(codes: Iterable[str]) -> list[str]:
    """Upper case, with the point of ICD-10-CM after the third character, each once, in order."""
    plain = (code.strip().upper().replace(".", "") for code in codes)
    return list(dict.fromkeys(code if len(code) <= 3 else f"{code[:3]}.{code[3:]}" for code in plain if code))


def tidy_modifiers(modifiers: Iterable[str]) -> list[str] | None:
    """Upper case, in order, each once; None where one has not two characters or there are more than four (SV101)."""
    found = list(dict.fromkeys(one.strip().upper() for one in modifiers if one.strip()))
    fits = len(found) <= 4 and all(re.fullmatch(r"[A-Z0-9]{2}", one) for one in found)
    return found if fits else None


def adjudicated_status(charge: int, paid: int, patient_share: int, denied: int) -> ClaimStatus:
    """What the remittances so far say of a claim, in cents.

    Zero paid is no denial when the allowed amount went to the patient (deductible).
    """
    if denied and paid <= 0 and patient_share <= 0:
        return ClaimStatus.DENIED
    return ClaimStatus.PARTLY_PAID if denied else ClaimStatus.PAID
