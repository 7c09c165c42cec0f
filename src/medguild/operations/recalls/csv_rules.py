"""Reading recalls from a CSV file: who, which kind of visit, from which day on. Pure."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterator
from dataclasses import dataclass

from medguild.foundation.kernel.csv_tables import read_table

COLUMNS = ("mrn", "visit_type", "due_on", "note")
NEEDED = ("mrn", "visit_type", "due_on")
LONGEST_NOTE = 500


class RowProblem(enum.StrEnum):
    MISSING = "missing"
    DAY_FORM = "day_form"
    TOO_LONG = "too_long"
    PATIENT_UNKNOWN = "patient_unknown"
    TYPE_UNKNOWN = "type_unknown"
    DUE_ALREADY = "due_already"


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that is left out: its line in the file, the column and what is wrong."""

    line: int
    column: str
    problem: RowProblem


@dataclass(frozen=True, slots=True)
class GoodRow:
    line: int
    mrn: str
    visit_type: str
    due_on: dt.date
    note: str


def read_recalls(content: bytes) -> Iterator[GoodRow | BadRow]:
    """Rows of a CSV file with comma, semicolon, tab or bar and the columns `mrn`, `visit_type` (its code), `due_on`
    (2026-11-30) and perhaps `note`. Raises UnreadableTable, before the first row or while iterating.
    """
    for line, said in read_table(content, column_of=_column, needed=NEEDED):
        yield _row(said, line)


def _column(name: str) -> str | None:
    column = name.strip().lower().replace(" ", "_")
    return column if column in COLUMNS else None


def _row(said: dict[str, str], line: int) -> GoodRow | BadRow:
    for column in NEEDED:
        if not said[column]:
            return BadRow(line, column, RowProblem.MISSING)
    if len(said.get("note", "")) > LONGEST_NOTE:
        return BadRow(line, "note", RowProblem.TOO_LONG)
    try:
        due_on = dt.date.fromisoformat(said["due_on"])
    except ValueError:
        return BadRow(line, "due_on", RowProblem.DAY_FORM)
    return GoodRow(line, said["mrn"], said["visit_type"], due_on, said.get("note", ""))
