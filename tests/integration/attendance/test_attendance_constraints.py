"""Every constraint and trigger of attendance, violated once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from medguild.foundation.kernel.clock import now
from medguild.operations.attendance.models import FairnessCell, NoShowCalibration, NoShowModel, SlotChoice
from tests.factories.scheduling import schedule
from tests.factories.world import World

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 1, 1)


def make(world: World, **changes: Any) -> NoShowModel:
    values: dict[str, Any] = {
        "unit": world.enterprise, "stage": "booking", "version": 1, "features": ["lead"], "shape": {}, "intercept": -2,
        "weights": [1.0], "means": [0.0], "scales": [1.0], "trained_on": (DAY, DAY.replace(month=6)),
        "tested_on": (DAY.replace(month=6), DAY.replace(month=8)), "visits": 10, "missed": 1, "metrics": {},
        "trained_at": now(), "library": "test",
    }  # fmt: skip
    return NoShowModel.objects.create(**(values | changes))


def model(**changes: Any) -> Callable[[World], Any]:
    return lambda world: make(world, **changes)


def again(**changes: Any) -> Callable[[World], Any]:
    def violate(world: World) -> None:
        make(world)
        make(world, **changes)

    return violate


def changed(**changes: Any) -> Callable[[World], Any]:
    return lambda world: NoShowModel.objects.filter(pk=make(world).pk).update(**changes)


def back_in_use(world: World) -> None:
    NoShowModel.objects.filter(pk=make(world, active=False).pk).update(active=True)


def calibrations(*rows: dict[str, Any]) -> Callable[[World], Any]:
    def violate(world: World) -> None:
        held = make(world)
        for row in rows:
            values = {"on": DAY, "offset": 0.1, "visits": 10, "missed": 1, "predicted": 0.1} | row
            NoShowCalibration.objects.create(model=held, **values)

    return violate


def calibration_changed(world: World) -> None:
    calibrations({})(world)
    NoShowCalibration.objects.update(offset=0.2)


def cells(*rows: dict[str, Any]) -> Callable[[World], Any]:
    def violate(world: World) -> None:
        held = make(world)
        for row in rows:
            FairnessCell.objects.create(model=held, **({"dimension": "sex", "group": "a", "visits": 20} | row))

    return violate


def cell_changed(world: World) -> None:
    cells({})(world)
    FairnessCell.objects.all().delete()


def choice(**changes: Any) -> Callable[[World], Any]:
    def violate(world: World) -> None:
        booked = schedule(world).book()
        values = {"proposed": 5, "place": 1, "choice": "first", "chosen_at": now()} | changes
        SlotChoice.objects.create(appointment=booked, unit=booked.unit, **values)

    return violate


@pytest.mark.parametrize(
    ("name", "violate"),
    [
        ("no_show_model_version_once", again(active=False)),
        ("no_show_model_one_active", again(version=2)),
        ("no_show_model_stage_known", model(stage="never")),
        ("no_show_model_features_allowed", model(features=["lead", "race"])),
        ("no_show_model_features_allowed", model(features=["payer"])),
        ("no_show_model_features_allowed", model(features=[])),
        ("no_show_model_shortfalls_known", model(shortfalls=["mood"])),
        ("no_show_model_columns_match", model(weights=[1.0, 2.0])),
        ("no_show_model_missed_of_visits", model(missed=11)),
        ("no_show_model_tested_later", model(tested_on=(DAY, DAY.replace(month=8)))),
        ("no_show_model_trained_on_whole", model(trained_on=(None, DAY.replace(month=6)))),
        ("no_show_model_is_final", changed(intercept=0)),
        ("no_show_model_is_final", lambda world: make(world).delete()),
        ("no_show_model_is_final", back_in_use),
        ("no_show_calibration_once_a_day", calibrations({}, {})),
        ("no_show_calibration_bounded", calibrations({"offset": 9})),
        ("no_show_calibration_missed_of_visits", calibrations({"missed": 11})),
        ("no_show_calibration_is_final", calibration_changed),
        ("fairness_cell_once", cells({}, {})),
        ("fairness_cell_dimension_known", cells({"dimension": "height"})),
        ("fairness_cell_not_small", cells({"visits": 10})),
        ("fairness_cell_not_small", cells({"visits": None, "missed": 0.5})),
        ("fairness_cell_is_final", cell_changed),
        ("slot_choice_among_proposed", choice(choice="perhaps")),
        ("slot_choice_among_proposed", choice(choice="later", place=6)),
        ("slot_choice_among_proposed", choice(choice="other", place=1)),
        ("slot_choice_among_proposed", choice(choice="first", place=1, proposed=0)),
        ("slot_choice_proposed_bounded", choice(proposed=20_000)),
    ],
)  # fmt: skip
def test_violated(world: World, name: str, violate: Callable[[World], Any]) -> None:
    _ = world.circle
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        violate(world)


def test_a_version_may_leave_use(world: World) -> None:
    held = make(world)
    NoShowModel.objects.filter(pk=held.pk).update(active=False)
    held.refresh_from_db()
    assert not held.active
