"""A slot is kept for a while for whoever fills in the page."""

from __future__ import annotations

import datetime as dt

import pytest

from medguild.foundation.access.rules import Role
from medguild.foundation.kernel.clock import now
from medguild.operations.scheduling.errors import (
    HoldGone,
    SlotTaken,
)
from medguild.operations.scheduling.holding import purge_expired_holds, release_hold
from medguild.operations.scheduling.models import Allocation, Hold
from tests.factories.scheduling import Schedule, lanes_held, schedule, wall
from tests.factories.world import HOUSE, World


@pytest.fixture
def plan(world: World) -> Schedule:
    return schedule(world, world.actor(Role.SCHEDULER))


def test_a_held_slot_is_kept_for_its_holder(world: World, plan: Schedule) -> None:
    kept = plan.hold()
    with pytest.raises(SlotTaken):
        plan.book(by=HOUSE)
    with pytest.raises(SlotTaken):
        plan.hold(by=HOUSE)
    with pytest.raises(HoldGone):
        plan.book(hold=kept, by=HOUSE)
    booked = plan.book(hold=kept)
    assert len(lanes_held(booked)) == 2
    assert not Hold.objects.unscoped("test").exists()
    with pytest.raises(HoldGone):
        plan.book(9, 20, hold=kept)


def test_an_expired_hold_holds_nothing(plan: Schedule) -> None:
    kept = plan.hold(lasts=dt.timedelta(minutes=5), at=now() - dt.timedelta(minutes=5))
    with pytest.raises(HoldGone):
        plan.book(hold=kept)
    assert plan.book()


def test_a_released_hold_frees_the_slot(plan: Schedule) -> None:
    kept = plan.hold()
    with pytest.raises(HoldGone):
        release_hold(hold=kept, by=HOUSE)
    release_hold(hold=kept, by=plan.by)
    release_hold(hold=kept, by=plan.by)
    assert plan.book()


def test_expired_holds_are_swept(plan: Schedule) -> None:
    plan.hold(at=now() - dt.timedelta(hours=1))
    plan.hold(start=wall(plan.monday, 10))
    assert purge_expired_holds() == 1
    assert Allocation.objects.unscoped("test").count() == 1
