"""Words and numbers as people read them."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medguild.foundation.ui.rules import csv_cell, initials, matches, minutes_between, short_wait, spark_points


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ana María Ruiz", "AR"),
        ("ruiz, ana", "RA"),
        ("Cher", "CH"),
        ("", "?"),
        ("  ", "?"),
        ("(unknown)", "?"),
        ("Éva Ögren", "ÉÖ"),
    ],
)
def test_initials(name: str, expected: str) -> None:
    assert initials(name) == expected


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-2+3", "@sum(a1)", "\t=1", "\r=1", "\n=1", "-", "-1-1"])
def test_formulas_are_defused(text: str) -> None:
    assert csv_cell(text) == f"'{text}"


@pytest.mark.parametrize("value", ["-12.50", "12", "0", -3, 4.5, "Ana", "", "1-2"])
def test_plain_values_stay_as_they_are(value: object) -> None:
    assert csv_cell(value) == str(value)


def test_nothing_is_an_empty_cell() -> None:
    assert csv_cell(None) == ""


@given(st.text())
def test_no_cell_starts_a_formula_unless_it_is_a_number(text: str) -> None:
    cell = csv_cell(text)
    if cell[:1] in ("=", "+", "-", "@", "\t", "\r", "\n"):
        float(cell)
    assert cell.removeprefix("'") == text.removeprefix("'")


@given(st.text().filter(lambda text: "\x00" not in text))
def test_cells_survive_a_csv_file(text: str) -> None:
    out = io.StringIO(newline="")
    csv.writer(out).writerow([csv_cell(text)])
    read = next(csv.reader(io.StringIO(out.getvalue(), newline="")), [""])
    assert read == [csv_cell(text)]


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [(0, "0 min"), (59, "59 min"), (60, "1 h 00"), (125, "2 h 05"), (1439, "23 h 59"), (1440, "1 d")],
)
def test_short_wait(minutes: int, expected: str) -> None:
    assert short_wait(minutes) == expected


def test_minutes_are_whole_and_never_negative() -> None:
    start = dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)
    assert minutes_between(start, start + dt.timedelta(seconds=119)) == 1
    assert minutes_between(start, start - dt.timedelta(hours=1)) == 0


@pytest.mark.parametrize(
    ("query", "expected"),
    [("", True), ("pat", True), ("PAT reg", True), ("reg pat", True), ("atient", False), ("pat x", False)],
)
def test_every_word_must_begin_a_word(query: str, expected: bool) -> None:
    assert matches(query, "Register a patient", "new chart") is expected


@given(st.lists(st.one_of(st.none(), st.floats(-1e6, 1e6)), max_size=30))
def test_sparkline_stays_in_its_box(values: list[float | None]) -> None:
    points = spark_points(values, 80, 20)
    for pair in points.split():
        x, y = (float(part) for part in pair.split(","))
        assert 0 <= x <= 80
        assert 0 <= y <= 20
    assert bool(points) == (sum(value is not None for value in values) >= 2)
