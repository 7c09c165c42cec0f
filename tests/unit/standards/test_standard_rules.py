"""Values, limits and which of several wins."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medguild.foundation.standards import rules
from medguild.foundation.standards.ports import Standard
from medguild.foundation.standards.rules import Bounds, Candidate, Kind, Level, Mode, Terms

UNIT = UUID(int=1)
DEVIATION = UUID(int=2)


def terms(
    mode: Mode = Mode.BOUNDED,
    levels: tuple[Level, ...] = (Level.PRACTICE, Level.SPECIALTY, Level.SITE),
    order: tuple[Level, ...] = rules.USUAL_ORDER,
) -> Terms:
    return Terms(mode, frozenset(levels), Bounds(least=10, most=60), order)


def at(level: Level, value: int, depth: int = 0, deviation: UUID | None = None) -> Candidate:
    return Candidate(level, depth, value, UNIT, deviation_id=deviation)


@given(st.integers(0, 10_000_000))
def test_durations_read_back_as_shown(seconds: int) -> None:
    span = dt.timedelta(seconds=seconds)
    assert rules.parse_duration(rules.show_duration(span)) == span


@given(
    st.one_of(
        st.tuples(st.just(Kind.INTEGER), st.integers()),
        st.tuples(st.just(Kind.DECIMAL), st.decimals(allow_nan=False, allow_infinity=False)),
        st.tuples(st.just(Kind.BOOLEAN), st.booleans()),
        st.tuples(st.just(Kind.TEXT), st.text(min_size=1)),
        st.tuples(st.just(Kind.DURATION), st.integers(0, 10**9).map(lambda s: dt.timedelta(seconds=s))),
    )
)
def test_stored_values_read_back(pair: tuple[Kind, rules.Value]) -> None:
    kind, value = pair
    assert rules.from_stored(kind, rules.to_stored(value)) == value
    assert rules.fits(kind, value)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Kind.INTEGER, " 12 ", 12),
        (Kind.DECIMAL, "0.85", Decimal("0.85")),
        (Kind.BOOLEAN, "Yes", True),
        (Kind.BOOLEAN, "off", False),
        (Kind.DURATION, "1 day 4 hours", dt.timedelta(days=1, hours=4)),
        (Kind.DURATION, "90min", dt.timedelta(minutes=90)),
        (Kind.CHOICE, "strict", "strict"),
    ],
)
def test_typed_values(kind: Kind, text: str, value: rules.Value) -> None:
    assert rules.parse(kind, text) == value


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Kind.INTEGER, "1.5"),
        (Kind.DECIMAL, "NaN"),
        (Kind.DECIMAL, "much"),
        (Kind.BOOLEAN, "perhaps"),
        (Kind.DURATION, "soon"),
        (Kind.DURATION, "3 moons"),
        (Kind.DURATION, "3 h and more"),
        (Kind.TEXT, "  "),
    ],
)
def test_bad_values_say_what_would_do(kind: Kind, text: str) -> None:
    with pytest.raises(rules.BadValue):
        rules.parse(kind, text)


@pytest.mark.parametrize(
    ("kind", "stored"), [(Kind.INTEGER, True), (Kind.INTEGER, "5"), (Kind.DURATION, "5"), (Kind.DECIMAL, 5)]
)
def test_a_value_stored_for_another_kind_is_not_read(kind: Kind, stored: object) -> None:
    with pytest.raises(rules.BadValue):
        rules.from_stored(kind, stored)


def test_the_most_specific_level_wins() -> None:
    chosen = rules.pick(terms(), [at(Level.ENTERPRISE, 20, 3), at(Level.SITE, 30), at(Level.SPECIALTY, 40, 3)])
    assert chosen is not None
    assert chosen.value == 30


def test_the_declared_order_decides_between_specialty_and_site() -> None:
    order = tuple(level for level in rules.USUAL_ORDER if level != Level.SPECIALTY) + (Level.SPECIALTY,)
    chosen = rules.pick(terms(order=order), [at(Level.SITE, 30), at(Level.SPECIALTY, 40, 3)])
    assert chosen is not None
    assert chosen.value == 40


def test_inside_a_level_the_nearest_unit_wins() -> None:
    chosen = rules.pick(terms(), [at(Level.SPECIALTY, 40, 3), at(Level.SPECIALTY, 45, 1)])
    assert chosen is not None
    assert chosen.value == 45


def test_values_outside_the_limits_or_at_other_levels_are_passed_over() -> None:
    assert rules.pick(terms(), [at(Level.SITE, 90)]) is None
    assert rules.pick(terms(), [at(Level.DEPARTMENT, 30)]) is None
    assert rules.pick(terms(Mode.STANDARD, ()), [at(Level.SITE, 30), at(Level.ENTERPRISE, 25, 3)]) == at(
        Level.ENTERPRISE, 25, 3
    )
    local = rules.pick(terms(Mode.LOCAL), [at(Level.SITE, 90)])
    assert local is not None


def test_an_approved_deviation_counts_anywhere_and_beats_the_plain_value_beside_it() -> None:
    chosen = rules.pick(terms(Mode.STANDARD, ()), [at(Level.SITE, 90, 0, DEVIATION), at(Level.ENTERPRISE, 20, 3)])
    assert chosen is not None
    assert chosen.value == 90
    beside = rules.pick(terms(), [at(Level.SITE, 30), at(Level.SITE, 90, 0, DEVIATION)])
    assert beside is not None
    assert beside.deviation_id == DEVIATION


_candidates = st.lists(
    st.builds(
        Candidate,
        level=st.sampled_from(list(Level)),
        depth=st.integers(0, 4),
        value=st.integers(0, 100),
        unit_id=st.just(UNIT),
        deviation_id=st.sampled_from([None, DEVIATION]),
    ),
    max_size=12,
)


@given(_candidates, st.sampled_from(list(Mode)), st.sets(st.sampled_from(list(Level))))
def test_nothing_forbidden_ever_holds_and_nothing_more_specific_is_passed_over(
    candidates: list[Candidate], mode: Mode, levels: set[Level]
) -> None:
    asked = terms(mode, tuple(levels))
    chosen = rules.pick(asked, candidates)
    if chosen is None:
        assert not any(c.deviation_id for c in candidates)
        return
    allowed = asked.may_vary_at(chosen.level) and asked.within_limits(chosen.value, chosen.level)
    assert chosen.deviation_id or allowed
    rank = asked.order.index(chosen.level)
    assert not any(c.deviation_id and asked.order.index(c.level) > rank for c in candidates)


@given(st.sampled_from(list(Mode)), st.one_of(st.none(), st.sampled_from(list(Mode))))
def test_a_mark_only_tightens(declared: Mode, marked: Mode | None) -> None:
    order = [Mode.STANDARD, Mode.BOUNDED, Mode.LOCAL]
    assert order.index(rules.stricter(declared, marked)) <= order.index(declared)


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": Kind.INTEGER, "default": True},
        {"kind": Kind.INTEGER, "default": 99, "bounds": Bounds(most=60)},
        {"kind": Kind.CHOICE, "default": "a"},
        {"kind": Kind.INTEGER, "default": 5, "levels": (Level.SITE,)},
        {"kind": Kind.INTEGER, "default": 5, "mode": Mode.LOCAL, "levels": (Level.SITE,), "order": (Level.ENTERPRISE,)},
    ],
)
def test_a_declaration_that_contradicts_itself_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="broken"):
        Standard(key="broken", label="Broken", **wrong)  # type: ignore[arg-type]


def test_adoption_counts_places_that_hold_the_group_value() -> None:
    assert rules.adoption([20, 20, 30], 20) == (2, 3)
    assert rules.adoption([], 20) == (0, 0)


def test_moves_end_in_final_states() -> None:
    for state, after in rules.DEVIATION_MOVES.items():
        assert state not in after
        for to in rules.DeviationStatus:
            assert rules.may_move(rules.DEVIATION_MOVES, state, to) == (to in after)
