from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medguild.foundation.kernel.money import dollars, parse_dollars, plain, split

CENTS = st.integers(min_value=-(10**12), max_value=10**12)
WEIGHTS = st.lists(st.integers(min_value=0, max_value=10**6), min_size=1, max_size=12).filter(lambda w: sum(w) > 0)


@given(CENTS, WEIGHTS)
def test_the_parts_sum_to_the_whole_and_are_within_a_cent_of_their_share(total: int, weights: list[int]) -> None:
    parts = split(total, weights)
    assert sum(parts) == total
    assert len(parts) == len(weights)
    whole = sum(weights)
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part * whole - total * weight) < whole


@given(CENTS, WEIGHTS)
def test_nothing_goes_to_a_weight_of_zero_and_a_minus_mirrors(total: int, weights: list[int]) -> None:
    parts = split(total, weights)
    assert all(part == 0 for part, weight in zip(parts, weights, strict=True) if weight == 0)
    assert split(-total, weights) == [-part for part in parts]


@given(CENTS, WEIGHTS)
def test_a_larger_weight_never_gets_less(total: int, weights: list[int]) -> None:
    pairs = sorted(zip(weights, split(abs(total), weights), strict=True))
    assert all(low[1] <= high[1] for low, high in zip(pairs, pairs[1:], strict=False) if low[0] < high[0])


def test_ties_go_to_the_earlier_part() -> None:
    assert split(100, [1, 1, 1]) == [34, 33, 33]
    assert split(2, [1, 1, 1]) == [1, 1, 0]


@pytest.mark.parametrize("weights", [[], [0], [0, 0], [1, -1], [-1, 3]])
def test_weights_that_cannot_share_are_refused(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        split(100, weights)


@given(CENTS)
def test_what_is_written_is_read_back(cents: int) -> None:
    assert parse_dollars(dollars(cents)) == cents
    assert parse_dollars(plain(cents)) == cents


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("12", 1200), ("12.5", 1250), ("12.50", 1250), ("$1,200.00", 120_000), ("-3.10", -310), ("-$3.10", -310),
        (" 7 ", 700), (".5", 50), ("5.", 500), ("1,234,567.89", 123_456_789), ("0", 0),
    ],
)  # fmt: skip
def test_amounts_as_people_type_them(text: str, cents: int) -> None:
    assert parse_dollars(text) == cents


@pytest.mark.parametrize("text", ["", " ", ".", "$", "-", "1.234", "1,23", "12,34.5", "a", "1e3", "--1", "1 2", "5-"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="amount"):
        parse_dollars(text)


def test_large_and_negative_amounts_are_grouped() -> None:
    assert dollars(-1_234_567) == "-$12,345.67"
    assert plain(-1_234_567) == "-12345.67"
    assert dollars(5) == "$0.05"
