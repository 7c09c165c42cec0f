"""What a note must hold to be signed, what a service line may say, and the text that a signature covers. Pure."""

from __future__ import annotations

import datetime as dt
import enum
import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any


class NoteStatus(enum.StrEnum):
    DRAFT = "draft"
    SIGNED = "signed"


class Section(enum.StrEnum):
    """The parts of a short note, in reading order."""

    REASON = "reason"
    HISTORY = "history"
    EXAM = "exam"
    ASSESSMENT = "assessment"


MOST_DIAGNOSES = 12  # X12 837P: HI holds twelve diagnosis codes
MOST_POINTERS = 4  # X12 837P: SV107
MOST_MODIFIERS = 4  # X12 837P: SV101-3 to -6
MOST_UNITS = 999
LONGEST_SECTION = 20_000
CANONICAL_VERSION = 1

_MODIFIER = re.compile(r"^[A-Z0-9]{2}$")
_SERVICE_CODE = re.compile(r"^[A-Z0-9]{5}$")


def clean_code(text: str) -> str:
    """A service code as it is compared: capitals, without spaces."""
    return "".join(text.upper().split())


def clean_diagnosis(text: str) -> str:
    """An ICD-10-CM code as it is kept: capitals, with the dot after the third character (`e119` is `E11.9`)."""
    bare = "".join(text.upper().split()).replace(".", "")
    return f"{bare[:3]}.{bare[3:]}" if len(bare) > 3 else bare


def valid_service_code(code: str) -> bool:
    """Five capitals or digits: the form of HCPCS codes of both levels; whether it exists is asked of the code sets."""
    return bool(_SERVICE_CODE.match(code))


def modifier_problem(modifiers: Sequence[str]) -> str | None:
    """Code of what is wrong with the modifiers of a line, or None."""
    if len(modifiers) > MOST_MODIFIERS:
        return "too_many_modifiers"
    if any(not _MODIFIER.match(modifier) for modifier in modifiers):
        return "modifier_form"
    return "modifier_twice" if len(set(modifiers)) < len(modifiers) else None


def pointer_problem(pointers: Sequence[int], diagnoses: Iterable[int]) -> str | None:
    """Code of what is wrong with a line's pointers to diagnoses of these order numbers, or None.

    1 to 4 pointers, each to a diagnosis of the note, none twice; the first is the main reason for the service.
    """
    if not pointers:
        return "no_pointer"
    if len(pointers) > MOST_POINTERS:
        return "too_many_pointers"
    if len(set(pointers)) < len(pointers):
        return "pointer_twice"
    return None if set(pointers) <= set(diagnoses) else "pointer_to_nothing"


def valid_units(units: int) -> bool:
    return 1 <= units <= MOST_UNITS


@dataclass(frozen=True, slots=True)
class DiagnosisLine:
    order: int
    code: str
    description: str


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """A service as charted. Persons are ids: who did it, and who stands for it on a claim."""

    order: int
    code: str
    modifiers: tuple[str, ...]
    units: int
    pointers: tuple[int, ...]
    performed_by: str
    rendering: str
    supervising: str = ""
    ordering: str = ""
    referring: str = ""


@dataclass(frozen=True, slots=True)
class NoteContent:
    """All that a signature covers, besides who signed and when."""

    note_id: str
    visit_id: str
    patient_id: str
    author_id: str
    service_date: dt.date
    reason: str
    history: str
    exam: str
    assessment: str
    diagnoses: tuple[DiagnosisLine, ...] = ()
    services: tuple[ServiceLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """Something missing or odd. `blocking` gaps refuse the signature, the others are shown before it."""

    code: str
    blocking: bool
    detail: str = ""


def gaps(note: NoteContent) -> list[Gap]:
    """What stands against signing the note, worst first."""
    found: list[Gap] = []
    if not note.assessment.strip():
        found.append(Gap("no_assessment", True))
    if note.services and not note.diagnoses:
        found.append(Gap("no_diagnosis", True))
    orders = [line.order for line in note.diagnoses]
    for line in note.services:
        problem = pointer_problem(line.pointers, orders)
        if problem is not None and note.diagnoses:
            found.append(Gap(problem, True, line.code))
        if not line.rendering:
            found.append(Gap("no_rendering", True, line.code))
    if not note.services:
        found.append(Gap("no_service", False))
    if not note.services and not note.diagnoses:
        found.append(Gap("no_diagnosis", False))
    if not note.reason.strip():
        found.append(Gap("no_reason", False))
    return sorted(found, key=lambda gap: not gap.blocking)


def renumbered(orders: Sequence[int]) -> dict[int, int]:
    """Old to new order numbers, 1..n without gaps, after one was taken out."""
    return {old: new for new, old in enumerate(sorted(orders), start=1)}


def repointed(pointers: Sequence[int], moves: dict[int, int]) -> list[int]:
    """Pointers after diagnoses were renumbered; those to a removed diagnosis are dropped."""
    return [moves[pointer] for pointer in pointers if pointer in moves]


@dataclass(frozen=True, slots=True)
class Signature:
    """What is hashed: the version of the text's form, the content, who signed and when (UTC, microseconds)."""

    content: NoteContent
    signed_by: str
    signed_at: dt.datetime
    version: int = field(default=CANONICAL_VERSION)


def canonical_text(signature: Signature) -> str:
    """One text for one content: JSON with sorted keys, no spaces, UTF-8 letters as they are, lines ending in LF."""
    body: dict[str, Any] = asdict(signature.content)
    body["service_date"] = signature.content.service_date.isoformat()
    for section in Section:
        body[section.value] = body[section.value].replace("\r\n", "\n").replace("\r", "\n")
    whole = {
        "form": f"note/{signature.version}",
        "note": body,
        "signed_at": signature.signed_at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        "signed_by": signature.signed_by,
    }
    return json.dumps(whole, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(signature: Signature) -> str:
    """sha256 of the canonical text, in hexadecimal."""
    return hashlib.sha256(canonical_text(signature).encode()).hexdigest()
