"""Each constraint of versions and of visits that must move, violated once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from medguild.foundation.kernel.clock import now
from medguild.operations.scheduling.models import Appointment
from medguild.operations.templates.models import (
    MovePlan,
    PlannedMove,
    TemplateBlock,
    TemplateHeld,
    TemplateKind,
    TemplateVersion,
)
from tests.factories.scheduling import Schedule, schedule, wall
from tests.factories.world import World

DAY = dt.date(2026, 6, 1)


@pytest.fixture
def plan(world: World) -> Schedule:
    return schedule(world)


def version(plan: Schedule, **changes: Any) -> TemplateVersion:
    fields = {
        "clinician": plan.clinician, "number": 1, "name": "One", "period": DateRange(DAY, None), "written_at": now(),
    }  # fmt: skip
    return TemplateVersion.objects.create(**(fields | changes))


def block(plan: Schedule, **changes: Any) -> TemplateBlock:
    fields = {"unit": plan.site.unit, "weekday": 0, "start_minute": 540, "end_minute": 720}
    if "version" not in changes:
        changes["version"] = version(plan)
    return TemplateBlock.objects.create(**(fields | changes))


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("template_version_status_known", {"status": "odd", "applied_at": now()}),
        ("template_version_named", {"name": ""}),
        ("template_version_period_whole", {"period": DateRange(None, None)}),
        ("template_version_applied_whole", {"status": "applied"}),
        ("template_version_applied_whole", {"applied_at": now()}),
        ("template_version_previewed_whole", {"status": "previewed"}),
    ],
)
def test_a_broken_version_is_refused(plan: Schedule, name: str, changes: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        version(plan, **changes)


def test_a_number_is_given_once_and_one_version_holds_on_a_day(plan: Schedule) -> None:
    version(plan, status="superseded", applied_at=now(), period=DateRange(DAY, DAY + dt.timedelta(days=9)))
    with pytest.raises(IntegrityError, match="template_version_number_once"), transaction.atomic():
        version(plan)
    with pytest.raises(IntegrityError, match="template_version_once_a_day"), transaction.atomic():
        version(plan, number=2, status="applied", applied_at=now())
    assert version(plan, number=2)
    assert version(
        plan, number=3, status="applied", applied_at=now(), period=DateRange(DAY + dt.timedelta(days=9), None)
    )


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("template_block_weekday_known", {"weekday": 7}),
        ("template_block_ends_after_start", {"end_minute": 540}),
        ("template_block_every_weeks", {"every_weeks": 0}),
        ("template_block_anchor_monday", {"anchor": dt.date(2026, 6, 2)}),
        ("template_block_step", {"step_minutes": 1}),
        ("template_block_capacity", {"capacity": 0}),
    ],
)
def test_a_broken_block_is_refused(plan: Schedule, name: str, changes: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        block(plan, **changes)


def test_weekly_blocks_of_a_version_never_meet(plan: Schedule) -> None:
    first = block(plan)
    with pytest.raises(IntegrityError, match="template_block_weekly_once_at_a_time"), transaction.atomic():
        block(plan, version=first.version, start_minute=700, end_minute=800)
    assert block(plan, version=first.version, start_minute=700, end_minute=800, every_weeks=2)
    assert block(plan, version=first.version, start_minute=720, end_minute=800)


def test_a_kind_stands_once_in_a_block_and_takes_a_while(plan: Schedule) -> None:
    row, _ = block(plan), plan.kind
    with pytest.raises(IntegrityError, match="template_kind_minutes_in_day"), transaction.atomic():
        TemplateKind.objects.create(block=row, visit_type=plan.kind, minutes=0)
    TemplateKind.objects.create(block=row, visit_type=plan.kind)
    with pytest.raises(IntegrityError, match="template_kind_once"), transaction.atomic():
        TemplateKind.objects.create(block=row, visit_type=plan.kind, minutes=20)


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("template_held_purpose_known", {"purpose": "odd"}),
        ("template_held_ends_after_start", {"end_minute": 540}),
        ("template_held_release_one", {"release_days": None}),
        ("template_held_kinds_where_meant", {"purpose": "kinds"}),
    ],
)
def test_a_broken_held_part_is_refused(plan: Schedule, name: str, changes: dict[str, Any]) -> None:
    fields = {"block": block(plan), "start_minute": 540, "end_minute": 600, "purpose": "urgent", "release_days": 1}
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        TemplateHeld.objects.create(**(fields | changes))


def the_list(plan: Schedule, **changes: Any) -> MovePlan:
    fields = {
        "cause": "absence", "cause_id": plan.clinician.pk, "unit": plan.site.unit, "first_day": DAY, "made_at": now(),
    }  # fmt: skip
    return MovePlan.objects.create(**(fields | changes))


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("move_plan_cause_known", {"cause": "odd"}),
        ("move_plan_status_known", {"status": "odd"}),
        ("move_plan_finished_whole", {"status": "done"}),
        ("move_plan_finished_whole", {"finished_at": now()}),
    ],
)
def test_a_broken_list_is_refused(plan: Schedule, name: str, changes: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        the_list(plan, **changes)


def test_a_cause_has_one_list(plan: Schedule) -> None:
    the_list(plan)
    with pytest.raises(IntegrityError, match="move_plan_once"), transaction.atomic():
        the_list(plan)


def move(plan: Schedule, on: MovePlan, visit: Appointment, **changes: Any) -> PlannedMove:
    fields = {
        "plan": on, "appointment": visit, "unit": plan.site.unit, "was_start": visit.start, "trouble": "away",
    }  # fmt: skip
    return PlannedMove.objects.create(**(fields | changes))


def test_broken_moves_are_refused(plan: Schedule) -> None:
    visit, on = plan.book(), the_list(plan)
    target = {"to_start": wall(plan.monday, 10), "to_clinician": plan.clinician, "to_unit": plan.site.unit}
    for name, changes in (
        ("planned_move_trouble_known", {"trouble": "odd"}),
        ("planned_move_why_known", {"why": "odd"}),
        ("planned_move_choice_known", {"choice": "odd"}),
        ("planned_move_status_known", {"status": "odd", "settled_at": now()}),
        ("planned_move_target_whole", {**target, "to_unit": None}),
        ("planned_move_chosen_has_target", {"choice": "accept"}),
        ("planned_move_settled_whole", {"status": "moved"}),
        ("planned_move_settled_whole", {"settled_at": now()}),
    ):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            move(plan, on, visit, **changes)
    move(plan, on, visit, **target, choice="accept")
    with pytest.raises(IntegrityError, match="planned_move_once"), transaction.atomic():
        move(plan, on, visit)
