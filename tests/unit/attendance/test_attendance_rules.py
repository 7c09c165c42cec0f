"""Features, columns, the logistic sum, explanations, recalibration, measures."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medguild.operations.attendance import rules
from medguild.operations.attendance.metric_rules import (
    Bar,
    Evaluation,
    Shortfall,
    auc,
    evaluation_from,
    quality,
    shortfalls,
)
from medguild.operations.attendance.rules import (
    FEATURES,
    Feature,
    Shape,
    Stage,
    Trained,
    VisitFacts,
    columns,
    earlier,
    named_columns,
    offset_for,
    recalibrated,
    shape_from,
    site_offset,
    spline,
)

SHAPE = Shape(Stage.DAY_BEFORE, (0.5, 1.5, 2.5, 3.5), (10, 30, 50, 70, 80), ("a", "b"), ("video",), 44.0, 0.1)
NEVER = ("race", "ethnic", "payer", "plan", "insur", "name", "address", "language", "sex", "gender", "zip", "postal",
         "distance", "city", "income", "patient", "phone")  # fmt: skip

facts = st.builds(
    VisitFacts,
    lead=st.floats(0, 500), same_day=st.booleans(), weekday=st.integers(0, 6),
    hour=st.none() | st.integers(0, 23), visit_type=st.sampled_from(["a", "b", "other"]),
    mode=st.sampled_from(["in_person", "video"]), missed=st.integers(0, 30), kept=st.integers(0, 30),
    missed_last=st.booleans(), age=st.none() | st.floats(0, 110), confirmed=st.booleans(), reminded=st.booleans(),
)  # fmt: skip


def trained(weight: float = 0.3) -> Trained:
    width = len(named_columns(SHAPE))
    return Trained(SHAPE, -2.0, (weight,) * width, (0.5,) * width, (2.0,) * width)


def test_only_what_is_listed_can_enter() -> None:
    """Whoever adds a field here must add it to the list of the test too, and ask whether it is fair."""
    assert set(VisitFacts._fields) == {
        "lead", "same_day", "weekday", "hour", "visit_type", "mode", "missed", "kept", "missed_last", "age",
        "confirmed", "reminded",
    }  # fmt: skip
    assert {feature.value for feature in Feature} == {
        "lead", "weekday", "hour", "visit_type", "first", "mode", "earlier", "age", "confirmed", "reminded"
    }  # fmt: skip
    words = [*VisitFacts._fields, *(feature.value for feature in Feature)]
    assert not [word for word in words for never in NEVER if never in word]


def test_what_is_known_later_is_a_feature_of_the_day_before_alone() -> None:
    assert not {Feature.CONFIRMED, Feature.REMINDED} & set(FEATURES[Stage.BOOKING])
    early = Shape(Stage.BOOKING, (), (), (), (), 40, 0.1)
    base = VisitFacts(lead=3, same_day=False, weekday=1)
    assert columns(base, early) == columns(base._replace(confirmed=True, reminded=True), early)


@given(facts)
def test_columns_have_names_and_probabilities_lie_between_0_and_1(one: VisitFacts) -> None:
    row = columns(one, SHAPE)
    assert len(row) == len(named_columns(SHAPE))
    assert all(math.isfinite(value) for value in row)
    assert 0 <= trained().probability(one) <= 1


@given(facts)
def test_explanations_leave_nothing_out(one: VisitFacts) -> None:
    model = trained()
    effects = model.effects(one)
    assert math.fsum(effect for _, effect in effects) + model.intercept == pytest.approx(model.score(one))
    assert [abs(effect) for _, effect in effects] == sorted((abs(effect) for _, effect in effects), reverse=True)
    assert {feature for feature, _ in effects} == set(Feature)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(-3, 3))
def test_recalibration_keeps_the_order_and_the_bounds(one: float, other: float, offset: float) -> None:
    low, high = sorted((one, other))
    assert 0 <= recalibrated(low, offset) <= recalibrated(high, offset) <= 1


@given(st.lists(st.floats(0.01, 0.9), min_size=2, max_size=60), st.data())
def test_recalibration_meets_what_was_missed(raw: list[float], data: st.DataObject) -> None:
    missed = data.draw(st.integers(0, len(raw)))
    offset = offset_for(raw, missed)
    assert -3 <= offset <= 3
    met = math.fsum(recalibrated(one, offset) for one in raw)
    wanted = min(max(missed, 0.5), len(raw) - 0.5)
    assert met == pytest.approx(wanted, abs=1e-6) or abs(offset) > 2.999


def test_no_visits_need_no_shift() -> None:
    assert offset_for([], 0) == 0


@given(st.floats(-5, 200))
def test_splines_are_straight_beyond_the_outer_knots(value: float) -> None:
    knots = (10.0, 30.0, 50.0, 70.0)
    beyond = 70 + abs(value)
    one, two, three = (spline(beyond + step, knots) for step in (0, 1, 2))
    for left, middle, right in zip(one, two, three, strict=True):
        assert right - middle == pytest.approx(middle - left, abs=1e-6)
    assert spline(-3.0, knots)[1:] == [0.0, 0.0]
    assert spline(3.0, (1.0, 2.0)) == [3.0]


def test_own_earlier_visits_are_shrunk_to_the_rate() -> None:
    base = VisitFacts(lead=1, same_day=False, weekday=0)
    assert earlier(base, 0.1) == pytest.approx(0)
    once, often = (earlier(base._replace(missed=n, kept=0), 0.1) for n in (1, 10))
    kept = earlier(base._replace(kept=10), 0.1)
    assert kept < 0 < once < often


def test_a_shape_survives_json() -> None:
    assert shape_from("day_before", json.loads(json.dumps(SHAPE.as_json()))) == SHAPE


def test_unknown_kinds_count_as_the_rest() -> None:
    base = VisitFacts(lead=1, same_day=False, weekday=0, visit_type="new kind", mode="hologram")
    assert columns(base, SHAPE) == columns(base._replace(visit_type="", mode="in_person"), SHAPE)


def test_auc_counts_pairs_and_halves_ties() -> None:
    assert auc([0.1, 0.4, 0.35, 0.8], [False, False, True, True]) == pytest.approx(0.75)
    assert auc([0.5, 0.5, 0.5], [True, False, False]) == pytest.approx(0.5)
    assert auc([0.2, 0.3], [True, True]) is None


@given(st.lists(st.tuples(st.sampled_from([0.1, 0.2, 0.5, 0.9]), st.booleans()), min_size=2, max_size=40))
def test_auc_is_what_counting_all_pairs_gives(rows: list[tuple[float, bool]]) -> None:
    missed = [one for one, outcome in rows if outcome]
    kept = [one for one, outcome in rows if not outcome]
    found = auc([one for one, _ in rows], [outcome for _, outcome in rows])
    if not missed or not kept:
        assert found is None
        return
    wins = sum((one > other) + (one == other) / 2 for one in missed for other in kept)
    assert found == pytest.approx(wins / len(missed) / len(kept))


def test_measures_of_a_small_set_by_hand() -> None:
    found = quality([0.2, 0.8], [False, True])
    assert found.brier == pytest.approx(0.04)
    assert found.log_loss == pytest.approx(-math.log(0.8))
    assert found.ece == pytest.approx(0.2)
    assert (found.auc, found.rate, found.predicted, found.top_tenth) == (1.0, 0.5, 0.5, 1.0)
    assert quality([], []).auc is None


def test_perfect_calibration_has_no_error() -> None:
    outcomes = ([True] + [False] * 9) * 10 + ([True] * 5 + [False] * 5) * 10
    assert quality([0.1] * 100 + [0.5] * 100, outcomes).ece == pytest.approx(0, abs=0.05)


def good() -> Evaluation:
    raw = [0.05] * 500 + [0.4] * 500
    outcomes = ([True] + [False] * 19) * 25 + ([True] * 2 + [False] * 3) * 100
    whole = quality(raw, outcomes)
    flat = quality([0.2] * 1000, outcomes)
    return Evaluation(whole, whole, flat, flat, whole, flat.brier)


BAR = Bar(visits=1000, missed=100, auc=0.6, auc_later=0.56, ece=0.03)


def test_a_good_model_may_advise_and_survives_json() -> None:
    found = good()
    assert shortfalls(found, BAR, trained_on=5000, trained_missed=500) == []
    assert evaluation_from(json.loads(json.dumps(found.as_json()))) == found


def test_each_shortfall_is_told() -> None:
    found = good()
    flat = found.lead_only
    assert shortfalls(found, BAR, trained_on=10, trained_missed=500) == [Shortfall.FEW_VISITS]
    assert shortfalls(found, BAR, trained_on=5000, trained_missed=5) == [Shortfall.FEW_MISSED]
    bad = Evaluation(flat, flat, flat, flat, flat, flat.brier)
    assert shortfalls(bad, BAR, trained_on=5000, trained_missed=500) == [
        Shortfall.WEAK, Shortfall.WEAK_LATER, Shortfall.NO_BETTER_THAN_RATE, Shortfall.NO_BETTER_THAN_LEAD
    ]  # fmt: skip
    off = quality([0.5] * 1000, [False] * 900 + [True] * 100)
    wrong = Evaluation(off, found.later, found.lead_only, found.lead_only_later, off, 0.09)
    assert Shortfall.NOT_CALIBRATED in shortfalls(wrong, BAR, trained_on=5000, trained_missed=500)


def test_rules_import_nothing_of_the_library() -> None:
    assert not {"numpy", "sklearn"} & set(vars(rules))


@given(st.integers(1, 400), st.floats(0.02, 0.4), st.data())
def test_a_site_is_shifted_less_the_less_is_known_of_it(visits: int, rate: float, data: st.DataObject) -> None:
    missed = data.draw(st.integers(0, visits))
    raw = [rate] * visits
    own, whole = site_offset(raw, missed), offset_for(raw, missed)
    assert abs(own) <= abs(whole)
    assert own * whole >= 0
    assert abs(own) <= abs(site_offset(raw * 2, missed * 2)) + 1e-6 or abs(whole) > 2.9 or missed in (0, visits)


def test_a_site_without_visits_is_not_shifted() -> None:
    assert site_offset([], 0) == 0
