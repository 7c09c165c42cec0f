"""Who is called in next, and how long the others will wait."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from medguild.operations.visits.queue_rules import Now, Urgency, Waiting, queue, turn

NINE = dt.datetime(2026, 11, 30, 9, tzinfo=dt.UTC)
ANA, BEN = UUID(int=1), UUID(int=2)


def at(minute: int) -> dt.datetime:
    return NINE + dt.timedelta(minutes=minute)


def person(key: int, *, minutes: int = 20, clinician: UUID = ANA, **given: object) -> Waiting:
    return Waiting(UUID(int=100 + key), clinician, minutes, **given)  # type: ignore[arg-type]


def order(*people: Waiting, busy: dict[UUID, Now] | None = None) -> list[tuple[int, int, int]]:
    """Key, how many before, minutes."""
    places = queue(people, busy=busy or {}, at=NINE)
    return [(place.waiting.key.int - 100, place.before, place.minutes) for place in places]


def test_urgent_first_then_by_time_and_who_booked_before_who_walked_in() -> None:
    booked = person(1, planned=at(0), arrived_at=at(-10))
    walked = person(2, arrived_at=at(0))
    earlier = person(3, arrived_at=at(-5))
    urgent = person(4, arrived_at=at(-1), urgency=Urgency.URGENT)
    soon = person(5, arrived_at=at(-1), urgency=Urgency.SOON)
    assert order(booked, walked, earlier, urgent, soon) == [
        (4, 0, 0), (5, 1, 20), (3, 2, 40), (1, 3, 60), (2, 4, 80),
    ]  # fmt: skip


def test_a_late_arrival_has_lost_its_time() -> None:
    late = person(1, planned=at(-30), arrived_at=at(-2))
    walked = person(2, arrived_at=at(-5))
    assert order(late, walked) == [(2, 0, 0), (1, 1, 20)]


def test_the_present_visit_takes_its_planned_length_or_ends_now() -> None:
    walked = person(1, arrived_at=at(-5))
    assert order(walked, busy={ANA: Now(at(-5), 20)}) == [(1, 0, 15)]
    assert order(walked, busy={ANA: Now(at(-50), 20)}) == [(1, 0, 0)]
    assert order(walked, busy={BEN: Now(at(-5), 20)}) == [(1, 0, 0)]


def test_time_is_kept_for_whoever_is_expected_and_nobody_is_called_early() -> None:
    expected = person(1, planned=at(5), here=False)
    walked, early = person(2, arrived_at=at(6)), person(3, planned=at(60), arrived_at=at(-20))
    assert order(expected, walked, early) == [(2, 0, 25), (3, 1, 60)]


def test_each_clinician_works_through_their_own() -> None:
    assert order(person(1, arrived_at=at(-5)), person(2, arrived_at=at(-4), clinician=BEN)) == [(1, 0, 0), (2, 0, 0)]


_PEOPLE = st.lists(
    st.builds(
        lambda number, minutes, arrived, planned, urgency: Waiting(
            UUID(int=number), ANA, minutes, at(arrived), None if planned is None else at(planned), urgency
        ),
        st.integers(1, 10**6),
        st.integers(5, 60),
        st.integers(-60, 0),
        st.none() | st.integers(-60, 60),
        st.sampled_from(Urgency),
    ),
    max_size=8,
    unique_by=lambda one: one.key,
)


@given(_PEOPLE)
def test_nobody_overtakes_and_waits_grow_by_at_least_what_is_before(people: list[Waiting]) -> None:
    places = queue(people, busy={}, at=NINE)
    assert [place.waiting for place in places] == sorted(people, key=turn)
    for first, then in zip(places, places[1:], strict=False):
        assert then.minutes >= first.minutes + first.waiting.minutes
        assert then.before == first.before + 1
