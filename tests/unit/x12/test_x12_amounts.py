"""Money and quantities: exact, and refused when they are not numbers."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medguild.x12.amounts import money, parse_cents, parse_quantity, x12_amount, x12_quantity
from medguild.x12.errors import X12ValueError


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        (".5", 50), ("62.50", 6250), ("100.", 10000), ("-0.00", 0), ("007", 700), ("-.05", -5), ("0", 0),
        ("62.5", 6250), ("1.500", 150), ("-1", -100), ("9999999999999999.99", 999999999999999999),
    ],
)  # fmt: skip
def test_amounts_as_x12_writes_them(text: str, cents: int) -> None:
    assert parse_cents(text) == cents


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        ".",
        "-.",
        "+1",
        "1,000",
        "1e3",
        "1.005",
        "--1",
        "1-",
        " 1",
        "1 ",
        "0x1",
        "١",
        "²",
        "NaN",
        "1" * 19,
        "1.2.3",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(X12ValueError):
        parse_cents(text)


def test_a_wrong_value_is_repeated_only_when_it_looks_like_a_number() -> None:
    with pytest.raises(X12ValueError, match="'1,000'"):
        parse_cents("1,000")
    with pytest.raises(X12ValueError) as wrong:
        parse_cents("DOE")
    assert "DOE" not in str(wrong.value)


@given(st.integers(-(10**15), 10**15))
def test_writing_and_reading_cents_is_exact(cents: int) -> None:
    assert parse_cents(x12_amount(cents)) == cents
    assert parse_cents(money(cents)) == cents


@given(st.decimals(-(10**9), 10**9, places=3))
def test_reading_agrees_with_decimal_or_refuses(value: Decimal) -> None:
    text = f"{value:f}"
    exact = value * 100
    if exact == int(exact):
        assert parse_cents(text) == int(exact)
    else:
        with pytest.raises(X12ValueError):
            parse_cents(text)


@given(st.decimals(-(10**6), 10**6, places=4))
def test_quantities_survive(value: Decimal) -> None:
    assert parse_quantity(x12_quantity(value)) == value


@pytest.mark.parametrize("text", ["", "x", "1e5", "--1", "1" * 19])
def test_bad_quantities(text: str) -> None:
    with pytest.raises(X12ValueError):
        parse_quantity(text)


def test_written_forms() -> None:
    assert [x12_amount(c) for c in (10000, 6250, 5, -5, 0, -12345)] == ["100", "62.5", "0.05", "-0.05", "0", "-123.45"]
    assert [x12_quantity(Decimal(q)) for q in ("1.00", "0", "-0.0", "2.50", "100")] == ["1", "0", "0", "2.5", "100"]
    assert [money(c) for c in (0, 5, -5, 100)] == ["0.00", "0.05", "-0.05", "1.00"]
