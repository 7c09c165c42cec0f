from __future__ import annotations

import contextlib
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medguild.patients.identity.rules.dates import age_on, nearly_same, parse_date, possible_birth_date

TODAY = dt.date(2026, 11, 22)
DAYS = st.dates(dt.date(1900, 1, 1), TODAY)


@pytest.mark.parametrize(
    "text",
    [
        "1980-02-01", "1980/2/1", "2/1/1980", "02/01/1980", "2-1-1980", "02.01.1980", "2/1/80", "02011980", "19800201",
        "Feb 1, 1980", "feb 1 1980", "February 1, 1980", "1 Feb 1980", "1 february 1980", "1st Feb 1980",
        "Feb. 1, 1980", "feb-1-80", " 2/1/1980 ",
    ],
)  # fmt: skip
def test_usual_ways(text: str) -> None:
    assert parse_date(text, today=TODAY) == dt.date(1980, 2, 1)


@pytest.mark.parametrize(
    "text", ["", "2/30/1980", "13/13/1980", "1980", "2/1", "hello", "31/12/1980", "Foo 1, 1980", "00000000", "1/1/198"]
)
def test_no_dates(text: str) -> None:
    with pytest.raises(ValueError, match="02/01/1980"):
        parse_date(text, today=TODAY)


def test_two_digit_years_lie_in_the_past() -> None:
    assert parse_date("1/1/26", today=TODAY).year == 2026
    assert parse_date("1/1/27", today=TODAY).year == 1927
    assert parse_date("1/1/00", today=TODAY).year == 2000


@given(DAYS, st.sampled_from(["%Y-%m-%d", "%m/%d/%Y", "%m-%d-%Y", "%B %d, %Y", "%d %b %Y", "%m%d%Y"]))
def test_what_is_written_is_read(day: dt.date, form: str) -> None:
    assert parse_date(day.strftime(form), today=TODAY) == day


@given(st.text(max_size=20))
def test_nothing_else_than_a_date_or_a_value_error(text: str) -> None:
    with contextlib.suppress(ValueError):
        assert isinstance(parse_date(text, today=TODAY), dt.date)


@given(DAYS)
def test_age_rises_on_birthdays(born: dt.date) -> None:
    age = age_on(born, TODAY)
    assert age >= 0
    assert age_on(born, TODAY.replace(year=TODAY.year + 1)) == age + 1


def test_slips_of_the_hand() -> None:
    born = dt.date(1980, 2, 1)
    assert nearly_same(born, born)
    assert nearly_same(born, dt.date(1980, 1, 2))
    assert nearly_same(born, dt.date(1981, 2, 1))
    assert nearly_same(born, dt.date(1980, 2, 11))
    assert not nearly_same(born, dt.date(1981, 3, 1))


@given(DAYS, DAYS)
def test_near_is_symmetric(one: dt.date, other: dt.date) -> None:
    assert nearly_same(one, other) == nearly_same(other, one)


def test_possible_birth_dates() -> None:
    assert possible_birth_date(TODAY, today=TODAY)
    assert not possible_birth_date(TODAY + dt.timedelta(days=1), today=TODAY)
    assert not possible_birth_date(dt.date(1850, 1, 1), today=TODAY)
