"""Reading a CSV file that somebody brings: separator told by the first line, columns by name, cells by line. Pure."""

from __future__ import annotations

import csv
import enum
import io
from collections.abc import Callable, Collection, Iterator

_SEPARATORS = ",;\t|"


class FileProblem(enum.StrEnum):
    EMPTY = "empty"
    NOT_TEXT = "not_text"
    COLUMNS_MISSING = "columns_missing"
    COLUMN_TWICE = "column_twice"
    NOT_CSV = "not_csv"


class UnreadableTable(ValueError):  # noqa: N818 - told to the person as it is
    """The file is no such table; `columns` names those that are missing or double."""

    def __init__(self, problem: FileProblem, columns: tuple[str, ...] = ()) -> None:
        super().__init__(problem)
        self.problem = problem
        self.columns = columns


def read_table(
    content: bytes, *, column_of: Callable[[str], str | None], needed: Collection[str]
) -> Iterator[tuple[int, dict[str, str]]]:
    """The number of each line that is not empty, and its cells by column, without spaces around them.

    `content` is UTF-8 with comma, semicolon, tab or bar. `column_of` gives the column for a name in the first line, or
    None where it is none of ours. Raises UnreadableTable, before the first row or while iterating.
    """
    try:
        text = content.decode("utf-8-sig").lstrip()
    except UnicodeDecodeError:
        raise UnreadableTable(FileProblem.NOT_TEXT) from None
    if not text:
        raise UnreadableTable(FileProblem.EMPTY)
    first = text.splitlines()[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(_SEPARATORS, key=first.count), strict=True)
    try:
        places = _places(next(reader), column_of, needed)
        line = 2
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, {name: cells[at].strip() if at < len(cells) else "" for name, at in places.items()}
            line = reader.line_num + 1
    except csv.Error:
        raise UnreadableTable(FileProblem.NOT_CSV) from None


def _places(names: list[str], column_of: Callable[[str], str | None], needed: Collection[str]) -> dict[str, int]:
    places: dict[str, int] = {}
    for place, name in enumerate(names):
        column = column_of(name)
        if column in places:
            raise UnreadableTable(FileProblem.COLUMN_TWICE, (column,))
        if column is not None:
            places[column] = place
    missing = tuple(column for column in needed if column not in places)
    if missing:
        raise UnreadableTable(FileProblem.COLUMNS_MISSING, missing)
    return places
