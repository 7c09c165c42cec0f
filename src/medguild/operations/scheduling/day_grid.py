"""The calendar of a site's day: columns of clinicians, rows of a quarter of an hour."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.rules import AppointmentStatus, Minute
from medguild.operations.scheduling.week_rules import local_time
from medguild.operations.scheduling.words import clock_words

ROW = 15  # minutes


@dataclass(frozen=True, slots=True)
class Cell:
    """What begins in a row of a column; `state` is open, busy (a visit that began above), off or closed."""

    state: str
    visits: list[Appointment] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Row:
    label: str
    whole_hour: bool
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Column:
    """A clinician's day: sessions with their spans, what is off, and the visits."""

    clinician_id: UUID
    name: str
    spans: list[tuple[Minute, Minute]] = field(default_factory=list)
    off: str = ""
    visits: list[Appointment] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class DayGrid:
    columns: list[Column]
    rows: list[Row]
    closed: str = ""

    @property
    def visits(self) -> int:
        return sum(len(column.visits) for column in self.columns)


def lay_out(columns: Sequence[Column], zone: str, *, closed: str = "") -> DayGrid:
    """Rows from the first opening or visit to the last."""
    spans = [span for column in columns for span in column.spans]
    spans += [(minute_of(visit.start), minute_of(visit.end)) for column in columns for visit in column.visits]
    if not spans:
        return DayGrid(list(columns), [], closed)
    first = row_of(min(start for start, _ in spans))
    last = -(-max(end for _, end in spans) // ROW) * ROW
    laid = [_Laid(column) for column in columns]
    rows = [_row(at, laid, zone) for at in range(first, last, ROW)]
    return DayGrid(list(columns), rows, closed)


def row_of(minute: Minute) -> Minute:
    """The row in which a minute lies."""
    return minute // ROW * ROW


class _Laid:
    """What is in each row of a column, worked out once: a day has thousands of cells."""

    def __init__(self, column: Column) -> None:
        self.off = column.off
        self.begins: dict[Minute, list[Appointment]] = defaultdict(list)
        self.runs: set[Minute] = set()
        for visit in column.visits:
            start, end = minute_of(visit.start), minute_of(visit.end)
            self.begins[row_of(start)].append(visit)
            if visit.status != AppointmentStatus.NO_SHOW:
                self.runs.update(range(row_of(start), end, ROW))
        self.inside = {at for start, end in column.spans for at in range(row_of(start), end, ROW)}


def _row(at: Minute, columns: Sequence[_Laid], zone: str) -> Row:
    clock = local_time(zone, at)
    label = clock_words(clock.hour * 60 + clock.minute)
    return Row(label, clock.minute == 0, [_cell(at, column) for column in columns])


def _cell(at: Minute, column: _Laid) -> Cell:
    begins, runs = column.begins.get(at, []), at in column.runs
    if begins or runs:
        return Cell("busy" if runs else "open", begins)
    if at not in column.inside:
        return Cell("off")
    return Cell("closed" if column.off else "open")


def minute_of(moment: dt.datetime) -> Minute:
    return int(moment.timestamp()) // 60
