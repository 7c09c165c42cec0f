from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medguild.foundation.kernel.money import plain
from medguild.payers.pricing.file_rules import Change, FeeRow, RateRow, change, read_fees, read_rates
from medguild.payers.pricing.words import row_error


def test_fees_are_read_with_the_headers_that_people_write() -> None:
    read = read_fees("\ufeffCPT;Mod;Words;Fee\r\n99213;;Visit;$1,150.50\r\n\r\n93000;26;x;20\r\n".encode())
    assert read.errors == ()
    assert read.rows == (FeeRow("99213", "", 1_150_50), FeeRow("93000", "26", 20_00))


def test_every_wrong_row_is_named_once_and_good_ones_are_kept_apart() -> None:
    content = b"code,modifier,amount\n99213,,150\n9,,1\n99214,123,1\n99215,,x\n99216,,-1\n99213,,2\n99217,26,3\n"
    read = read_fees(content)
    assert [(error.line, error.code) for error in read.errors] == [
        (3, "code"), (4, "modifier"), (5, "amount"), (6, "negative"), (7, "twice"),
    ]  # fmt: skip
    assert [row.code for row in read.rows] == ["99213", "99217"]
    assert row_error(read.errors[4]).startswith("Line 7: ")
    assert "line 2" in row_error(read.errors[4])


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "column_missing"),
        (b"code\n99213\n", "column_missing"),
        (b"code,amount,fee\n1,2,3\n", "column_twice"),
        (b"code,amount\n", "no_rows"),
        (b"code,amount\n\xff\xfe,1\n", "not_utf8"),
        (b'code,amount\n"' + b"9" * 200_000 + b'",1\n', "not_csv"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(content: bytes, code: str) -> None:
    read = read_fees(content)
    assert read.rows == ()
    assert [error.code for error in read.errors] == [code]
    assert row_error(read.errors[0])


def test_rates_are_an_amount_or_a_percentage() -> None:
    read = read_rates(b"code,allowed,percent\n99213,92,\n*,,62.5%\n99214,1,1\n99215,,\n99216,,62.555\n99217,,x\n,5,\n")
    assert read.rows == (RateRow("99213", "", 92_00, None), RateRow("", "", None, 6_250))
    assert [(error.line, error.code) for error in read.errors] == [
        (4, "one_of_both"), (5, "one_of_both"), (6, "percent"), (7, "percent"), (8, "twice"),
    ]  # fmt: skip
    assert read_rates(b"code,modifier\n1,2\n").errors[0].code == "column_missing"


_KEYS = st.dictionaries(
    st.tuples(st.from_regex(r"\A[A-Z0-9]{2,5}\Z"), st.sampled_from(["", "26", "TC"])),
    st.integers(0, 10**9),
    min_size=1,
    max_size=30,
)


@given(_KEYS)
def test_what_is_written_is_read_and_a_second_time_nothing_changes(fees: dict[tuple[str, str], int]) -> None:
    lines = [f"{code},{modifier},{plain(cents)}" for (code, modifier), cents in fees.items()]
    read = read_fees("\n".join(["code,modifier,amount", *lines]).encode())
    assert read.errors == ()
    assert {row.key: row.amount for row in read.rows} == fees
    assert change({}, read.rows) == Change(len(fees), 0, 0)
    assert change({row.key: row.value for row in read.rows}, read.rows).nothing
