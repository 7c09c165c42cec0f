"""Who fits a time, and whose turn it is."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medguild.operations.waitlist.rules import FreeTime, Lapse, Urgency, in_turn, misfit, offer_lasts, parts_left

ANA, BEN = uuid4(), uuid4()
MONDAY = dt.date(2026, 6, 1)
NOON = dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)


@dataclass
class Entry:
    clinician_id: UUID | None = None
    earliest: dt.date = MONDAY
    latest: dt.date | None = None
    weekdays: list[int] = field(default_factory=list)
    from_minute: int = 0
    to_minute: int = 1440
    notice_minutes: int = 120
    urgency: str = Urgency.ROUTINE
    added_at: dt.datetime = NOON


FREE = FreeTime(ANA, MONDAY, 9 * 60, dt.timedelta(hours=5))


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (Entry(), None),
        (Entry(clinician_id=ANA), None),
        (Entry(clinician_id=BEN), Lapse.OTHER_CLINICIAN),
        (Entry(earliest=MONDAY + dt.timedelta(days=1)), Lapse.OTHER_DAYS),
        (Entry(earliest=dt.date(2026, 1, 1), latest=MONDAY), None),
        (Entry(earliest=dt.date(2026, 1, 1), latest=MONDAY - dt.timedelta(days=1)), Lapse.OTHER_DAYS),
        (Entry(weekdays=[0, 3]), None),
        (Entry(weekdays=[1]), Lapse.OTHER_WEEKDAY),
        (Entry(from_minute=9 * 60), None),
        (Entry(to_minute=9 * 60), Lapse.OTHER_HOURS),
        (Entry(from_minute=9 * 60 + 1), Lapse.OTHER_HOURS),
        (Entry(notice_minutes=300), None),
        (Entry(notice_minutes=301), Lapse.SHORT_NOTICE),
    ],
)
def test_who_fits_a_time(entry: Entry, why: Lapse | None) -> None:
    assert misfit(entry, FREE) is why


ENTRIES = st.lists(
    st.builds(Entry, urgency=st.sampled_from(Urgency), added_at=st.datetimes(timezones=st.just(dt.UTC))), max_size=12
)


@given(ENTRIES)
def test_the_urgent_first_then_who_waited_longest(entries: list[Entry]) -> None:
    ordered = in_turn(entries)
    ranks = [(list(Urgency).index(Urgency(one.urgency)), one.added_at) for one in ordered]
    assert ranks == sorted(ranks)
    assert sorted(map(id, ordered)) == sorted(map(id, entries))


def test_time_to_answer_is_never_more_than_half_of_what_is_left() -> None:
    hour = dt.timedelta(hours=1)
    assert offer_lasts(dt.timedelta(days=2), usual=hour) == hour
    assert offer_lasts(hour, usual=hour) == hour / 2


def span(first: int, last: int) -> tuple[dt.datetime, dt.datetime]:
    return NOON + dt.timedelta(minutes=first), NOON + dt.timedelta(minutes=last)


@pytest.mark.parametrize(
    ("taken", "left"),
    [
        ([], [(0, 60)]),
        ([(-30, 0), (60, 90)], [(0, 60)]),
        ([(-30, 20)], [(20, 60)]),
        ([(20, 40)], [(0, 20), (40, 60)]),
        ([(10, 30), (20, 50)], [(0, 10), (50, 60)]),
        ([(10, 50), (20, 30)], [(0, 10), (50, 60)]),
        ([(4, 56)], []),
        ([(0, 90)], []),
    ],
)
def test_what_is_left_of_a_time(taken: list[tuple[int, int]], left: list[tuple[int, int]]) -> None:
    assert parts_left(*span(0, 60), [span(*one) for one in taken]) == [span(*one) for one in left]
