"""Who sees which work, and how many questions a list asks."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from medguild.foundation.access.rules import Role
from medguild.foundation.events.events import SubjectRef
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.errors import NotVisible
from medguild.foundation.kernel.ids import new_id
from medguild.foundation.kernel.scoping import UnscopedQuery
from medguild.foundation.work import acts
from medguild.foundation.work.handovers import hand_over
from medguild.foundation.work.models import WorkItem
from medguild.foundation.work.presets import GLASS_REVIEW, PAYMENT
from medguild.foundation.work.selectors import (
    able_users,
    handoff_count,
    handoffs_for,
    held_roles,
    item_for,
    items_visible,
    live_items,
    my_work,
    subjects_of,
)
from tests.factories.work import duty, item
from tests.factories.world import HOUSE, World


def test_a_member_of_the_ipa_sees_no_item_and_no_hand_off_of_another(world: World) -> None:
    duty(world, world.enterprise)
    theirs = item(world, world.member_a.site_unit)
    nurse_a = world.actor(Role.NURSE, world.member_a.entity)
    acts.take(item_id=theirs.pk, by=nurse_a)
    world.user(Role.FRONT_DESK, world.member_a.entity)
    hand_over(item_id=theirs.pk, content="x", by=nurse_a, to_role=Role.FRONT_DESK)
    outsider = world.actor(Role.FRONT_DESK, world.member_b.entity)
    assert not items_visible(outsider).exists()
    assert live_items(outsider).count() == my_work(outsider).count() == handoff_count(outsider) == 0
    with pytest.raises(NotVisible):
        item_for(outsider, theirs.pk)
    with pytest.raises(NotVisible):
        item_for(world.actor(Role.PRACTICE_MANAGER, world.enterprise), theirs.pk)
    assert item_for(world.actor(Role.PRACTICE_MANAGER, world.member_a.entity), theirs.pk) == theirs
    assert handoff_count(world.actor(Role.FRONT_DESK, world.member_a.entity)) == 1
    with pytest.raises(UnscopedQuery):
        WorkItem.objects.filter(pk=theirs.pk).exists()


def test_mine_is_what_i_took_and_what_waits_for_my_role_at_its_unit(world: World) -> None:
    duty(world)
    duty(world, work_type=PAYMENT, role=Role.BILLER, backup_role=None)
    duty(world, world.second.entity)
    nurse = world.actor(Role.NURSE)
    waiting, question = item(world), item(world, work_type=PAYMENT)
    elsewhere = item(world, world.second.site_unit)
    assert list(my_work(nurse)) == [waiting]
    acts.take(item_id=waiting.pk, by=world.actor(Role.MEDICAL_ASSISTANT))
    acts.take(item_id=question.pk, by=nurse)
    assert list(my_work(nurse)) == [question]
    assert elsewhere not in live_items(nurse)
    assert not my_work(HOUSE).exists()
    assert not handoffs_for(HOUSE).exists()


def test_a_role_at_one_place_and_another_elsewhere_do_not_mix(world: World) -> None:
    from medguild.foundation.access.selectors import actor_of_user, forget_actors  # noqa: PLC0415
    from medguild.foundation.access.services import grant_role  # noqa: PLC0415

    duty(world)
    user = world.user(Role.BILLER)
    grant_role(user=user, role=Role.NURSE, unit=world.second.entity, by=HOUSE)
    forget_actors()
    waiting = item(world)
    both = actor_of_user(user)
    assert waiting in live_items(both)
    assert waiting not in my_work(both)


def test_types_with_a_right_of_their_own_are_seen_where_that_right_is_held(world: World) -> None:
    duty(world, world.enterprise, work_type=GLASS_REVIEW, role=Role.COMPLIANCE_OFFICER, backup_role=None)
    review = item(world, work_type=GLASS_REVIEW)
    assert list(items_visible(world.actor(Role.COMPLIANCE_OFFICER))) == [review]
    assert list(items_visible(HOUSE)) == [review]
    manager = world.actor(Role.PRACTICE_MANAGER)
    assert not items_visible(manager).exists()
    with pytest.raises(NotVisible):
        acts.take(item_id=review.pk, by=manager)
    assert {user.display_name for user in able_users(review)} == {"compliance_officer"}


def test_who_could_do_it(world: World) -> None:
    duty(world)
    opened = item(world)
    for role in (Role.NURSE, Role.AUDITOR):
        world.user(role)
    world.user(Role.NURSE, world.second.entity)
    assert [user.display_name for user in able_users(opened)] == ["nurse"]
    assert held_roles(opened) == ["auditor", "nurse"]


def _rows(actor: Actor) -> int:
    rows = list(my_work(actor))
    subjects_of(actor, rows)
    return len([(row.unit.name, row.duty.role, row.assignee) for row in rows])


def test_a_list_asks_a_fixed_number_of_questions(world: World) -> None:
    duty(world)
    nurse = world.actor(Role.NURSE)
    item(world, subject=SubjectRef("deviation", new_id()))
    with CaptureQueriesContext(connection) as few:
        assert _rows(nurse) == 1
    for _ in range(6):
        item(world, subject=SubjectRef("deviation", new_id()))
    with CaptureQueriesContext(connection) as many:
        assert _rows(nurse) == 7
    assert len(many) == len(few) == 3


def test_a_subject_of_an_unknown_kind_is_left_unnamed(world: World) -> None:
    duty(world)
    assert subjects_of(HOUSE, [item(world, subject=SubjectRef("spaceship", new_id()))]) == {}
