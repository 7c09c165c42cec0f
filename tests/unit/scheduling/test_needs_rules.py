"""Free starts of visits that take more than their clinician equal what brute force finds."""

from __future__ import annotations

import datetime as dt
from itertools import combinations, product
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medguild.operations.scheduling.kinds.rules import (
    BOOKERS,
    may_book_kind,
    shortest_allowed,
    suits,
    takes_needs,
    takes_only_clinician,
)
from medguild.operations.scheduling.needs.rules import (
    Candidate,
    Need,
    Required,
    Shift,
    assign,
    is_there,
    shift_spans,
)
from medguild.operations.scheduling.rules import Busy, Mode, Origin, PatientKind
from medguild.operations.scheduling.slot_rules import Blocks, Taken, find_openings
from medguild.operations.scheduling.week_rules import SessionPattern, instant

ZONE = "America/New_York"
MONDAY = dt.date(2026, 3, 2)
SITE = UUID(int=4)
CLINICIAN = UUID(int=3)
OPEN = instant(ZONE, MONDAY, 540)
CLOSE = instant(ZONE, MONDAY, 720)


def pattern(**changes: object) -> SessionPattern:
    fields: dict[str, object] = {
        "id": UUID(int=1), "clinician_id": UUID(int=2), "resource_id": CLINICIAN, "unit_id": SITE,
        "entity_id": UUID(int=5), "zone": ZONE, "weekday": 0, "start_minute": 540, "end_minute": 720,
        "every_weeks": 1, "anchor": MONDAY, "first_day": MONDAY, "end_day": None, "step_minutes": 15, "minutes": 30,
    }  # fmt: skip
    return SessionPattern(**(fields | changes))  # type: ignore[arg-type]


def candidate(number: int, **changes: object) -> Candidate:
    fields: dict[str, object] = {
        "resource_id": UUID(int=100 + number), "name": f"R{number}", "capacity": 1,
        "first_day": dt.date(2020, 1, 1), "end_day": None,
    }  # fmt: skip
    return Candidate(**(fields | changes))  # type: ignore[arg-type]


def openings(required: Required, taken: dict[UUID, Taken] | None = None, **changes: object) -> list[int]:
    """Starts of the Monday, in minutes after nine."""
    end = MONDAY + dt.timedelta(days=1)
    found = find_openings([pattern(**changes)], taken or {}, Blocks(), start=MONDAY, end=end, required=required)
    return [start - OPEN for opening in found for start in opening.starts]


spans = st.lists(st.tuples(st.integers(-60, 240), st.integers(5, 90)), max_size=4).map(
    lambda raw: [Busy(OPEN + start, OPEN + start + length) for start, length in raw]
)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Required, dict[UUID, list[Busy]]]:
    """Up to three needs over a pool of up to five resources, each of which may serve several."""
    resources = [candidate(number) for number in range(draw(st.integers(1, 5)))]
    needs, pools = [], []
    for number in range(draw(st.integers(1, 3))):
        needs.append(
            Need(UUID(int=900 + number), "equipment", f"N{number}", draw(st.integers(1, 2)), draw(st.booleans()))
        )
        pools.append(draw(st.lists(st.sampled_from(resources), unique=True, max_size=5)))
    required = Required(
        prep=draw(st.sampled_from([0, 10, 15])), clean_up=draw(st.sampled_from([0, 5, 20])),
        pads_clinician=draw(st.booleans()), needs=tuple(needs), pools={SITE: pools},
    )  # fmt: skip
    return required, {one: draw(spans) for one in [CLINICIAN, *(resource.resource_id for resource in resources)]}


def free(busy: list[Busy], start: int, end: int) -> bool:
    return not any(span.start < end and span.end > start for span in busy)


