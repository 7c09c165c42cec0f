"""Fill compared: who is too full beside whom, and what could move without making the other too full."""

from __future__ import annotations

from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from medguild.operations.demand.fill_rules import GOAL, ClinicianFill, Kind, SessionLoad, imbalances, propose

NEW, OLD = Kind(uuid4(), "New patient", 0), Kind(uuid4(), "Follow-up", 2)
KINDS = {NEW.id: NEW, OLD.id: OLD}
_ENTITY, _SITE = uuid4(), uuid4()


def _session(bookable: int, visits: dict[UUID, tuple[int, int]], weekday: int = 0, takes: set[UUID] | None = None):  # type: ignore[no-untyped-def]
    return SessionLoad(
        uuid4(), weekday, 480, 720, _SITE, bookable, visits, frozenset(KINDS if takes is None else takes)
    )


def _fill(*sessions: SessionLoad, specialty: str = "family_medicine", overbooked: int = 0) -> ClinicianFill:
    used = sum(one.used for one in sessions)
    bookable = sum(one.bookable for one in sessions)
    return ClinicianFill(uuid4(), (_ENTITY, specialty), bookable, used - overbooked, overbooked, sessions)


def test_the_worked_example() -> None:
    """1,000 minutes offered, 1,150 booked beside 700: 200 could move up to the goal of 900."""
    full = _fill(_session(1000, {NEW.id: (10, 400), OLD.id: (37, 750)}), overbooked=150)
    idle = _fill(_session(1000, {OLD.id: (35, 700)}))
    (found,) = imbalances([full, idle], most=100, least=80, kinds=KINDS)
    assert (found.over.percent, found.under.percent) == (115.0, 70.0)
    assert [(move.kind.name, move.visits, move.minutes) for move in found.moves] == [("New patient", 5, 200)]


def test_only_the_same_group_is_compared_and_nobody_lends_room_twice() -> None:
    full, fuller = _fill(_session(100, {OLD.id: (6, 105)})), _fill(_session(100, {OLD.id: (7, 130)}))
    other = _fill(_session(100, {}), specialty="cardiology")
    assert imbalances([full, fuller, other], most=100, least=80, kinds=KINDS) == []
    idle = _fill(_session(100, {OLD.id: (2, 40)}))
    (found,) = imbalances([full, idle, fuller, other], most=100, least=80, kinds=KINDS)
    assert found.over is fuller


def test_a_template_exactly_at_its_limits_raises_nothing() -> None:
    full, idle = _fill(_session(100, {OLD.id: (5, 100)})), _fill(_session(100, {OLD.id: (4, 80)}))
    assert imbalances([full, idle], most=100, least=80, kinds=KINDS) == []


def test_sessions_that_do_not_take_the_kind_get_none() -> None:
    full = _fill(_session(100, {NEW.id: (3, 120)}))
    idle = _fill(_session(100, {}, takes={OLD.id}))
    assert propose(full, idle, KINDS) == []


_VISITS = st.dictionaries(st.sampled_from([NEW.id, OLD.id]), st.integers(1, 30).map(lambda count: (count, count * 20)))
_SESSIONS = st.lists(st.tuples(st.integers(0, 960), _VISITS, st.integers(0, 6)), min_size=1, max_size=5)


@given(_SESSIONS, _SESSIONS)
def test_nobody_is_brought_above_the_goal_and_nothing_moves_that_was_not_booked(
    over: list[tuple[int, dict[UUID, tuple[int, int]], int]], under: list[tuple[int, dict[UUID, tuple[int, int]], int]]
) -> None:
    full, idle = _fill(*(_session(*one) for one in over)), _fill(*(_session(*one) for one in under))
    moves = propose(full, idle, KINDS)
    moved = sum(move.minutes for move in moves)
    assert all(move.visits > 0 for move in moves)
    if moves:
        assert full.used - moved >= full.bookable * GOAL // 100
        assert idle.used + moved <= idle.bookable * GOAL // 100
    for session in full.sessions:
        for kind in KINDS:
            gone = sum(move.visits for move in moves if move.origin is session and move.kind.id == kind)
            assert gone <= session.visits.get(kind, (0, 0))[0]
    for session in idle.sessions:
        came = sum(move.minutes for move in moves if move.target is session)
        assert not came or session.used + came <= session.bookable * GOAL // 100
