"""What begins tomorrow does not hold in the evening, when it is tomorrow already for who asks from the east."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from medguild.foundation.access.models import User
from medguild.foundation.access.permissions import rights_of
from medguild.foundation.access.rules import RECORD_ROLES, Role
from medguild.foundation.access.selectors import actor_of_token, actor_of_user, forget_actors
from medguild.foundation.access.services import create_token, grant_role
from medguild.foundation.organization.local_time import today_at
from medguild.foundation.organization.services import move_unit
from medguild.foundation.registers.kept import TECHNOLOGY
from medguild.foundation.registers.selectors import possible_owners
from medguild.foundation.work.duties import end_duty
from medguild.foundation.work.models import Duty
from medguild.foundation.work.selectors import able_users, held_roles, my_work
from tests.factories.work import duty, item
from tests.factories.world import HOUSE, World

TODAY = dt.date(2027, 3, 1)
TOMORROW = TODAY + dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def evening() -> Iterator[None]:
    """Six in the evening at the sites, which lie in Oregon; two in the night in UTC."""
    with time_machine.travel(dt.datetime(2027, 3, 2, 2, tzinfo=dt.UTC), tick=False):
        forget_actors()
        yield
    forget_actors()


def test_a_duty_of_tomorrow_does_not_answer_yet(world: World) -> None:
    now_ = duty(world)
    duty(world, role=Role.CLINICIAN, start=TOMORROW)
    assert today_at(world.main.site.unit_id) == TODAY
    assert item(world).duty == now_


def test_a_duty_begins_and_ends_on_the_day_it_is_there(world: World) -> None:
    begun = duty(world, start=None)
    assert begun.period.lower == TODAY
    Duty.objects.unscoped("test").update(period=(TODAY - dt.timedelta(days=1), None))
    assert end_duty(duty_id=begun.pk, by=HOUSE).period.upper == TODAY


def test_a_role_of_tomorrow_is_not_held_yet(world: World, client: Client) -> None:
    duty(world)
    opened, user = item(world), world.user(Role.AUDITOR)
    grant_role(user=user, role=Role.NURSE, unit=world.main.entity, by=HOUSE, start=TOMORROW)
    assert user not in able_users(opened)
    assert "nurse" not in held_roles(opened)
    assert opened not in my_work(actor_of_user(user))
    client.force_login(user)
    assert "Nurse" not in client.get("/access/me/").content.decode()


def test_who_may_see_a_register_from_tomorrow_on_owns_nothing_in_it_yet(world: World) -> None:
    user = User.objects.create_user("a@example.org", display_name="Ana")
    role = next(role for role in Role if role not in RECORD_ROLES and TECHNOLOGY.read_right in rights_of(role))
    grant_role(user=user, role=role, unit=world.main.entity, by=HOUSE, start=TOMORROW)
    assert user not in possible_owners(HOUSE, TECHNOLOGY)
    with time_machine.travel(dt.datetime(2027, 3, 2, 9, tzinfo=dt.UTC)):
        assert user in possible_owners(HOUSE, TECHNOLOGY)


@pytest.mark.parametrize("program", [True, False])
def test_a_site_that_moves_tomorrow_still_stands_where_it_stood(world: World, *, program: bool) -> None:
    before, after = world.main.entity, world.second.practice
    user = world.user(Role.AUDITOR, before)
    _token, secret = create_token(name="reader", role=Role.AUDITOR, unit=before, by=HOUSE)
    move_unit(unit=world.main.site.unit, to=after, on=TOMORROW, by=HOUSE)
    forget_actors()
    actor = actor_of_token(secret) if program else actor_of_user(user)
    assert actor is not None
    assert world.main.site.unit_id in actor.scope("work.read").units