def brute(required: Required, busy: dict[UUID, list[Busy]]) -> list[int]:
    """Every start of the grid at which the clinician is free and some choice of different resources is."""
    before, after = required.clinician_padding()
    found = []
    for start in range(OPEN, CLOSE, 15):
        own = (start - before, start + 30 + after)
        if own[0] < OPEN or own[1] > CLOSE or not free(busy[CLINICIAN], *own):
            continue
        choices = []
        for need, pool in zip(required.needs, required.pool(SITE), strict=True):
            lead, tail = required.padding(need)
            fit = [one.resource_id for one in pool if free(busy[one.resource_id], start - lead, start + 30 + tail)]
            choices.append(list(combinations(fit, need.number)))
        picks = ([one for group in choice for one in group] for choice in product(*choices))
        if any(len(set(pick)) == len(pick) for pick in picks):
            found.append(start - OPEN)
    return found


@settings(max_examples=300, deadline=None)
@given(worlds())
def test_free_starts_equal_brute_force(world: tuple[Required, dict[UUID, list[Busy]]]) -> None:
    required, busy = world
    taken = {
        resource: Taken.of([Busy(span.start, span.end, lane) for lane, span in enumerate(held)])
        for resource, held in busy.items()
    }
    assert openings(required, taken) == brute(required, busy)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.integers(1, 3), min_size=1, max_size=4),
    st.data(),
)
def test_an_assignment_is_found_whenever_there_is_one(numbers: list[int], data: st.DataObject) -> None:
    resources = [candidate(number) for number in range(6)]
    needs = [Need(UUID(int=900 + place), "staff", "N", number) for place, number in enumerate(numbers)]
    pools = [data.draw(st.lists(st.sampled_from(resources), unique=True)) for _ in needs]
    found = assign(needs, pools, lambda need, one: 0)
    ids = [[one.resource_id for one in pool] for pool in pools]
    choices = product(*(combinations(pool, number) for pool, number in zip(ids, numbers, strict=True)))
    possible = any(len({one for group in choice for one in group}) == sum(numbers) for choice in choices)
    assert (found is not None) == possible
    if found is not None:
        assert len({one.resource_id for one in found}) == sum(numbers)
        for place, need in enumerate(needs):
            mine = [one.resource_id for one in found if one.need == need]
            assert len(mine) == need.number
            assert set(mine) <= set(ids[place])


def test_the_first_candidate_is_preferred() -> None:
    need = Need(UUID(int=900), "room", "Room")
    found = assign([need], [[candidate(2), candidate(1)]], lambda need, one: 0)
    assert found is not None
    assert found[0].resource_id == candidate(2).resource_id


def test_a_clinician_who_is_staff_cannot_help_themselves() -> None:
    need = Need(UUID(int=900), "staff", "Skill")
    required = Required(needs=(need,), pools={SITE: [[candidate(0, resource_id=CLINICIAN)]]})
    assert openings(required) == []


def test_no_candidates_at_the_site_is_no_time() -> None:
    need = Need(UUID(int=900), "equipment", "Scanner")
    assert openings(Required(needs=(need,))) == []
    assert openings(Required(needs=(need,), pools={SITE: [[candidate(0)]]})) == list(range(0, 151, 15))


def test_a_session_room_is_taken_for_preparing_and_cleaning_up() -> None:
    room = UUID(int=77)
    taken = {room: Taken.of([Busy(OPEN + 60, OPEN + 90)])}
    required = Required(prep=15, clean_up=15)
    assert openings(required, taken, room_id=room) == [0, 15, 105, 120, 135, 150]
    assert openings(Required(alone=True), taken, room_id=room) == list(range(0, 151, 15))


def test_a_group_joins_what_it_holds() -> None:
    need = Need(UUID(int=900), "room", "Group room")
    hall, start = candidate(0, capacity=2), OPEN
    taken = {
        CLINICIAN: Taken.of([Busy(start, start + 30, 0)]),
        hall.resource_id: Taken.of([Busy(start, start + 30, 0)]),
    }
    required = Required(
        needs=(need,), pools={SITE: [[hall]]}, joined={(CLINICIAN, start): frozenset([hall.resource_id])}
    )
    assert openings(required, taken, capacity=3)[0] == 0
    full = taken | {hall.resource_id: Taken.of([Busy(start, start + 30, 0), Busy(start, start + 30, 1)])}
    assert openings(required, full, capacity=3)[0] == 30


