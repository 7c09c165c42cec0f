"""Choosing a price. Pure; money is integer cents, percent is basis points."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping, Sequence

_CODE = re.compile(r"^[A-Z0-9]{2,10}$")
_MODIFIER = re.compile(r"^[A-Z0-9]{2}$")
WHOLE = 10_000


class ScheduleKind(enum.StrEnum):
    """What the entity asks: of everybody, or of patients who pay by themselves."""

    STANDARD = "standard"
    SELF_PAY = "self_pay"


def normal_code(text: str) -> str:
    """A procedure code in capitals. Raises ValueError."""
    code = text.strip().upper()
    if not _CODE.match(code):
        raise ValueError("A procedure code has 2 to 10 letters and digits.")
    return code


def normal_modifier(text: str) -> str:
    """A two-character modifier in capitals, or nothing. Raises ValueError."""
    modifier = text.strip().upper()
    if modifier and not _MODIFIER.match(modifier):
        raise ValueError("A modifier has two letters or digits.")
    return modifier


def pick(amounts: Mapping[str, int], modifiers: Sequence[str]) -> int | None:
    """The amount of the first modifier that has a price of its own, else of the bare code, else None."""
    for modifier in modifiers:
        if modifier in amounts:
            return amounts[modifier]
    return amounts.get("")


def percent_of(charge: int, basis_points: int) -> int:
    """A share of a charge, half a cent rounded up."""
    return (charge * basis_points * 2 + WHOLE) // (2 * WHOLE)
