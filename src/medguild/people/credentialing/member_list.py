"""Reading the list of a compact's states: one a line, `OR, 2024-01-01` and perhaps the day it left. Pure."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

_PARTS = re.compile(r"[\s,;]+")


@dataclass(frozen=True, slots=True)
class MemberLine:
    state: str
    start: dt.date
    end: dt.date | None = None


class UnreadableLine(ValueError):
    """A line (1 is the first) that does not say state and day."""

    def __init__(self, number: int, line: str) -> None:
        super().__init__(f"line {number}: {line}")
        self.number, self.line = number, line


def read_members(text: str) -> list[MemberLine]:
    """States with the day each joined (ISO), and the day it left if it has. Raises UnreadableLine."""
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        parts = [part for part in _PARTS.split(line.strip()) if part]
        if not 2 <= len(parts) <= 3 or not re.fullmatch(r"[A-Za-z]{2}", parts[0]):
            raise UnreadableLine(number, line.strip())
        try:
            days = [dt.date.fromisoformat(part) for part in parts[1:]]
        except ValueError:
            raise UnreadableLine(number, line.strip()) from None
        found.append(MemberLine(parts[0].upper(), *days))
    return found


def written(rows: list[MemberLine]) -> str:
    """The same as text, to be changed and given back."""
    return "\n".join(
        ", ".join([row.state, row.start.isoformat(), *([row.end.isoformat()] if row.end else [])]) for row in rows
    )