def test_shifts_follow_the_clock_and_join() -> None:
    shifts = (
        Shift(0, 480, 720, dt.date(2020, 1, 1), None), Shift(0, 720, 1020, dt.date(2020, 1, 1), dt.date(2026, 4, 1)),
        Shift(1, 0, 1440, dt.date(2020, 1, 1), None),
    )  # fmt: skip
    day = [(instant(ZONE, MONDAY, 480), instant(ZONE, MONDAY, 1020))]
    assert shift_spans(shifts, ZONE, MONDAY) == day
    later = dt.date(2026, 4, 6)
    assert shift_spans(shifts, ZONE, later) == [(instant(ZONE, later, 480), instant(ZONE, later, 720))]
    assert shift_spans(shifts, ZONE, dt.date(2019, 12, 30)) == []


@pytest.mark.parametrize(
    ("changes", "there"),
    [
        ({}, True),
        ({"first_day": dt.date(2026, 3, 3)}, False),
        ({"end_day": MONDAY}, False),
        ({"outages": ((OPEN + 20, OPEN + 40),)}, False),
        ({"outages": ((OPEN + 30, OPEN + 40),)}, True),
        ({"shifts": ()}, False),
        ({"shifts": (Shift(0, 540, 570, dt.date(2020, 1, 1), None),)}, True),
        ({"shifts": (Shift(0, 545, 600, dt.date(2020, 1, 1), None),)}, False),
    ],
)
def test_whether_a_resource_is_there(changes: dict[str, object], there: bool) -> None:
    assert is_there(candidate(0, **changes), ZONE, MONDAY, OPEN, OPEN + 30) is there


# --- who, for whom, how short ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("booked_by", "origin", "roles", "may"),
    [
        ([], Origin.PORTAL, [], True),
        (["nurse"], Origin.STAFF, ["nurse", "front_desk"], True),
        (["nurse"], Origin.STAFF, ["front_desk"], False),
        (["nurse"], Origin.STAFF, [], True),
        (["nurse"], Origin.PORTAL, ["patient"], False),
        (["nurse", "portal"], Origin.PORTAL, ["patient"], True),
        (["nurse", "portal"], Origin.API, ["nurse"], False),
        (["api"], Origin.API, [], True),
        (["api"], Origin.IMPORT, [], True),
    ],
)
def test_who_may_book(booked_by: list[str], origin: Origin, roles: list[str], may: bool) -> None:
    assert may_book_kind(booked_by, origin=origin, roles=roles) is may
    assert set(booked_by) <= set(BOOKERS)


@pytest.mark.parametrize(
    ("minimum", "shortening", "shortest"), [(None, 0, 1), (20, 0, 20), (20, 25, 15), (15, 10, 14), (20, 100, 0)]
)
def test_the_minimum_less_what_a_deviation_allows(minimum: int | None, shortening: int, shortest: int) -> None:
    assert shortest_allowed(minimum, shortening) == shortest


def test_for_whom() -> None:
    assert suits(PatientKind.ANY, established=True)
    assert suits(PatientKind.ANY, established=False)
    assert suits(PatientKind.NEW, established=False)
    assert not suits(PatientKind.NEW, established=True)
    assert suits(PatientKind.ESTABLISHED, established=True)
    assert not suits(PatientKind.ESTABLISHED, established=False)


def test_what_a_mode_takes() -> None:
    assert [mode for mode in Mode if takes_needs(mode)] == [Mode.IN_PERSON]
    assert [mode for mode in Mode if takes_only_clinician(mode)] == [Mode.E_CONSULT]
