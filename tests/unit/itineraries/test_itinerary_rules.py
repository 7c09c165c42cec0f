"""Days with several visits: the search finds what trying everything finds."""

from __future__ import annotations

from itertools import permutations, product
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medguild.operations.itineraries.rules import (
    MOST_PARTS,
    SPARE,
    Leg,
    Place,
    Start,
    Wish,
    best_days,
    broken,
    walking_minutes,
)

LAB, IMAGING, HEART = (UUID(int=number) for number in (1, 2, 3))
PLACES = (LAB, IMAGING, HEART)
WALKS = {
    (LAB, IMAGING): 4, (IMAGING, LAB): 4, (LAB, HEART): 7, (HEART, LAB): 7, (IMAGING, HEART): 3, (HEART, IMAGING): 3,
}  # fmt: skip


def start(minute: int, place: UUID, length: int = 20) -> Start:
    return Start(minute, minute + length, place, place)


def test_walking_takes_time_and_the_shortest_day_wins() -> None:
    lab = Wish([start(0, LAB), start(60, LAB)])
    scan = Wish([start(25, IMAGING), start(30, IMAGING), start(90, IMAGING)])
    (best, *_) = best_days([lab, scan], WALKS)
    assert [(stop.at.start, stop.walk, stop.wait) for stop in best.stops] == [(0, 0, 0), (30, 4, 6)]
    assert (best.minutes, best.walking, best.waiting) == (50, 4, 6)


def test_what_must_come_before_comes_before() -> None:
    visit = Wish([start(0, HEART), start(120, HEART)], after=frozenset({1}))
    lab = Wish([start(60, LAB)])
    (only,) = best_days([visit, lab], WALKS)
    assert [stop.wish for stop in only.stops] == [1, 0]


def test_no_way_is_no_day_and_too_many_are_refused() -> None:
    assert best_days([Wish([start(0, LAB)]), Wish([start(10, IMAGING)])], WALKS) == []
    with pytest.raises(ValueError, match="visits"):
        best_days([Wish([])] * (MOST_PARTS + 1), WALKS)


def test_each_beginning_is_offered_once() -> None:
    lab = Wish([start(0, LAB), start(0, IMAGING), start(200, LAB)])
    scan = Wish([start(60, HEART), start(260, HEART)])
    days = best_days([lab, scan], WALKS)
    assert len({day.start for day in days}) == len(days)


starts = st.lists(
    st.builds(
        start, minute=st.integers(0, 30).map(lambda n: n * 10), place=st.sampled_from(PLACES),
        length=st.sampled_from([10, 20, 40]),
    ),
    min_size=1, max_size=5,
)  # fmt: skip


@st.composite
def problems(draw: st.DrawFn) -> list[Wish]:
    count = draw(st.integers(1, 4))
    return [
        Wish(draw(starts), frozenset(draw(st.sets(st.integers(0, number - 1), max_size=2)) if number else set()))
        for number in range(count)
    ]


def brute(wishes: list[Wish]) -> int | None:
    best: int | None = None
    for order in permutations(range(len(wishes))):
        if any(other not in order[: order.index(number)] for number in order for other in wishes[number].after):
            continue
        for chosen in product(*(wishes[number].starts for number in order)):
            pairs = zip(chosen, chosen[1:], strict=False)
            walk = [
                0 if a.place == b.place else WALKS[a.place, b.place] for a, b in zip(chosen, chosen[1:], strict=False)
            ]
            if all(b.start >= a.end + w + SPARE for (a, b), w in zip(pairs, walk, strict=True)):
                length = chosen[-1].end - chosen[0].start
                best = length if best is None else min(best, length)
    return best


@given(wishes=problems())
def test_nothing_is_shorter_than_what_is_found_and_nothing_found_is_impossible(wishes: list[Wish]) -> None:
    days = best_days(wishes, WALKS)
    expected = brute(wishes)
    assert (days[0].minutes if days else None) == expected
    for day in days:
        assert sorted(stop.wish for stop in day.stops) == list(range(len(wishes)))
        done: list[int] = []
        for before, stop in zip((None, *day.stops), day.stops, strict=False):
            assert wishes[stop.wish].after <= set(done)
            if before is not None:
                assert stop.at.start == before.at.end + stop.walk + stop.wait
                assert stop.wait >= SPARE
            done.append(stop.wish)


def test_minutes_follow_from_the_plan() -> None:
    assert walking_minutes(Place(0, 0), Place(0, 0)) == 2
    assert walking_minutes(Place(0, 0), Place(300, 400)) == 11


def test_a_day_breaks_where_a_part_is_gone_or_cannot_be_reached() -> None:
    legs = [Leg(0, 20, LAB), Leg(30, 50, IMAGING), Leg(51, 70, HEART), Leg(200, 220, LAB, active=False)]
    assert broken(legs, WALKS) == [2, 3]
    assert broken(legs[:2], WALKS, same_day=[True, False]) == [1]
