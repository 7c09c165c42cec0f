"""The days of a series, and what edits make of its numbers."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from medguild.operations.series.rules import (
    MOST,
    Act,
    Every,
    Held,
    Pattern,
    Standing,
    days,
    nearest,
    plan_edit,
    weekday_of_month,
)

TUESDAY = dt.date(2026, 3, 3)
WEEKLY = Pattern(Every.WEEK, 1, TUESDAY, 9 * 60, (1,), times=4)


def test_every_second_tuesday_and_thursday() -> None:
    pattern = Pattern(Every.WEEK, 2, TUESDAY, 540, (1, 3), times=5)
    assert [day.isoformat() for day in days(pattern)] == [
        "2026-03-03", "2026-03-05", "2026-03-17", "2026-03-19", "2026-03-31",
    ]  # fmt: skip


def test_weekdays_before_the_first_day_are_left_out() -> None:
    assert days(Pattern(Every.WEEK, 1, dt.date(2026, 3, 5), 540, (1, 3), times=2)) == [
        dt.date(2026, 3, 5),
        dt.date(2026, 3, 10),
    ]


def test_every_ten_days_until_a_day_that_counts() -> None:
    pattern = Pattern(Every.DAY, 10, TUESDAY, 540, until=dt.date(2026, 3, 23))
    assert days(pattern) == [TUESDAY, dt.date(2026, 3, 13), dt.date(2026, 3, 23)]


def test_months_keep_the_weekday_and_its_place() -> None:
    assert days(Pattern(Every.MONTH, 1, TUESDAY, 540, times=3)) == [
        dt.date(2026, 3, 3), dt.date(2026, 4, 7), dt.date(2026, 5, 5),
    ]  # fmt: skip
    fifth = dt.date(2026, 3, 31)
    assert days(Pattern(Every.MONTH, 1, fifth, 540, times=2)) == [fifth, dt.date(2026, 4, 28)]


@given(
    every=st.sampled_from(Every), step=st.integers(1, 12), first=st.dates(dt.date(2024, 1, 1), dt.date(2030, 12, 31)),
    weekdays=st.sets(st.integers(0, 6)), times=st.integers(1, MOST),
)  # fmt: skip
def test_days_are_in_order_once_each_and_bounded(
    every: Every, step: int, first: dt.date, weekdays: set[int], times: int
) -> None:
    found = days(Pattern(every, step, first, 540, tuple(weekdays), times=times))
    assert found == sorted(set(found))
    assert len(found) <= times
    assert all(first <= day <= first + dt.timedelta(days=400) for day in found)
    if every is Every.WEEK and weekdays:
        assert {day.weekday() for day in found} <= weekdays


@given(year=st.integers(2024, 2040), month=st.integers(1, 12), weekday=st.integers(0, 6), place=st.integers(0, 4))
def test_a_weekday_of_a_month_is_in_its_place(year: int, month: int, weekday: int, place: int) -> None:
    day = weekday_of_month(year, month, weekday, place)
    assert (day.year, day.month, day.weekday()) == (year, month, weekday)
    assert (day.day - 1) // 7 in (place, place - 1)


def held(number: int, day: dt.date, standing: Standing = Standing.REGULAR, minute: int = 540) -> Held:
    return Held(number, day, minute, standing)


def test_an_edit_moves_the_regular_and_keeps_the_exceptions() -> None:
    first = days(WEEKLY)
    now = [
        held(1, first[0], Standing.OVER),
        held(2, first[1], Standing.MOVED),
        held(3, first[2]),
        held(4, first[3], Standing.GONE),
    ]
    later = replace(WEEKLY, first=first[1], minute=600, times=3)
    assert [(step.number, step.act) for step in plan_edit(now, later, 2)] == [
        (2, Act.KEEP),
        (3, Act.MOVE),
        (4, Act.KEEP),
    ]


def test_a_shorter_rule_drops_and_a_longer_one_adds() -> None:
    now = [held(number, day) for number, day in enumerate(days(WEEKLY), start=1)]
    assert [step.act for step in plan_edit(now, replace(WEEKLY, times=3), 1)] == [Act.STAY] * 3 + [Act.DROP]
    assert [step.act for step in plan_edit(now, replace(WEEKLY, times=6), 1)] == [Act.STAY] * 4 + [Act.ADD] * 2


def test_another_clinician_moves_all_although_the_time_is_the_same() -> None:
    now = [replace(held(1, TUESDAY), elsewhere=True)]
    assert [step.act for step in plan_edit(now, replace(WEEKLY, times=1), 1)] == [Act.MOVE]


# --- any sequence of edits --------------------------------------------------------------------------------------------

patterns = st.builds(
    Pattern,
    every=st.sampled_from(Every),
    step=st.integers(1, 4),
    first=st.dates(dt.date(2026, 1, 1), dt.date(2026, 12, 31)),
    minute=st.sampled_from([480, 540, 600, 615]),
    weekdays=st.sets(st.integers(0, 6), max_size=3).map(lambda found: tuple(sorted(found))),
    times=st.integers(1, 12),
)
edits = st.lists(
    st.one_of(
        st.tuples(st.just("rule"), patterns, st.integers(0, 11)),
        st.tuples(st.sampled_from(["move", "cancel", "over"]), st.none(), st.integers(0, 11)),
    ),
    max_size=12,
)


@given(start=patterns, steps=edits)
def test_whatever_is_edited_nothing_is_lost_doubled_or_overrun(start: Pattern, steps: list) -> None:  # type: ignore[type-arg]
    """Numbers stay unique, exceptions stay as they are, the rest stands where the last rule says."""
    series = {number: held(number, day, minute=start.minute) for number, day in enumerate(days(start), start=1)}
    for kind, pattern, pick in steps:
        numbers = sorted(series)
        number = numbers[pick % len(numbers)]
        if kind != "rule":
            standing = {"move": Standing.MOVED, "cancel": Standing.GONE, "over": Standing.OVER}[kind]
            series[number] = replace(series[number], standing=standing)
            continue
        before = dict(series)
        planned = plan_edit(list(series.values()), pattern, number)
        wanted = {number + place: day for place, day in enumerate(days(pattern))}
        for step in planned:
            if step.act is Act.DROP:
                del series[step.number]
            elif step.act is Act.ADD:
                assert step.number not in series
                series[step.number] = Held(step.number, step.day, step.minute, Standing.REGULAR)  # type: ignore[arg-type]
            elif step.act is Act.MOVE:
                series[step.number] = replace(series[step.number], day=step.day, minute=step.minute)
        touched = [step.number for step in planned]
        assert touched == sorted(set(touched))  # none twice
        for old in before.values():
            if old.number < number or old.standing is not Standing.REGULAR:
                assert series[old.number] == old  # what lies before, what is over, and exceptions are left alone
        for wanted_number, day in wanted.items():  # none is lost, and the regular ones stand where the rule says
            one = series[wanted_number]
            assert one.standing is not Standing.REGULAR or (one.day, one.minute) == (day, pattern.minute)
        beyond = [one for one in series.values() if one.number > max(wanted)]
        assert all(one.standing is not Standing.REGULAR for one in beyond)


def test_the_nearest_times_are_those_of_the_nearest_days_then_of_the_nearest_hour() -> None:
    wanted = dt.datetime(2026, 3, 3, 9, 0)
    free = [dt.datetime(2026, 3, day, hour) for day in (2, 3, 6) for hour in (9, 16)]
    assert nearest(free, wanted, most=3, avoid=[(dt.datetime(2026, 3, 3, 9), dt.datetime(2026, 3, 3, 10))]) == [
        dt.datetime(2026, 3, 3, 16), dt.datetime(2026, 3, 2, 9), dt.datetime(2026, 3, 2, 16),
    ]  # fmt: skip
