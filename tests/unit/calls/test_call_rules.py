"""What became of calls, numbers of calls, and the telephone system's file."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medguild.foundation.kernel.csv_tables import FileProblem, UnreadableTable
from medguild.operations.calls.csv_rules import (
    BadRow,
    GoodRow,
    RowProblem,
    read_calls,
)
from medguild.operations.calls.rules import (
    CallFacts,
    CallNumbers,
    CallProblem,
    CallReason,
    Direction,
    Outcome,
    outcome_of,
    problem_of,
    wants_call_back,
)

ZONE = "America/Los_Angeles"
NOW = dt.datetime(2026, 6, 1, 20, tzinfo=dt.UTC)
NINE = dt.datetime(2026, 6, 1, 16, tzinfo=dt.UTC)


def after(seconds: int) -> dt.datetime:
    return NINE + dt.timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("answered", "abandoned", "wait", "outcome"),
    [
        (True, False, 500, Outcome.ANSWERED),
        (False, True, 5, Outcome.ABANDONED),
        (False, True, 4, Outcome.HUNG_UP),
        (False, False, 90, Outcome.MISSED),
    ],
)
def test_outcomes(answered: bool, abandoned: bool, wait: int, outcome: Outcome) -> None:
    assert outcome_of(answered=answered, abandoned=abandoned, wait_seconds=wait, short=5) is outcome


@pytest.mark.parametrize(
    ("call", "problem"),
    [
        (CallFacts(NINE, after(60), after(10)), None),
        (CallFacts(NINE, after(-1)), CallProblem.ENDS_EARLY),
        (CallFacts(NINE, after(60), after(61)), CallProblem.ANSWERED_OUT_OF_CALL),
        (CallFacts(NINE, after(60), after(10), hold_seconds=51), CallProblem.HOLD_TOO_LONG),
        (CallFacts(NINE, after(60), hold_seconds=1), CallProblem.HOLD_TOO_LONG),
        (CallFacts(NINE, after(60), after(10), abandoned=True), CallProblem.ABANDONED_AND_ANSWERED),
        (CallFacts(NINE, after(9), direction=Direction.OUTBOUND, abandoned=True), CallProblem.ABANDONED_OUTBOUND),
        (CallFacts(NOW + dt.timedelta(hours=1), NOW + dt.timedelta(hours=2)), CallProblem.IN_THE_FUTURE),
    ],
)
def test_calls_that_cannot_be(call: CallFacts, problem: CallProblem | None) -> None:
    assert problem_of(call, now=NOW) is problem


def test_who_did_not_get_through_is_called_back() -> None:
    assert wants_call_back(CallFacts(NINE, after(60), abandoned=True), short=5)
    assert wants_call_back(CallFacts(NINE, after(60)), short=5)
    assert not wants_call_back(CallFacts(NINE, after(4), abandoned=True), short=5)
    assert not wants_call_back(CallFacts(NINE, after(60), after(10)), short=5)
    assert not wants_call_back(CallFacts(NINE, after(60), direction=Direction.OUTBOUND), short=5)


def test_rates_of_a_worked_example() -> None:
    numbers = CallNumbers(offered=200, answered=180, abandoned=14, in_time=150, wait_seconds=5_400, hold_seconds=9_000)
    assert (numbers.abandonment, numbers.service_level, numbers.speed, numbers.hold) == (7.0, 75.0, 30, 50)
    assert CallNumbers().abandonment is None
    assert CallNumbers(offered=3).speed is None


_counts = st.builds(CallNumbers, *[st.integers(0, 10_000)] * 6)


@given(_counts, _counts)
def test_numbers_add_up(one: CallNumbers, other: CallNumbers) -> None:
    both = one + other
    assert both.offered == one.offered + other.offered
    assert both.hold_seconds - one.hold_seconds == other.hold_seconds
    assert one + CallNumbers() == one


def rows(text: str) -> list[GoodRow | BadRow]:
    return list(read_calls(text.encode(), zone=ZONE, now=NOW))


HEAD = "call_id,received_at,answered_at,ended_at,direction,queue,reason,hold_seconds,abandoned,phone\n"


def test_a_file_is_read_in_the_time_of_its_site() -> None:
    good = rows(
        HEAD + "A1,2026-06-01 09:00:00,2026-06-01 09:00:20,2026-06-01 09:05:00,,Front,Refill,1:30,,5035550123\n"
    )
    assert good == [
        GoodRow(
            2,
            CallFacts(
                NINE,
                after(300),
                after(20),
                Direction.INBOUND,
                CallReason.REFILL,
                "Front",
                90,
                False,
                "+15035550123",
                "A1",
            ),
        )
    ]


def test_other_names_delimiters_offsets_and_withheld_numbers() -> None:
    (row,) = rows("ID;Start;End;Caller\nA1;2026-06-01T16:00:00+00:00;06/01/2026 09:01:00;anonymous\n")
    assert isinstance(row, GoodRow)
    assert row.call == CallFacts(NINE, after(60), abandoned=True, source_id="A1")


@pytest.mark.parametrize(
    ("cells", "column", "problem"),
    [
        (",2026-06-01 09:00,,2026-06-01 09:01,,,,,,", "call_id", RowProblem.MISSING),
        ("A,nine,,2026-06-01 09:01,,,,,,", "received_at", RowProblem.TIME_FORM),
        ("A,2026-06-01 09:00,,2026-06-01 09:01,up,,,,,", "direction", RowProblem.DIRECTION_FORM),
        ("A,2026-06-01 09:00,,2026-06-01 09:01,,,,long,,", "hold_seconds", RowProblem.SECONDS_FORM),
        ("A,2026-06-01 09:00,,2026-06-01 09:01,,,,,maybe,", "abandoned", RowProblem.FLAG_FORM),
        ("A,2026-06-01 09:00,,2026-06-01 09:01,,,,,,12345678", "phone", RowProblem.PHONE_FORM),
        (f"{'A' * 201},2026-06-01 09:00,,2026-06-01 09:01,,,,,,", "call_id", RowProblem.TOO_LONG),
        ("A,2026-06-01 09:01,,2026-06-01 09:00,,,,,,", "", CallProblem.ENDS_EARLY),
    ],
)
def test_a_bad_row_is_told_by_line_and_column(cells: str, column: str, problem: RowProblem) -> None:
    assert rows(HEAD + cells + "\n") == [BadRow(2, column, problem)]


def test_the_same_id_twice_and_empty_lines() -> None:
    line = "A,2026-06-01 09:00,,2026-06-01 09:01,,,,,,\n"
    first, second = rows(HEAD + line + "\n" + line)
    assert isinstance(first, GoodRow)
    assert second == BadRow(4, "call_id", RowProblem.SAME_ID)


@pytest.mark.parametrize(
    ("content", "problem", "columns"),
    [
        (b"", FileProblem.EMPTY, ()),
        (b"\xff\xfe\x00", FileProblem.NOT_TEXT, ()),
        (b"call_id,start\n", FileProblem.COLUMNS_MISSING, ("ended_at",)),
        (b"call_id,id,start,end\n", FileProblem.COLUMN_TWICE, ("call_id",)),
        (b'call_id,start,end\n"A,2,3\n', FileProblem.NOT_CSV, ()),
    ],
)
def test_files_that_are_no_calls(content: bytes, problem: FileProblem, columns: tuple[str, ...]) -> None:
    with pytest.raises(UnreadableTable) as caught:
        list(read_calls(content, zone=ZONE, now=NOW))
    assert (caught.value.problem, caught.value.columns) == (problem, columns)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    with suppress(UnreadableTable):
        assert all(isinstance(row, GoodRow | BadRow) for row in read_calls(content, zone=ZONE, now=NOW))
