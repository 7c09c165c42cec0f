"""What a payer asks of remote visits (domain facts: place 10 at home, 02 elsewhere; modifiers 95, 93, FQ by payer)."""

from __future__ import annotations

import datetime as dt

import pytest

from medguild.operations.scheduling.rules import REMOTE
from medguild.payers.remote.rules import RemoteMode, RemoteTerms, read_modifiers, warning_due, with_modifiers


def test_the_modes_are_those_of_visits() -> None:
    assert set(RemoteMode) == {mode.value for mode in REMOTE}


def test_the_place_follows_where_the_patient_is() -> None:
    terms = RemoteTerms(True, "10", "02", ("95",))
    assert [terms.place(at_home=home) for home in (True, False)] == ["10", "02"]


@pytest.mark.parametrize(
    ("own", "asked", "found"),
    [
        ([], ["95"], ["95"]),
        (["25"], ["95"], ["25", "95"]),
        (["95", "25"], ["95"], ["95", "25"]),
        (["25", "59", "76", "77"], ["95"], ["25", "59", "76", "77"]),
    ],
)
def test_modifiers_stand_once_and_at_most_four(own: list[str], asked: list[str], found: list[str]) -> None:
    assert with_modifiers(own, asked) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("95", ["95"]),
        ("fq, 93", ["FQ", "93"]),
        ("95 95", ["95"]),
        ("955", None),
        ("1 2", None),
        ("AA BB CC DD EE", None),
    ],
)
def test_modifiers_are_read_as_people_write_them(text: str, found: list[str] | None) -> None:
    assert read_modifiers(text) == found


def test_an_end_is_told_ahead_and_when_it_has_come() -> None:
    end = dt.date(2027, 1, 1)
    days = {left: warning_due(end, end - dt.timedelta(days=left)) for left in (91, 90, 31, 30, 1, 0, -5)}
    assert days == {91: None, 90: 90, 31: 60, 30: 30, 1: 7, 0: 0, -5: 0}
