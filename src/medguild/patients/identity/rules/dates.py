"""Dates as people in the United States write them: month first, unless the year leads or the month is a word."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LONG_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
OLDEST = 130 * 366  # days

_YEAR_FIRST = re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$")
_MONTH_FIRST = re.compile(r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})$")
_WORD_FIRST = re.compile(r"^([a-z]+)\.?[ -]+(\d{1,2})(?:st|nd|rd|th)?[ ,-]+(\d{4}|\d{2})$")
_DAY_FIRST = re.compile(r"^(\d{1,2})(?:st|nd|rd|th)?[ -]+([a-z]+)\.?[ ,-]+(\d{4}|\d{2})$")
_EIGHT = re.compile(r"^\d{8}$")


def parse_date(text: str, *, today: dt.date) -> dt.date:
    """`1980-02-01`, `2/1/1980`, `02/01/80`, `Feb 1, 1980`, `1 February 1980`, `02011980`, `19800201`.

    A two-digit year is the latest that is not in the future. Raises ValueError.
    """
    dates = list(readings(text, today=today))
    if not dates:
        raise ValueError("Write a date like 02/01/1980.")
    return dates[0]


def readings(text: str, *, today: dt.date) -> Iterator[dt.date]:
    """Every date that the text can mean, the likeliest first; eight digits may be written either way."""
    plain = " ".join(text.lower().split())
    for year, month, day in _parts(plain):
        made = _made(_full_year(year, today), month, day)
        if made is not None:
            yield made


def _parts(plain: str) -> Iterator[tuple[str, int, int]]:
    if match := _YEAR_FIRST.match(plain):
        yield match[1], int(match[2]), int(match[3])
    elif match := _MONTH_FIRST.match(plain):
        yield match[3], int(match[1]), int(match[2])
    elif match := _WORD_FIRST.match(plain):
        yield match[3], _month(match[1]), int(match[2])
    elif match := _DAY_FIRST.match(plain):
        yield match[3], _month(match[2]), int(match[1])
    elif _EIGHT.match(plain):
        yield plain[4:], int(plain[:2]), int(plain[2:4])
        yield plain[:4], int(plain[4:6]), int(plain[6:])


def _month(word: str) -> int:
    """1 to 12, or 0 for a word that is no month."""
    if word in _LONG_MONTHS:
        return _LONG_MONTHS.index(word) + 1
    short = "sep" if word == "sept" else word
    return _MONTHS.index(short) + 1 if short in _MONTHS else 0


def _full_year(year: str, today: dt.date) -> int:
    if len(year) == 4:
        return int(year)
    century = today.year - today.year % 100
    full = century + int(year)
    return full if full <= today.year else full - 100


def _made(year: int, month: int, day: int) -> dt.date | None:
    if not 1800 <= year <= 2200:
        return None
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def possible_birth_date(day: dt.date, *, today: dt.date) -> bool:
    """Not in the future and not more than about 130 years ago."""
    return today - dt.timedelta(days=OLDEST) <= day <= today


def age_on(born: dt.date, day: dt.date) -> int:
    """Full years of age on a day."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def nearly_same(one: dt.date, other: dt.date) -> bool:
    """The two differ as a slip of the hand does: day and month swapped, or a single digit."""
    if one == other:
        return True
    if (one.year, one.month, one.day) == (other.year, other.day, other.month):
        return True
    first, second = one.strftime("%Y%m%d"), other.strftime("%Y%m%d")
    return sum(a != b for a, b in zip(first, second, strict=True)) == 1
