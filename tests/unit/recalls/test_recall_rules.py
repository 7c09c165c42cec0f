"""When somebody is due again, and what the house does about it on a day."""

from __future__ import annotations

import datetime as dt

import pytest

from medguild.foundation.kernel.csv_tables import FileProblem, UnreadableTable
from medguild.operations.recalls.csv_rules import (
    BadRow,
    GoodRow,
    RowProblem,
    read_recalls,
)
from medguild.operations.recalls.rules import Pace, Step, months_after, next_step

DUE = dt.date(2026, 6, 15)
PACE = Pace(first=30, second=0, call=14)


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (dt.date(2026, 1, 31), 1, dt.date(2026, 2, 28)),
        (dt.date(2024, 2, 29), 12, dt.date(2025, 2, 28)),
        (dt.date(2024, 2, 29), 48, dt.date(2028, 2, 29)),
        (dt.date(2026, 11, 5), 3, dt.date(2027, 2, 5)),
    ],
)
def test_months_end_where_the_month_ends(day: dt.date, months: int, then: dt.date) -> None:
    assert months_after(day, months) == then


@pytest.mark.parametrize(
    ("days", "done", "reachable", "step"),
    [
        (-31, set(), True, None),
        (-30, set(), True, Step.FIRST_MESSAGE),
        (-1, {"first"}, True, None),
        (0, {"first"}, True, Step.SECOND_MESSAGE),
        (0, {"first", "second"}, True, None),
        (13, {"first", "second"}, True, None),
        (14, {"first", "second"}, True, Step.CALL),
        (15, {"first", "second", "call"}, True, None),
        # Written down long after its day: told once, then called.
        (100, set(), True, Step.SECOND_MESSAGE),
        (100, {"second"}, True, Step.CALL),
        # Nothing could be sent: a person calls on the day itself.
        (-1, {"first"}, False, None),
        (0, {"first"}, False, Step.CALL),
        (5, {"first", "call"}, False, None),
    ],
)
def test_one_step_after_another(days: int, done: set[str], reachable: bool, step: Step | None) -> None:
    today = DUE + dt.timedelta(days=days)
    assert next_step(due_on=DUE, today=today, pace=PACE, done=frozenset(done), reachable=reachable) == step


def test_a_file_is_read_line_by_line() -> None:
    content = b"MRN;Visit Type;due_on;note\nT1;physical;2027-01-02;annual\n;physical;2027-01-02\nT2;physical;soon\n\n"
    rows = list(read_recalls(content))
    assert rows == [
        GoodRow(2, "T1", "physical", dt.date(2027, 1, 2), "annual"),
        BadRow(3, "mrn", RowProblem.MISSING),
        BadRow(4, "due_on", RowProblem.DAY_FORM),
    ]


def test_a_long_note_is_told() -> None:
    assert list(read_recalls(b"mrn,visit_type,due_on,note\nT1,x,2027-01-02," + b"a" * 501)) == [
        BadRow(2, "note", RowProblem.TOO_LONG)
    ]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b" \n", FileProblem.EMPTY),
        (b"\xff\xfe\x00", FileProblem.NOT_TEXT),
        (b"mrn,due_on\nT1,2027-01-02\n", FileProblem.COLUMNS_MISSING),
        (b'mrn,visit_type,due_on\n"T1,x,2027-01-02\n', FileProblem.NOT_CSV),
    ],
)
def test_what_is_no_table_is_refused_whole(content: bytes, problem: FileProblem) -> None:
    with pytest.raises(UnreadableTable) as wrong:
        list(read_recalls(content))
    assert wrong.value.problem == problem
