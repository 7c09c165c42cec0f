"""Each named constraint of the work room, violated once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F

from medguild.foundation.access.rules import Role
from medguild.foundation.work.acts import take
from medguild.foundation.work.handovers import hand_over
from medguild.foundation.work.models import Duty, Handoff, UnownedNeed, WorkItem
from medguild.foundation.work.services import need_item
from tests.factories.work import duty, item
from tests.factories.world import HOUSE, START, World

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def refused(name: str, act: Callable[[], Any]) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        act()


def change(row: models.Model, **changes: Any) -> Callable[[], Any]:
    return lambda: type(row)._base_manager.filter(pk=row.pk).update(**changes)


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("duty_has_type", {"work_type": ""}),
        ("duty_role_known", {"role": "patient"}),
        ("duty_backup_role_known", {"backup_role": "patient"}),
        ("duty_one_accountable", {"role": ""}),
        ("duty_backup_is_another", {"backup_role": "nurse"}),
        ("duty_period_whole", {"period": DateRange(empty=True)}),
    ],
)
def test_duties(world: World, name: str, changes: dict[str, Any]) -> None:
    refused(name, change(duty(world), **changes))


def test_one_owner_at_a_time_and_one_backup(world: World) -> None:
    held = duty(world)
    refused("duty_one_backup_at_most", change(held, backup_user=world.user(Role.NURSE)))
    same = {"work_type": held.work_type, "unit": held.unit, "role": "clinician"}
    refused("duty_one_owner_at_a_time", lambda: Duty.objects.create(**same, period=DateRange(START, None)))
    Duty.objects.create(**same, specialty="cardiology", period=DateRange(START, None))


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("work_item_status_known", {"status": "lost"}),
        ("work_item_priority_known", {"priority": 9}),
        ("work_item_escalation_known", {"escalation": 9}),
        ("work_item_has_type", {"work_type": ""}),
        ("work_item_subject_whole", {"subject_type": "patient"}),
        ("work_item_taken_has_owner", {"status": "accepted"}),
        ("work_item_closed_has_outcome", {"status": "done", "closed_at": NOW}),
    ],
)
def test_items(world: World, name: str, changes: dict[str, Any]) -> None:
    duty(world)
    refused(name, change(item(world), **changes))


def test_a_source_is_opened_once(world: World) -> None:
    duty(world)
    item(world, source="call:1")
    refused("work_item_source_once", change(item(world), source="call:1"))


@pytest.fixture
def handoff(world: World) -> Handoff:
    duty(world)
    nurse = world.actor(Role.NURSE)
    taken = take(item_id=item(world).pk, by=nurse)
    return hand_over(item_id=taken.pk, content="x", by=nurse, to_user=world.user(Role.FRONT_DESK))


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("handoff_status_known", {"status": "lost", "answered_at": NOW}),
        ("handoff_role_known", {"to_role": "patient", "to_user": None}),
        ("handoff_one_receiver", {"to_role": "nurse"}),
        ("handoff_to_another", {"to_user": F("sender")}),
        ("handoff_has_content", {"content": ""}),
        ("handoff_due_later", {"due_at": F("sent_at")}),
        ("handoff_answer_whole", {"status": "declined", "answered_at": NOW, "answered_by": F("to_user")}),
    ],
)
def test_handoffs(handoff: Handoff, name: str, changes: dict[str, Any]) -> None:
    refused(name, change(handoff, **changes))


def test_one_hand_off_waits_at_a_time(handoff: Handoff) -> None:
    again = Handoff(
        item=handoff.item, sender=handoff.sender, to_user=handoff.to_user, content="y", sent_at=handoff.sent_at,
        due_at=handoff.due_at,
    )  # fmt: skip
    refused("handoff_one_pending", lambda: again.save(force_insert=True))


def test_needs(world: World) -> None:
    need = need_item(work_type="refill.request", unit_id=world.main.entity.pk, source="a", by=HOUSE)
    other = need_item(work_type="refill.request", unit_id=world.main.entity.pk, source="b", by=HOUSE)
    assert isinstance(need, UnownedNeed)
    refused("unowned_need_source_once", change(other, source="a"))
    refused("unowned_need_has_source", change(need, source=""))
    duty(world, world.second.entity)
    opened: WorkItem = item(world, world.second.site_unit)
    refused("unowned_need_item_settles", change(need, item=opened))
