"""Segments that the sets with hierarchical levels share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from medguild.x12.bind import fields as at


@dataclass(frozen=True, slots=True)
class Header:
    """BHT. structure and purpose are codes of the guide; time is hours and minutes as they stand in the file."""

    SEGMENT: ClassVar = "BHT"
    structure: str = at.code(1)
    purpose: str = at.code(2)
    reference: str = at.code(3, 50)
    date: date | None = at.day(4)
    time: str = at.code(5)
    kind: str = at.code(6)


@dataclass(frozen=True, slots=True)
class Trace:
    """TRN. kind is 1 for the sender's own trace number, 2 for one that is sent back."""

    SEGMENT: ClassVar = "TRN"
    kind: str = at.code(1)
    number: str = at.code(2, 50)
    originator: str = at.code(3)
    additional: str = at.code(4, 50)


@dataclass(frozen=True, slots=True)
class Demographics:
    """DMG."""

    SEGMENT: ClassVar = "DMG"
    form: str = at.code(1)
    birth_date: date | None = at.day(2)
    sex: str = at.code(3)


@dataclass(frozen=True, slots=True)
class ProcedureCode:
    """The composite of SVC01 and SV101."""

    qualifier: str = at.code(1)
    code: str = at.code(2, 48)
    modifier1: str = at.code(3)
    modifier2: str = at.code(4)
    modifier3: str = at.code(5)
    modifier4: str = at.code(6)
    description: str = at.text(7, 80)
