"""Repeated elements are written with the separator of the file, and never so that a reader would part them wrongly."""

from __future__ import annotations

import datetime as dt

import pytest

from medguild.x12 import Envelope, Unwritable
from medguild.x12.tokens import Delimiters
from medguild.x12.write.output import SegmentWriter


def writer(repetition: str = "^") -> SegmentWriter:
    marks = Delimiters(repetition=repetition)
    return SegmentWriter(Envelope("A", "B", dt.datetime(2026, 11, 2, 3, 4), delimiters=marks))


def written(values: list[str], repetition: str = "^") -> list[str]:
    one = writer(repetition)
    one.put("EQ", one.repeated(values))
    return one.segments()


def test_values_stand_between_the_separators_of_the_file() -> None:
    assert written(["30", "98"]) == ["EQ*30^98"]
    assert written(["30", "98"], "!") == ["EQ*30!98"]
    assert written(["30"]) == ["EQ*30"]


def test_without_a_separator_one_value_is_written_and_two_are_refused() -> None:
    assert written(["30"], "") == ["EQ*30"]
    with pytest.raises(Unwritable, match="repetition separator"):
        written(["30", "98"], "")


@pytest.mark.parametrize("value", ["3^0", "3:0", "3*0", "3~0"], ids=["repetition", "component", "element", "segment"])
def test_a_value_that_holds_a_delimiter_is_refused(value: str) -> None:
    with pytest.raises(Unwritable):
        written(["98", value])


@pytest.mark.parametrize(("value", "named"), [("1:2", "AMT"), ("1~2", "AMT"), ("1^2", "AMT"), ("1*2", "AMT")])
def test_the_segment_whose_data_hold_a_delimiter_is_named(value: str, named: str) -> None:
    """However many segments rightly hold some."""
    with pytest.raises(Unwritable, match=f"element of {named} holds a delimiter"):
        _between_composites(named, value)


def _between_composites(name: str, value: str) -> list[str]:
    one = writer()
    one.put("SV1", one.composite("HC", "99213"))
    one.put(name, value)
    one.put("SV1", one.composite("HC", "99213"))
    return one.segments()


def test_days_and_numbers_are_written_the_same_each_time() -> None:
    one = writer()
    for qualifier in ("472", "472", "471"):
        one.date("DTP", qualifier, "D8", dt.date(2026, 11, 2))
    one.number("LX", 12)
    assert one.segments() == ["DTP*472*D8*20261102", "DTP*472*D8*20261102", "DTP*471*D8*20261102", "LX*12"]
