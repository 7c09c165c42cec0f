"""Learning by the library, and that what is kept gives the same probabilities without it."""

from __future__ import annotations

import csv
import datetime as dt
import math
import os
import random
from pathlib import Path
from typing import Any

import pytest
from threadpoolctl import threadpool_info

from medguild.operations.attendance import learning
from medguild.operations.attendance.learning import Past, fit, learn
from medguild.operations.attendance.rules import Stage, VisitFacts, columns, sigmoid

START = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)


def history(count: int = 6000, *, drift: float = 0.0, seed: int = 5, signal: float = 1.0) -> list[Past]:
    """Visits of people with habits, booked up to months ahead; `drift` shifts the log odds in the last quarter."""
    rng = random.Random(seed)
    people: list[tuple[float, float, list[bool]]] = [
        (rng.gauss(0, signal), rng.uniform(1, 90), []) for _ in range(count // 6)
    ]
    past = []
    for place in range(count):
        habit, age, known = rng.choice(people)
        lead = 0.2 if rng.random() < 0.3 else rng.expovariate(1 / 12) + 1
        facts = VisitFacts(
            lead=lead, same_day=lead < 1, weekday=place % 5, hour=8 + place % 9, visit_type=rng.choice("aab"),
            mode="in_person", missed=sum(known), kept=len(known) - sum(known), missed_last=bool(known and known[-1]),
            age=age,
        )  # fmt: skip
        late = drift if place > 0.75 * count else 0.0
        odds = -2.2 - 1.5 * facts.same_day + signal * 0.35 * math.log1p(lead) + 0.8 * habit + late
        missed = rng.random() < sigmoid(odds)
        known.append(missed)
        past.append(Past(START + dt.timedelta(hours=place), facts, missed))
    return past


def test_plain_numbers_give_what_the_library_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[Any] = []
    make = learning._learner
    monkeypatch.setattr(learning, "_learner", lambda: kept.append(make()) or kept[-1])
    past = history(2000)
    model = fit(past, Stage.BOOKING)
    (learner,) = kept
    import numpy as np  # noqa: PLC0415 - only here to ask the library

    rows = np.array([columns(one.facts, model.shape) for one in past])
    asked = learner.predict_proba((rows - np.array(model.means)) / np.array(model.scales))[:, 1]
    assert max(abs(model.probability(one.facts) - p) for one, p in zip(past, asked, strict=True)) < 1e-9


def test_the_model_beats_lead_time_alone_and_is_calibrated() -> None:
    past = history()
    found = learn(past, stage=Stage.BOOKING, test_from=past[4500].start)
    whole, later = found.evaluation.whole, found.evaluation.later
    assert (whole.visits, found.visits) == (1500, 4500)
    assert (whole.auc or 0) > (found.evaluation.lead_only.auc or 0) + 0.02
    assert (later.auc or 0) < (whole.auc or 0)  # same-day bookings are easy
    assert whole.brier < found.evaluation.base_brier
    assert whole.ece < 0.04
    assert later.visits == sum(not one.facts.same_day for one in past[4500:])


def test_the_same_visits_give_the_same_numbers() -> None:
    past = history(1500)
    one, other = (learn(past, stage=Stage.BOOKING, test_from=past[1200].start) for _ in range(2))
    assert one == other


def test_the_intercept_follows_a_rate_that_drifts() -> None:
    past = history(drift=0.8)
    found = learn(past, stage=Stage.BOOKING, test_from=past[4500].start).evaluation
    assert found.whole.ece < found.raw.ece
    assert abs(found.whole.predicted - found.whole.rate) < abs(found.raw.predicted - found.raw.rate)
    assert found.whole.brier < found.raw.brier


def test_nothing_of_the_test_enters_the_model() -> None:
    """Other outcomes in the test period change its figures, never the coefficients."""
    past = history(1500)
    turned = past[:1200] + [Past(one.start, one.facts, not one.missed) for one in past[1200:]]
    at = past[1200].start
    one, other = (learn(rows, stage=Stage.BOOKING, test_from=at) for rows in (past, turned))
    assert one.model == other.model
    assert one.evaluation != other.evaluation


def test_each_week_knows_only_the_weeks_before_it() -> None:
    past = history(3000)
    at, week = past[2000].start, dt.timedelta(days=7)
    turned = [Past(one.start, one.facts, True) if one.start >= at + week else one for one in past]
    one, other = (learn(rows, stage=Stage.BOOKING, test_from=at).probabilities for rows in (past, turned))
    first_week = sum(at <= row.start < at + week for row in past)
    assert one[:first_week] == other[:first_week]
    assert one != other


def test_nothing_to_learn_is_told() -> None:
    past = history(400)
    kept = [Past(one.start, one.facts, False) for one in past]
    with pytest.raises(ValueError, match="kept and missed"):
        learn(kept, stage=Stage.BOOKING, test_from=past[300].start)
    with pytest.raises(ValueError, match="kept and missed"):
        learn(past, stage=Stage.BOOKING, test_from=past[-1].start + dt.timedelta(days=1))


def test_one_thread_works(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    make = learning._learner

    def watched() -> Any:
        seen.extend(pool["num_threads"] for pool in threadpool_info())
        return make()

    monkeypatch.setattr(learning, "_learner", watched)
    past = history(600)
    learn(past, stage=Stage.BOOKING, test_from=past[450].start)
    assert set(seen) == {1}


# The public file of 110,527 visits is for evaluation only and is not part of the project; where it lies is told here.
PUBLIC = Path(os.environ.get("MEDGUILD_NO_SHOW_FILE", ""))


@pytest.mark.skipif(not PUBLIC.is_file(), reason="MEDGUILD_NO_SHOW_FILE names no file of public no-shows")
def test_bar_on_the_public_file() -> None:
    """Train before 1 June 2016, test on later days: the bar of a file that others report on."""
    past = public_visits(PUBLIC)
    found = learn(past, stage=Stage.BOOKING, test_from=dt.datetime(2016, 6, 1, tzinfo=dt.UTC)).evaluation
    assert (found.whole.auc or 0) >= 0.725
    assert (found.later.auc or 0) >= 0.60
    assert found.whole.ece <= 0.025
    assert found.whole.brier <= 0.137


def public_visits(path: Path) -> list[Past]:
    """Own earlier outcomes are those of days before the booking."""
    with path.open(encoding="utf-8-sig") as file:
        rows = [
            (row["PatientId"], dt.datetime.fromisoformat(row["ScheduledDay"].replace("Z", "+00:00")),
             dt.datetime.fromisoformat(row["AppointmentDay"].replace("Z", "+00:00")), float(row["Age"]),
             row["No-show"] == "Yes")
            for row in csv.DictReader(file)
        ]  # fmt: skip
    rows = sorted((row for row in rows if row[1].date() <= row[2].date() and row[3] >= 0), key=lambda row: row[2])
    own: dict[str, list[tuple[dt.datetime, bool]]] = {}
    for patient, _booked, day, _age, missed in rows:
        own.setdefault(patient, []).append((day, missed))
    past = []
    for patient, booked, day, age, missed in rows:
        known = [outcome for when, outcome in own[patient] if when.date() < booked.date()]
        facts = VisitFacts(
            lead=float((day.date() - booked.date()).days), same_day=day.date() == booked.date(),
            weekday=day.weekday(), hour=booked.hour, missed=sum(known), kept=len(known) - sum(known),
            missed_last=bool(known and known[-1]), age=age,
        )  # fmt: skip
        past.append(Past(day, facts, missed))
    return past
