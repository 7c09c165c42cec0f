"""What is late climbs to the backup, then to the manager; running the clock twice changes nothing."""

from __future__ import annotations

import datetime as dt

from medguild.foundation.access.rules import Role
from medguild.foundation.events.models import Event
from medguild.foundation.work import acts
from medguild.foundation.work.escalation import escalate_overdue
from medguild.foundation.work.handovers import hand_over
from medguild.foundation.work.models import Handoff, WorkItem
from medguild.foundation.work.rules import Escalation
from medguild.foundation.work.selectors import my_work
from tests.factories.work import duty, hours, item
from tests.factories.world import HOUSE, World

AT = dt.datetime(2026, 5, 4, 15, tzinfo=dt.UTC)


def fresh(row: WorkItem) -> WorkItem:
    row.refresh_from_db()
    return row


def events(kind: str) -> int:
    return Event.objects.unscoped("test").filter(type=kind).count()


def test_to_the_backup_then_to_the_manager_each_once(world: World) -> None:
    duty(world)
    manager, helper = world.actor(Role.PRACTICE_MANAGER), world.actor(Role.MEDICAL_ASSISTANT)
    late = item(world, at=AT)
    assert escalate_overdue(by=HOUSE, at=late.due_at - hours(0.1)) == 0
    assert escalate_overdue(by=HOUSE, at=late.due_at) == 1
    assert escalate_overdue(by=HOUSE, at=late.due_at) == 0
    assert fresh(late).escalated_role == Role.MEDICAL_ASSISTANT
    assert late in my_work(helper)
    assert late not in my_work(manager)
    assert escalate_overdue(by=HOUSE, at=late.due_at + hours(4)) == 1
    assert (fresh(late).escalation, late.escalated_role) == (Escalation.MANAGER, Role.PRACTICE_MANAGER)
    assert late in my_work(manager)
    assert escalate_overdue(by=HOUSE, at=late.due_at + hours(400)) == 0
    assert events("work.escalated") == 2


def test_without_a_backup_straight_to_who_leads_the_place(world: World) -> None:
    duty(world, backup_role=None)
    owner = world.actor(Role.PHYSICIAN_OWNER)
    late = item(world, at=AT)
    escalate_overdue(by=HOUSE, at=late.due_at)
    assert fresh(late).escalated_role == Role.PHYSICIAN_OWNER
    assert late in my_work(owner)


def test_where_nobody_leads_the_managers_role_is_told_all_the_same(world: World) -> None:
    duty(world, backup_role=None)
    late = item(world, at=AT)
    escalate_overdue(by=HOUSE, at=late.due_at)
    assert fresh(late).escalated_role == Role.PRACTICE_MANAGER


def test_a_named_backup_is_told_by_name(world: World) -> None:
    helper = world.user(Role.FRONT_DESK)
    duty(world, backup_role=None, backup_user=helper)
    late = item(world, at=AT)
    escalate_overdue(by=HOUSE, at=late.due_at)
    assert fresh(late).escalated_user == helper
    assert late in my_work(world.actor(Role.FRONT_DESK))


def test_what_is_done_in_time_never_climbs(world: World) -> None:
    duty(world)
    done = item(world, at=AT)
    acts.complete(item_id=done.pk, outcome="done", by=world.actor(Role.NURSE))
    assert escalate_overdue(by=HOUSE, at=done.due_at + hours(1)) == 0


def test_a_hand_off_not_accepted_in_time_climbs_once(world: World) -> None:
    duty(world)
    nurse = world.actor(Role.NURSE)
    taken = acts.take(item_id=item(world, at=AT).pk, by=nurse)
    handoff = hand_over(item_id=taken.pk, content="Call back", by=nurse, to_user=world.user(Role.FRONT_DESK), at=AT)
    assert escalate_overdue(by=HOUSE, at=handoff.due_at - hours(0.1)) == 0
    assert escalate_overdue(by=HOUSE, at=handoff.due_at) == 1
    assert escalate_overdue(by=HOUSE, at=handoff.due_at) == 0
    assert fresh(taken).escalation == Escalation.BACKUP
    assert Handoff.objects.unscoped("test").get().escalated_at == handoff.due_at
    assert events("work.handover_late") == 1
