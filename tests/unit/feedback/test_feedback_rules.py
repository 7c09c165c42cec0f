"""Numbers of complaints."""

from __future__ import annotations

import datetime as dt

from medguild.experience.feedback.numbers_page import NumbersLine
from medguild.experience.feedback.rules import ComplaintNumbers, days_between


def test_rates_of_a_worked_example() -> None:
    whole = ComplaintNumbers(4, 1, 1_600, (1.0, 2.0)) + ComplaintNumbers(2, 0, 400, (6.0,))
    assert (whole.received, whole.still_open, whole.per_thousand, whole.close_days) == (6, 1, 3.0, 3.0)
    assert ComplaintNumbers(received=1).per_thousand is None
    assert ComplaintNumbers(visits=10).close_days is None


def test_days_between_receipt_and_resolution() -> None:
    begin = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    assert days_between(begin, begin + dt.timedelta(hours=36)) == 1.5


def line(received: int, now: float | None, before: float | None) -> NumbersLine:
    return NumbersLine("Site", received, "", now, before, 0, "", None)


def test_a_site_stands_out_when_complaints_rise_by_half_and_are_not_few() -> None:
    assert line(3, 3.0, 2.0).worse
    assert not line(2, 3.0, 2.0).worse
    assert not line(9, 2.9, 2.0).worse
    assert not line(9, 2.9, None).worse
