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
    return one.segments


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
