"""Code systems, how their codes and words are normalised, and how a CSV of codes is read. Pure."""

from __future__ import annotations

import csv
import datetime as dt
import enum
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field


class System(enum.StrEnum):
    """A family of codes. FHIR calls this a code system; each loaded edition of it is a code set."""

    ICD10CM = "icd10cm"
    PROCEDURE = "procedure"
    MODIFIER = "modifier"
    PLACE_OF_SERVICE = "place_of_service"
    CARC = "carc"
    RARC = "rarc"
    CLAIM_GROUP = "claim_group"
    DENIAL_CATEGORY = "denial_category"
    SPECIALTY = "medicare_specialty"
    TAXONOMY = "taxonomy"
    RACE_ETHNICITY = "race_ethnicity"
    SDOH = "sdoh"
    PFS_INDICATOR = "pfs_indicator"
    CLAIM_STATUS = "claim_status"
    CLAIM_STATUS_CATEGORY = "claim_status_category"
    COMPLIANCE_CALENDAR = "compliance_calendar"


@dataclass(frozen=True, slots=True)
class CodeRow:
    """One code to load: as written, its words, what else is known; `selectable` is False for headings."""

    code: str
    label: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    selectable: bool = True
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None


@dataclass(frozen=True, slots=True)
class LineError:
    """What is wrong in one line of a file (1 is the header)."""

    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What a new edition changes against the one in force."""

    added: int
    removed: int
    changed: int


_NOT_KEY = re.compile(r"[\s.]")
_WORD = re.compile(r"[a-z0-9]+")
_LONGEST_CODE = 40


def key_of(code: str) -> str:
    """A code as it is looked up: capitals, without dots and spaces (X12 writes ICD codes so)."""
    return _NOT_KEY.sub("", code).upper()


def words_of(text: str) -> str:
    """Lower-case words without accents, parted by single spaces."""
    plain = text.lower()
    if not plain.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    return " ".join(_WORD.findall(plain))


def prefix_query(text: str) -> str:
    """The full-text query for rows that have, for each word typed, a word that begins with it; '' for nothing."""
    return " & ".join(f"{word}:*" for word in words_of(text).split())


def looks_like_code(text: str) -> bool:
    """A single piece with a digit may be the beginning of a code: `e11`, `99213`, `N115`; one letter too."""
    piece = text.strip()
    return bool(piece) and " " not in piece and (any(char.isdigit() for char in piece) or len(piece) == 1)


def rank_of(row: CodeRow) -> int:
    """Lower comes first in searches: short codes with few words are the common things."""
    return min(len(row.label.split()) + 2 * len(row.code.replace(".", "")), 32_000)


def read_codes(
    lines: Iterable[str], *, code: str = "code", label: str = "label"
) -> tuple[list[CodeRow], list[LineError]]:
    """Read a CSV with a header; columns `valid_from`, `valid_to` (exclusive) are dates, all others become attributes.

    Returns good rows and the errors by line; a file with any error should not be loaded.
    """
    reader = csv.DictReader(lines)
    missing = [name for name in (code, label) if name not in (reader.fieldnames or [])]
    if missing:
        return [], [LineError(1, f"the column '{name}' is missing") for name in missing]
    rows: list[CodeRow] = []
    errors: list[LineError] = []
    seen: dict[str, int] = {}
    for number, cells in _records(reader):
        problems = _problems(cells, code, label, seen)
        if problems:
            errors += [LineError(number, problem) for problem in problems]
            continue
        seen[key_of(cells[code])] = number
        rows.append(_row(cells, code, label))
    if not rows and not errors:
        errors.append(LineError(1, "the file has no codes"))
    return rows, errors


def _records(reader: csv.DictReader[str]) -> Iterator[tuple[int, dict[str, str]]]:
    for cells in reader:
        surplus = {"": "x"} if None in cells else {}
        yield reader.line_num, {**{str(k): (v or "").strip() for k, v in cells.items() if k is not None}, **surplus}


def _problems(cells: Mapping[str, str], code: str, label: str, seen: Mapping[str, int]) -> list[str]:
    problems = []
    key = key_of(cells[code])
    if "" in cells:
        problems.append("there are more cells than columns")
    if not key:
        problems.append("the code is empty")
    elif len(key) > _LONGEST_CODE:
        problems.append("the code is too long")
    elif key in seen:
        problems.append(f"the code stands already in line {seen[key]}")
    if not cells[label]:
        problems.append("the label is empty")
    starts, ends, readable = _period(cells)
    if not readable:
        problems.append("write dates as 2026-10-01")
    elif starts and ends and ends <= starts:
        problems.append("valid_to must be after valid_from")
    return problems


def _period(cells: Mapping[str, str]) -> tuple[dt.date | None, dt.date | None, bool]:
    """First day, end, and whether both could be read."""
    days: list[dt.date | None] = []
    for name in ("valid_from", "valid_to"):
        text = cells.get(name, "")
        try:
            days.append(dt.date.fromisoformat(text) if text else None)
        except ValueError:
            return None, None, False
    return days[0], days[1], True


def _row(cells: Mapping[str, str], code: str, label: str) -> CodeRow:
    own = {code, label, "valid_from", "valid_to", "selectable"}
    starts, ends, _ = _period(cells)
    return CodeRow(
        code=cells[code],
        label=cells[label],
        attributes={name: value for name, value in cells.items() if name not in own and value},
        selectable=cells.get("selectable", "").lower() not in ("n", "no", "false", "0"),
        valid_from=starts,
        valid_to=ends,
    )


def difference(before: Mapping[str, str], rows: Iterable[CodeRow]) -> Difference:
    """Compare by key and label; `before` maps keys to labels."""
    after = {key_of(row.code): row.label for row in rows}
    return Difference(
        added=len(after.keys() - before.keys()),
        removed=len(before.keys() - after.keys()),
        changed=sum(1 for key in after.keys() & before.keys() if after[key] != before[key]),
    )
