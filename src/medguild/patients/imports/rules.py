"""Reading patients from a CSV file: columns by many names, values as people write them, problems by line. Pure."""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from medguild.patients.identity.rules.dates import parse_date
from medguild.patients.identity.rules.mrn import normal_mrn
from medguild.patients.identity.rules.person import Details, Problem, WrongDetails, tidied
from medguild.patients.identity.rules.sex import Sex, parse_sex

NEEDED = ("family_name", "given_name", "birth_date")
ALIASES: dict[str, tuple[str, ...]] = {
    "mrn": ("mrn", "medical_record_number", "record_number", "chart_number", "patient_id", "patient_number"),
    "family_name": ("family_name", "last_name", "surname", "lastname", "family"),
    "given_name": ("given_name", "first_name", "firstname", "given"),
    "middle_name": ("middle_name", "middle", "middle_initial", "middlename"),
    "suffix": ("suffix", "name_suffix"),
    "preferred_name": ("preferred_name", "nickname", "known_as"),
    "previous_names": ("previous_names", "previous_name", "maiden_name", "former_name", "previous_family_name"),
    "birth_date": ("birth_date", "dob", "date_of_birth", "birthdate", "birthday"),
    "sex": ("sex", "gender", "administrative_sex"),
    "gender_identity": ("gender_identity",),
    "language": ("language", "preferred_language"),
    "interpreter_needed": ("interpreter_needed", "interpreter"),
    "phone": ("phone", "mobile", "mobile_phone", "cell", "cell_phone", "phone_number", "primary_phone", "home_phone"),
    "other_phone": ("other_phone", "second_phone", "secondary_phone", "work_phone", "alternate_phone"),
    "email": ("email", "e_mail", "email_address"),
    "line1": ("line1", "address", "address1", "address_1", "street", "address_line_1", "address_line1"),
    "line2": ("line2", "address2", "address_2", "address_line_2", "address_line2", "apartment"),
    "city": ("city", "town"),
    "state": ("state", "state_code"),
    "postal_code": ("postal_code", "zip", "zip_code", "zipcode", "postcode"),
    "deceased_on": ("deceased_on", "date_of_death", "death_date", "deceased_date"),
}
_COLUMN_OF = {alias: column for column, aliases in ALIASES.items() for alias in aliases}
_LANGUAGES = {
    "english": "en", "spanish": "es", "chinese": "zh", "vietnamese": "vi", "tagalog": "tl", "russian": "ru",
    "arabic": "ar", "korean": "ko", "french": "fr", "portuguese": "pt", "ukrainian": "uk", "somali": "so",
}  # fmt: skip
_YES = frozenset({"yes", "y", "true", "1"})
_NO = frozenset({"", "no", "n", "false", "0"})


class UnusableFile(ValueError):
    """The file cannot be read as a table of patients; the message says why."""


@dataclass(frozen=True, slots=True)
class Good:
    """A row that can be kept; `line` is where it begins in the file, from 1."""

    line: int
    details: Details
    mrn: str


