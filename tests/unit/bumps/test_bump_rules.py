"""Who is called first when visits cannot be kept."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from medguild.operations.bumps.rules import Why, in_turn, reasons, spread

NOW = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Row:
    name: str
    visit_start: dt.datetime = NOW + 10 * DAY
    need: str = "other"
    times_before: int = 0
    booked_at: dt.datetime = NOW - 20 * DAY


def test_near_visits_then_need_then_bumped_before_then_the_longest_wait() -> None:
    rows = [
        Row("waited", booked_at=NOW - 90 * DAY),
        Row("plain"),
        Row("before", times_before=1),
        Row("procedure", need="procedure"),
        Row("acute", need="acute"),
        Row("tomorrow", visit_start=NOW + DAY, need="preventive"),
    ]
    order = ["tomorrow", "acute", "procedure", "before", "waited", "plain"]
    assert [one.name for one in in_turn(rows, at=NOW)] == order


def test_the_reasons_for_the_place_are_told() -> None:
    row = Row("any")
    assert reasons(row, at=NOW) == [Why.WAITED]
    assert reasons(replace(row, times_before=1, need="acute", visit_start=NOW), at=NOW) == [
        Why.NEAR, Why.NEED, Why.BEFORE,
    ]  # fmt: skip


def test_the_nearest_few_stand_in_order_of_time() -> None:
    assert spread([(5, "far", 1), (1, "near", 9), (2, "next", 3)], 2) == [(2, "next", 3), (1, "near", 9)]
