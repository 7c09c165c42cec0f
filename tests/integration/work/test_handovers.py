"""A hand-off has a sender, a receiver, content, a time and an answer."""

from __future__ import annotations

import datetime as dt

import pytest

from medguild.foundation.access.rules import Role
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.errors import Conflict, NotAllowed, NotVisible, Refusal
from medguild.foundation.work import acts
from medguild.foundation.work.handovers import accept_handover, decline_handover, hand_over, withdraw_handover
from medguild.foundation.work.models import Handoff, WorkItem
from medguild.foundation.work.selectors import handoffs_for, handoffs_of, handoffs_sent
from tests.factories.work import duty, hours, item
from tests.factories.world import HOUSE, World

AT = dt.datetime(2026, 5, 4, 15, tzinfo=dt.UTC)


@pytest.fixture
def nurse(world: World) -> Actor:
    return world.actor(Role.NURSE)


@pytest.fixture
def taken(world: World, nurse: Actor) -> WorkItem:
    duty(world)
    return acts.take(item_id=item(world).pk, by=nurse)


def test_the_sender_keeps_it_until_it_is_accepted(world: World, taken: WorkItem, nurse: Actor) -> None:
    desk = world.actor(Role.FRONT_DESK)
    handoff = hand_over(
        item_id=taken.pk, content="Call back after 3", by=nurse, to_user=world.user(Role.FRONT_DESK), at=AT
    )
    assert handoff.due_at == AT + hours(2)
    assert list(handoffs_for(desk)) == [handoff]
    assert list(handoffs_sent(nurse)) == [handoff]
    taken.refresh_from_db()
    assert taken.assignee_id == nurse.id
    mine = accept_handover(handoff_id=handoff.pk, by=desk)
    assert (mine.assignee_id, mine.status) == (desk.id, "accepted")
    assert not handoffs_for(desk).exists()
    assert handoffs_of(mine)[0].status == "accepted"
    with pytest.raises(Conflict):
        decline_handover(handoff_id=handoff.pk, reason="too late", by=desk)


def test_to_a_role_anybody_who_holds_it_here_may_answer(world: World, taken: WorkItem, nurse: Actor) -> None:
    desk = world.actor(Role.FRONT_DESK)
    world.user(Role.FRONT_DESK, world.second.entity)
    handoff = hand_over(item_id=taken.pk, content="Call back", by=nurse, to_role=Role.FRONT_DESK)
    with pytest.raises(NotAllowed):
        accept_handover(handoff_id=handoff.pk, by=world.actor(Role.MEDICAL_ASSISTANT))
    with pytest.raises(NotAllowed):
        accept_handover(handoff_id=handoff.pk, by=nurse)
    with pytest.raises(NotVisible):
        accept_handover(handoff_id=handoff.pk, by=world.actor(Role.FRONT_DESK, world.second.entity))
    assert accept_handover(handoff_id=handoff.pk, by=desk).assignee_id == desk.id


def test_declining_needs_a_reason_and_leaves_it_with_the_sender(world: World, taken: WorkItem, nurse: Actor) -> None:
    desk = world.actor(Role.FRONT_DESK)
    handoff = hand_over(item_id=taken.pk, content="Call back", by=nurse, to_user=world.user(Role.FRONT_DESK))
    with pytest.raises(Refusal) as wordless:
        decline_handover(handoff_id=handoff.pk, reason=" ", by=desk)
    assert wordless.value.field == "reason"
    kept = decline_handover(handoff_id=handoff.pk, reason="alone at the desk", by=desk)
    assert kept.assignee_id == nurse.id
    again = hand_over(item_id=taken.pk, content="Call back", by=nurse, to_user=world.user(Role.FRONT_DESK))
    with pytest.raises(NotAllowed):
        withdraw_handover(handoff_id=again.pk, by=desk)
    withdraw_handover(handoff_id=again.pk, by=nurse)
    assert not handoffs_for(desk).exists()


def test_who_may_send_what_to_whom(world: World, taken: WorkItem, nurse: Actor) -> None:
    desk = world.user(Role.FRONT_DESK)
    wrong: list[tuple[dict[str, object], str | None]] = [
        ({"to_user": desk, "content": " "}, "content"),
        ({}, "to_user"),
        ({"to_user": desk, "to_role": Role.FRONT_DESK}, "to_user"),
        ({"to_user": world.user(Role.NURSE)}, "to_user"),
        ({"to_user": world.user(Role.NURSE, world.member_a.entity)}, "to_user"),
        ({"to_user": world.user(Role.AUDITOR)}, "to_user"),
        ({"to_role": Role.CODER}, "to_role"),
        ({"to_role": Role.NURSE}, "to_role"),
        ({"to_user": desk, "due_at": AT, "at": AT}, "due_at"),
    ]
    for changes, field in wrong:
        with pytest.raises(Refusal) as refused:
            hand_over(**({"item_id": taken.pk, "content": "x", "by": nurse} | changes))  # type: ignore[arg-type]
        assert refused.value.field == field
    with pytest.raises(Refusal) as foreign:
        hand_over(item_id=taken.pk, content="x", by=world.actor(Role.PRACTICE_MANAGER), to_user=desk)
    assert foreign.value.code == "not_owner"
    hand_over(item_id=taken.pk, content="x", by=nurse, to_user=desk)
    with pytest.raises(Conflict):
        hand_over(item_id=taken.pk, content="x", by=nurse, to_user=desk)
    with pytest.raises(NotVisible):
        accept_handover(handoff_id=world.main.entity.pk, by=nurse)


@pytest.mark.parametrize("way", ["complete", "release", "reassign"])
def test_an_item_that_moves_on_takes_its_open_hand_off_with_it(
    world: World, taken: WorkItem, nurse: Actor, way: str
) -> None:
    hand_over(item_id=taken.pk, content="x", by=nurse, to_user=world.user(Role.FRONT_DESK))
    if way == "complete":
        acts.complete(item_id=taken.pk, outcome="done", by=nurse)
    elif way == "release":
        acts.release(item_id=taken.pk, by=nurse)
    else:
        acts.reassign(item_id=taken.pk, to=world.user(Role.MEDICAL_ASSISTANT), by=HOUSE)
    assert Handoff.objects.unscoped("test").get().status == "withdrawn"