@dataclass(frozen=True, slots=True)
class Bad:
    """A row that cannot be kept, and why."""

    line: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Where each column stands, and the headings that mean nothing here."""

    columns: dict[str, int]
    ignored: tuple[str, ...]
    width: int


def read_header(names: list[str]) -> Table:
    """Raises UnusableFile when a needed column is missing or one is there twice."""
    columns: dict[str, int] = {}
    ignored: list[str] = []
    for place, name in enumerate(names):
        column = _COLUMN_OF.get(re.sub(r"[^a-z0-9]+", "_", name.strip().lower()).strip("_"))
        if column is None:
            ignored.append(name.strip())
        elif column in columns:
            raise UnusableFile(f"two columns hold the {column.replace('_', ' ')}; keep one")
        else:
            columns[column] = place
    missing = [column for column in NEEDED if column not in columns]
    if missing:
        raise UnusableFile(f"the header lacks {', '.join(missing)}; the columns are {', '.join(ALIASES)}")
    return Table(columns, tuple(ignored), len(names))


def read_rows(lines: Iterable[str], *, today: dt.date) -> tuple[Table, Iterator[Good | Bad]]:
    """The columns and the rows of a file with comma, semicolon, tab or bar between its values; empty lines are left
    out. Raises UnusableFile, also while iterating.
    """
    source = iter(lines)
    first = next(source, "")
    delimiter = max(",;\t|", key=first.count)
    header = next(csv.reader([first], delimiter=delimiter), [])
    if not header:
        raise UnusableFile("the file is empty")
    table = read_header(header)
    return table, _rows(csv.reader(source, delimiter=delimiter), table, today)


def _rows(reader: Iterator[list[str]], table: Table, today: dt.date) -> Iterator[Good | Bad]:
    line = 2
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield read_row(cells, table, line=line, today=today)
            line = reader.line_num + 2  # type: ignore[attr-defined]
    except csv.Error as error:
        raise UnusableFile(f"line {line}: {error}") from None
    except UnicodeDecodeError:
        raise UnusableFile(f"after line {line}: the file is not UTF-8; save it as CSV UTF-8") from None


def read_row(cells: list[str], table: Table, *, line: int, today: dt.date) -> Good | Bad:
    """One row, with every problem that it has."""
    if len(cells) > table.width:
        return Bad(line, (Problem("row", "columns_many"),))
    values = {column: cells[place].strip() if place < len(cells) else "" for column, place in table.columns.items()}
    problems: list[Problem] = []
    born = _date(values["birth_date"], "birth_date", today, problems)
    if not values["birth_date"]:
        problems = [Problem("birth_date", "field_needed")]
    details = Details(
        family_name=values["family_name"],
        given_name=values["given_name"],
        birth_date=born or today,
        sex=_sex(values.get("sex", ""), problems),
        middle_name=values.get("middle_name", ""),
        suffix=values.get("suffix", ""),
        preferred_name=values.get("preferred_name", ""),
        previous_names=tuple(name for name in re.split(r"[;|/]", values.get("previous_names", "")) if name.strip()),
        gender_identity=values.get("gender_identity", ""),
        language=_language(values.get("language", "")),
        interpreter_needed=_flag(values.get("interpreter_needed", ""), "interpreter_needed", problems),
        phone=values.get("phone", ""),
        other_phone=values.get("other_phone", ""),
        email=values.get("email", ""),
        line1=values.get("line1", ""),
        line2=values.get("line2", ""),
        city=values.get("city", ""),
        state=values.get("state", ""),
        postal_code=values.get("postal_code", ""),
        deceased_on=_date(values.get("deceased_on", ""), "deceased_on", today, problems),
    )
    mrn = _mrn(values.get("mrn", ""), problems)
    return _checked(line, details, mrn, problems, today)


def _checked(line: int, details: Details, mrn: str, problems: list[Problem], today: dt.date) -> Good | Bad:
    try:
        clean = tidied(details, today=today)
    except WrongDetails as error:
        return Bad(line, (*problems, *error.problems))
    return Bad(line, tuple(problems)) if problems else Good(line, clean, mrn)


@lru_cache(maxsize=50_000)
def _parsed(text: str, today: dt.date) -> dt.date | None:
    try:
        return parse_date(text, today=today)
    except ValueError:
        return None


def _date(text: str, field: str, today: dt.date, problems: list[Problem]) -> dt.date | None:
    if not text:
        return None
    day = _parsed(text, today)
    if day is None:
        problems.append(Problem(field, "date_form"))
    return day


def _sex(text: str, problems: list[Problem]) -> Sex:
    try:
        return parse_sex(text)
    except ValueError:
        problems.append(Problem("sex", "sex_form"))
        return Sex.UNKNOWN


def _flag(text: str, field: str, problems: list[Problem]) -> bool:
    word = text.lower()
    if word not in _YES and word not in _NO:
        problems.append(Problem(field, "flag_form"))
    return word in _YES


def _mrn(text: str, problems: list[Problem]) -> str:
    if not text:
        return ""
    try:
        return normal_mrn(text)
    except ValueError:
        problems.append(Problem("mrn", "mrn_form"))
        return ""


def _language(text: str) -> str:
    return _LANGUAGES.get(text.lower(), text) or "en"
