"""Administrative sex as FHIR names it, and its X12 code."""

from __future__ import annotations

import enum
from collections.abc import Mapping


class Sex(enum.StrEnum):
    FEMALE = "female"
    MALE = "male"
    OTHER = "other"
    UNKNOWN = "unknown"


# DMG03 of the 837 and 270.
X12_SEX: Mapping[Sex, str] = {Sex.FEMALE: "F", Sex.MALE: "M", Sex.OTHER: "U", Sex.UNKNOWN: "U"}

_WORDS: Mapping[str, Sex] = {
    "f": Sex.FEMALE, "female": Sex.FEMALE, "w": Sex.FEMALE, "woman": Sex.FEMALE,
    "m": Sex.MALE, "male": Sex.MALE, "man": Sex.MALE,
    "o": Sex.OTHER, "other": Sex.OTHER, "x": Sex.OTHER, "nonbinary": Sex.OTHER,
    "u": Sex.UNKNOWN, "unknown": Sex.UNKNOWN, "": Sex.UNKNOWN,
}  # fmt: skip


def parse_sex(text: str) -> Sex:
    """`F`, `male`, `X`, `unknown`, ... Raises ValueError."""
    try:
        return _WORDS[text.strip().lower()]
    except KeyError:
        raise ValueError("Write female, male, other or unknown.") from None
