"""Public code lists with the days on which each code counts (SNIP type 5).

Lists are data: a CSV file each, with `code,from,to` (both days may be empty; `to` is the first day after).
They hold codes only; meanings belong to their owners. `replace` puts a newer list in place while a program runs.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files

PLACES, REASONS, STATES, STATUS_CATEGORIES = "place_of_service", "adjustment_reasons", "states", "status_categories"
STATUS_CODES, REMARKS, SERVICE_TYPES = "status_codes", "remark_codes", "service_types"
_SERIES = re.compile(r"([A-Z]{0,2})([0-9]{1,4})")


@dataclass(frozen=True, slots=True)
class Span:
    """The days on which a code counts: from `start` on, before `end`."""

    start: date = date.min
    end: date = date.max


_LISTS: dict[str, Mapping[str, Span]] = {}


def read_list(rows: Iterable[Mapping[str, str]]) -> dict[str, Span]:
    """Rows of `code,from,to`. Raises ValueError for a date that is none, KeyError for a missing column."""
    found: dict[str, Span] = {}
    for row in rows:
        start = date.fromisoformat(row["from"]) if row["from"] else date.min
        end = date.fromisoformat(row["to"]) if row["to"] else date.max
        found[row["code"]] = Span(start, end)
    return found


def replace(name: str, codes: Mapping[str, Span]) -> None:
    _LISTS[name] = codes
    _last_of_series.cache_clear()


def counts(name: str, code: str, on: date | None = None) -> bool:
    """Is the code on the list, and did it count on that day (any day when None)?"""
    span = _list(name).get(code)
    return span is not None and (on is None or span.start <= on < span.end)


def may_count(name: str, code: str) -> bool:
    """Is the code on the list, or so numbered that it may have been added since (lists grow three times a year)?"""
    if counts(name, code):
        return True
    parts = _SERIES.fullmatch(code)
    last = _last_of_series(name).get(parts[1]) if parts else None
    return parts is not None and last is not None and last < int(parts[2]) and len(parts[2]) <= len(str(last))


@lru_cache(maxsize=8)
def _last_of_series(name: str) -> dict[str, int]:
    """The highest number behind each letter or letters."""
    found: dict[str, int] = {}
    for letters, number in (parts.groups() for code in _list(name) if (parts := _SERIES.fullmatch(code))):
        found[letters] = max(found.get(letters, 0), int(number))
    return found


def _list(name: str) -> Mapping[str, Span]:
    if name not in _LISTS:
        text = (files(__name__) / f"{name}.csv").read_text(encoding="utf-8")
        _LISTS[name] = read_list(csv.DictReader(text.splitlines()))
    return _LISTS[name]
