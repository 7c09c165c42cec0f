"""Each named constraint of the standards room, violated once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F

from medguild.foundation.access.rules import Role
from medguild.foundation.standards.deviations import approve_deviation
from medguild.foundation.standards.models import (
    Deviation,
    ProcessMark,
    StandardSetting,
    Workflow,
    WorkflowCheck,
    WorkflowVersion,
)
from tests.factories.world import World

DAY = dt.date(2026, 1, 1)
NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
OPEN = DateRange(DAY, None)
NEVER = DateRange(empty=True)
ENDLESS = DateRange(None, dt.date(2027, 1, 1))


def refused(name: str, act: Callable[[], Any]) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        act()


def change(row: models.Model, **changes: Any) -> Callable[[], Any]:
    return lambda: type(row)._base_manager.filter(pk=row.pk).update(**changes)


@pytest.fixture
def setting(world: World) -> StandardSetting:
    return StandardSetting.objects.create(key="a.key", unit=world.main.entity, value=1, period=OPEN)  # type: ignore[no-any-return]


@pytest.fixture
def workflow(world: World) -> Workflow:
    return Workflow.objects.create(  # type: ignore[no-any-return]
        title="Refills", unit=world.main.entity, owner_role="nurse", check_question="Followed?", review_on=DAY
    )


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("standard_setting_dimension_known", {"dimension": "mood", "target": "x"}),
        ("standard_setting_target_fits", {"dimension": "state", "target": "Oregon"}),
        ("standard_setting_has_key", {"key": ""}),
        ("standard_setting_period_whole", {"period": NEVER}),
    ],
)
def test_settings(setting: StandardSetting, name: str, changes: dict[str, Any]) -> None:
    refused(name, change(setting, **changes))


def test_a_setting_holds_alone(setting: StandardSetting) -> None:
    same = {"key": setting.key, "unit": setting.unit, "value": 2}
    refused(
        "standard_setting_once_at_a_time", lambda: StandardSetting.objects.create(**same, period=DateRange(DAY, None))
    )
    StandardSetting.objects.create(**same, dimension="state", target="OR", period=OPEN)


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("deviation_dimension_known", {"dimension": "mood", "target": "x"}),
        ("deviation_status_known", {"status": "perhaps"}),
        ("deviation_target_fits", {"target": "OR"}),
        ("deviation_has_reason", {"reason": ""}),
        ("deviation_has_end", {"period": OPEN}),
        ("deviation_period_whole", {"period": ENDLESS}),
        ("deviation_decision_whole", {"status": "approved"}),
        ("deviation_end_noted", {"ended_at": NOW}),
    ],
)
def test_deviations(propose: Callable[..., Deviation], name: str, changes: dict[str, Any]) -> None:
    refused(name, change(propose(), **changes))


def test_a_deviation_is_decided_by_another_and_holds_alone(world: World, propose: Callable[..., Deviation]) -> None:
    first, second = propose(), propose()
    decided = {"status": "approved", "decided_at": NOW}
    refused("deviation_decided_by_another", change(first, **decided, decided_by=F("requested_by")))
    owner = world.actor(Role.PHYSICIAN_OWNER)
    approve_deviation(deviation_id=first.pk, by=owner)
    refused("deviation_once_at_a_time", change(second, **decided, decided_by=owner.id))


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("process_mark_mode_known", {"mode": "wild"}),
        ("process_mark_has_reason", {"reason": ""}),
        ("process_mark_period_whole", {"period": NEVER}),
    ],
)
def test_marks(db: None, name: str, changes: dict[str, Any]) -> None:
    mark = ProcessMark.objects.create(key="a.key", mode="standard", reason="one way", review_on=DAY, period=OPEN)
    refused(name, change(mark, **changes))
    refused(
        "process_mark_once_at_a_time",
        lambda: ProcessMark.objects.create(key="a.key", mode="local", reason="two ways", review_on=DAY, period=OPEN),
    )


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("workflow_owner_role_known", {"owner_role": "patient"}),
        ("workflow_mode_known", {"mode": "wild"}),
        ("workflow_status_known", {"status": "lost"}),
        ("workflow_has_title", {"title": ""}),
        ("workflow_has_question", {"check_question": ""}),
    ],
)
def test_workflows(workflow: Workflow, name: str, changes: dict[str, Any]) -> None:
    refused(name, change(workflow, **changes))


def test_versions_and_checks(world: World, workflow: Workflow) -> None:
    version = WorkflowVersion.objects.create(workflow=workflow, number=1, text="Do it.", written_at=NOW)
    refused(
        "workflow_version_once",
        lambda: WorkflowVersion.objects.create(workflow=workflow, number=1, text="Again.", written_at=NOW),
    )
    refused("workflow_version_number_positive", change(version, number=0))
    refused("workflow_version_has_text", change(version, text=""))
    answer = {"workflow": workflow, "unit": world.main.practice, "checked_on": DAY}
    check = WorkflowCheck.objects.create(**answer, followed=True)
    refused("workflow_check_once_a_day", lambda: WorkflowCheck.objects.create(**answer, followed=True))
    refused("workflow_check_no_needs_note", change(check, followed=False))
