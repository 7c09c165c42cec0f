"""Reading recalls from a CSV file: who, which kind of visit, from which day on. Pure."""

from __future__ import annotations

import csv
import datetime as dt
import enum
import io
from collections.abc import Iterator
from dataclasses import dataclass

COLUMNS = ("mrn", "visit_type", "due_on", "note")
NEEDED = ("mrn", "visit_type", "due_on")
LONGEST_NOTE = 500


class FileProblem(enum.StrEnum):
    EMPTY = "empty"
    NOT_TEXT = "not_text"
    COLUMNS_MISSING = "columns_missing"
    NOT_CSV = "not_csv"


class RowProblem(enum.StrEnum):
    MISSING = "missing"
    DAY_FORM = "day_form"
    TOO_LONG = "too_long"
    PATIENT_UNKNOWN = "patient_unknown"
    TYPE_UNKNOWN = "type_unknown"
    DUE_ALREADY = "due_already"


class UnreadableRecalls(ValueError):  # noqa: N818 - told to the person as it is
    """The file is no table of recalls; `columns` names those that are missing."""

    def __init__(self, problem: FileProblem, columns: tuple[str, ...] = ()) -> None:
        super().__init__(problem)
        self.problem = problem
        self.columns = columns


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
    (2026-11-30) and perhaps `note`. Raises UnreadableRecalls, before the first row or while iterating.
    """
    try:
        text = content.decode("utf-8-sig").lstrip()
    except UnicodeDecodeError:
        raise UnreadableRecalls(FileProblem.NOT_TEXT) from None
    if not text:
        raise UnreadableRecalls(FileProblem.EMPTY)
    first = text.splitlines()[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t|", key=first.count), strict=True)
    try:
        places = _places(next(reader))
        line = 2
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield _row(cells, places, line)
            line = reader.line_num + 1
    except csv.Error:
        raise UnreadableRecalls(FileProblem.NOT_CSV) from None


def _places(names: list[str]) -> dict[str, int]:
    known = {name.strip().lower().replace(" ", "_"): place for place, name in enumerate(names)}
    missing = tuple(column for column in NEEDED if column not in known)
    if missing:
        raise UnreadableRecalls(FileProblem.COLUMNS_MISSING, missing)
    return {column: known[column] for column in COLUMNS if column in known}


def _row(cells: list[str], places: dict[str, int], line: int) -> GoodRow | BadRow:
    said = {column: cells[place].strip() if place < len(cells) else "" for column, place in places.items()}
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
