"""Reading calls from the CSV file of a telephone system: columns by many names, problems by line. Pure."""

from __future__ import annotations

import datetime as dt
import enum
import re
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from medguild.foundation.kernel.csv_tables import read_table
from medguild.operations.calls.rules import CallFacts, CallProblem, CallReason, Direction, problem_of
from medguild.patients.identity.rules.phones import normal_phone

LONGEST_TEXT = 200
ALIASES: dict[str, tuple[str, ...]] = {
    "call_id": ("call_id", "id", "source_id", "call_reference", "uniqueid"),
    "received_at": ("received_at", "received", "start", "start_time", "call_start", "offered_at"),
    "answered_at": ("answered_at", "answered", "answer_time"),
    "ended_at": ("ended_at", "ended", "end", "end_time", "call_end"),
    "direction": ("direction",),
    "queue": ("queue", "line", "group"),
    "reason": ("reason", "topic", "disposition"),
    "hold_seconds": ("hold_seconds", "hold", "hold_time"),
    "abandoned": ("abandoned",),
    "phone": ("phone", "caller", "caller_id", "from", "number"),
}
NEEDED = ("call_id", "received_at", "ended_at")
_COLUMN_OF = {alias: column for column, aliases in ALIASES.items() for alias in aliases}
_YES = frozenset({"yes", "y", "true", "1"})
_NO = frozenset({"no", "n", "false", "0"})
_DIRECTIONS = {"": Direction.INBOUND, "in": Direction.INBOUND, "out": Direction.OUTBOUND}
_FORMS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y %I:%M:%S %p")


class RowProblem(enum.StrEnum):
    """What can be wrong with a cell; beside these stand the problems of a whole call."""

    MISSING = "missing"
    TIME_FORM = "time_form"
    SECONDS_FORM = "seconds_form"
    FLAG_FORM = "flag_form"
    DIRECTION_FORM = "direction_form"
    PHONE_FORM = "phone_form"
    TOO_LONG = "too_long"
    SAME_ID = "same_id"


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that is left out: its line in the file, the column (empty for the whole call) and what is wrong."""

    line: int
    column: str
    problem: RowProblem | CallProblem


@dataclass(frozen=True, slots=True)
class GoodRow:
    line: int
    call: CallFacts


class _Wrong(Exception):  # noqa: N818
    def __init__(self, column: str, problem: RowProblem | CallProblem) -> None:
        super().__init__(column)
        self.column, self.problem = column, problem


def read_calls(content: bytes, *, zone: str, now: dt.datetime) -> Iterator[GoodRow | BadRow]:
    """Rows of a CSV file with comma, semicolon, tab or bar; times without offset are wall-clock times in `zone`.

    Raises UnreadableTable, before the first row or while iterating.
    """
    seen: set[str] = set()
    for line, cells in read_table(content, column_of=_column, needed=NEEDED):
        yield _row(cells, line, zone, now, seen)


def _column(name: str) -> str | None:
    return _COLUMN_OF.get(re.sub(r"[^a-z0-9]+", "_", name.strip().lower()).strip("_"))


def _row(values: dict[str, str], line: int, zone: str, now: dt.datetime, seen: set[str]) -> GoodRow | BadRow:
    try:
        call = _call(values, zone)
        if call.source_id in seen:
            raise _Wrong("call_id", RowProblem.SAME_ID)
        problem = problem_of(call, now=now)
        if problem is not None:
            raise _Wrong("", problem)
    except _Wrong as wrong:
        return BadRow(line, wrong.column, wrong.problem)
    seen.add(call.source_id)
    return GoodRow(line, call)


def _call(values: dict[str, str], zone: str) -> CallFacts:
    for column in NEEDED:
        if not values[column]:
            raise _Wrong(column, RowProblem.MISSING)
    for column in ("call_id", "queue"):
        if len(values.get(column, "")) > LONGEST_TEXT:
            raise _Wrong(column, RowProblem.TOO_LONG)
    answered = _time(values, "answered_at", zone) if values.get("answered_at") else None
    direction = _direction(values.get("direction", ""))
    flag = values.get("abandoned", "").lower()
    if flag and flag not in _YES | _NO:
        raise _Wrong("abandoned", RowProblem.FLAG_FORM)
    return CallFacts(
        received_at=_time(values, "received_at", zone),
        ended_at=_time(values, "ended_at", zone),
        answered_at=answered,
        direction=direction,
        reason=_reason(values.get("reason", "")),
        queue=values.get("queue", ""),
        hold_seconds=_seconds(values.get("hold_seconds", "")),
        abandoned=flag in _YES if flag else answered is None and direction is Direction.INBOUND,
        phone=_phone(values.get("phone", "")),
        source_id=values["call_id"],
    )


def _time(values: dict[str, str], column: str, zone: str) -> dt.datetime:
    text = values[column]
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        moment = _local(text, column)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=ZoneInfo(zone)).astimezone(dt.UTC)


def _local(text: str, column: str) -> dt.datetime:
    for form in _FORMS:
        try:
            return dt.datetime.strptime(text, form)  # noqa: DTZ007 - the caller gives it the site's zone
        except ValueError:
            continue
    raise _Wrong(column, RowProblem.TIME_FORM)


def _seconds(text: str) -> int:
    """Seconds as a whole number, or as minutes:seconds or hours:minutes:seconds."""
    if not text:
        return 0
    if not re.fullmatch(r"\d{1,5}(:\d{1,2}){0,2}", text):
        raise _Wrong("hold_seconds", RowProblem.SECONDS_FORM)
    total = 0
    for part in text.split(":"):
        total = total * 60 + int(part)
    return total


def _direction(text: str) -> Direction:
    word = text.lower()
    if word in _DIRECTIONS:
        return _DIRECTIONS[word]
    try:
        return Direction(word)
    except ValueError:
        raise _Wrong("direction", RowProblem.DIRECTION_FORM) from None


def _reason(text: str) -> CallReason:
    """Words that the house does not know count as other: telephone systems have lists of their own."""
    try:
        return CallReason(text.lower().replace(" ", "_"))
    except ValueError:
        return CallReason.OTHER


def _phone(text: str) -> str:
    """Withheld numbers ("anonymous", "unknown", extensions) count as none."""
    if not re.search(r"\d{7}", re.sub(r"[^0-9]", "", text)):
        return ""
    try:
        return normal_phone(text)
    except ValueError:
        raise _Wrong("phone", RowProblem.PHONE_FORM) from None
