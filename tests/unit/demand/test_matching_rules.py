"""Minutes shared among kinds of visits, wishes spread over hours."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medguild.operations.demand.matching_rules import Mismatch, bands_between, idle, ranked, share_supply, spread


def test_a_kind_is_short_only_where_no_other_has_minutes_to_spare() -> None:
    new, old = "new", "old"
    both = [(frozenset({new, old}), 120.0)]
    assert share_supply(both, {new: 60, old: 30}) == {new: 80, old: 40}
    assert share_supply(both, {new: 180, old: 60}) == {new: 90, old: 30}
    # The session that takes only old patients serves them; the mixed one is left to the new.
    assert share_supply([(frozenset({old}), 60.0), *both], {new: 120, old: 60}) == {old: 60, new: 120}


def test_the_worked_sentence() -> None:
    """Tuesday 8-10, new patients of 40 minutes: 14 wanted, 6 offered."""
    given_minutes = share_supply([(frozenset({"new"}), 240.0)], {"new": 14 * 40})
    cell = Mismatch((1, 4), "new", wanted=14, offered=given_minutes["new"] / 40, minutes=40)
    assert (cell.offered, cell.gap, cell.gap_minutes) == (6, 8, 320)
    small = Mismatch((2, 4), "new", wanted=3, offered=1, minutes=40)
    noise = Mismatch((3, 4), "new", wanted=1.5, offered=1, minutes=40)
    spare = Mismatch((4, 4), "new", wanted=1, offered=4, minutes=40)
    assert ranked([small, noise, spare, cell]) == [cell, small]
    assert idle([small, noise, spare, cell]) == [spare]


def test_spans_fall_into_bands_of_two_hours() -> None:
    assert bands_between(9 * 60, 12 * 60) == [(4, 60), (5, 120)]
    assert bands_between(8 * 60, 10 * 60) == [(4, 120)]
    assert bands_between(600, 600) == []


def test_a_wish_for_any_hour_is_spread_by_what_is_offered() -> None:
    assert spread([(0, 4), (1, 4)], {(0, 4): 30.0, (1, 4): 90.0, (2, 4): 500.0}) == {(0, 4): 0.25, (1, 4): 0.75}
    assert spread([(0, 4), (1, 4)], {}) == {(0, 4): 0.5, (1, 4): 0.5}
    assert spread([], {(0, 4): 1.0}) == {}


_KINDS = st.sampled_from("abcd")


@given(
    st.lists(st.tuples(st.frozensets(_KINDS, min_size=1), st.floats(0, 500)), max_size=8),
    st.dictionaries(_KINDS, st.floats(0, 1000)),
)
def test_every_offered_minute_is_given_once(
    offers: list[tuple[frozenset[str], float]], wanted: dict[str, float]
) -> None:
    shared = share_supply(offers, wanted)
    assert sum(shared.values()) == pytest.approx(sum(minutes for _, minutes in offers))
    assert all(minutes >= 0 for minutes in shared.values())
    for kind, minutes in shared.items():
        assert minutes <= sum(span for kinds, span in offers if kind in kinds) + 1e-6
