"""How things are said: initials, waits, safe spreadsheet cells, words of a search. Pure functions."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

# Nothing done for so long ends a session; pages warn before.
IDLE_LIMIT = dt.timedelta(minutes=30)
_NUMBER = re.compile(r"^-?\d+(\.\d+)?$")
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")


def initials(name: str) -> str:
    """`Ana María Ruiz` as `AR`; one word gives its first two letters; nothing gives `?`."""
    words = [word for word in re.split(r"[\s,.]+", name) if word and word[0].isalnum()]
    if not words:
        return "?"
    if len(words) == 1:
        return words[0][:2].upper()
    return (words[0][0] + words[-1][0]).upper()


def csv_cell(value: object) -> str:
    """The text of a CSV cell that no spreadsheet runs as a formula (OWASP, CSV injection); numbers stay numbers."""
    text = "" if value is None else str(value)
    if text.startswith(_DANGEROUS) and not _NUMBER.match(text):
        return f"'{text}"
    return text


def minutes_between(start: dt.datetime, end: dt.datetime) -> int:
    """Whole minutes passed; never negative."""
    return max(0, int((end - start).total_seconds() // 60))


def short_wait(minutes: int) -> str:
    """`7 min`, `1 h 05`, `3 d`: the same in both languages."""
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 24 * 60:
        return f"{minutes // 60} h {minutes % 60:02d}"
    return f"{minutes // (24 * 60)} d"


def matches(query: str, *texts: str) -> bool:
    """Whether every word of the query begins a word of one of the texts, whatever the case."""
    words = [word for text in texts for word in re.split(r"\W+", text.casefold()) if word]
    return all(any(word.startswith(part) for word in words) for part in re.split(r"\W+", query.casefold()) if part)


def spark_points(values: Sequence[float | None], width: float, height: float) -> str:
    """SVG polyline points of a small line chart; gaps are left out. Empty when there are fewer than two values."""
    held = [(index, value) for index, value in enumerate(values) if value is not None]
    if len(held) < 2:
        return ""
    low, high = min(value for _, value in held), max(value for _, value in held)
    span = (high - low) or 1.0
    step = width / (len(values) - 1)
    return " ".join(f"{index * step:.1f},{height - (value - low) / span * height:.1f}" for index, value in held)
