"""Entities join and leave sharing circles on a day, and only where they are managed."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from medguild.foundation.access.rules import Role
from medguild.foundation.access.selectors import forget_actors
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import NotAllowed, Refusal
from medguild.foundation.organization.circles import join_circle, leave_circle
from medguild.foundation.organization.models import CircleMember
from medguild.foundation.organization.selectors import circle_of_unit
from tests.factories.world import HOUSE, World

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def test_an_entity_leaves_on_a_day_and_joins_another_circle(world: World) -> None:
    today = now().date()
    manager = world.actor(Role.PRACTICE_MANAGER, world.enterprise)
    member = world.circle.members.get(entity=world.second.entity)
    other = world.member_a.entity.circles.get().circle
    with pytest.raises(Refusal, match="end that first"):
        join_circle(circle=other, entity=world.second.entity, by=HOUSE, start=today)
    leave_circle(member=member, on=today, by=manager)
    assert circle_of_unit(world.second.entity.pk, on=today - DAY) == world.circle.pk
    assert circle_of_unit(world.second.entity.pk, on=today) is None
    with pytest.raises(NotAllowed, match="no entity of this circle"):
        join_circle(circle=other, entity=world.second.entity, by=manager, start=today)
    joined = join_circle(circle=other, entity=world.second.entity, by=HOUSE, start=today, end=today + 9 * DAY)
    assert circle_of_unit(world.second.entity.pk, on=today) == other.pk
    with pytest.raises(Refusal, match="ended already"):
        leave_circle(member=joined, on=today + 9 * DAY, by=manager)
    leave_circle(member=joined, on=today, by=manager)
    assert not CircleMember.objects.filter(pk=joined.pk).exists(), "what has not begun is taken back"


def test_what_cannot_join(world: World) -> None:
    today = now().date()
    with pytest.raises(Refusal, match="entities"):
        join_circle(circle=world.circle, entity=world.main.practice, by=HOUSE, start=today)
    with pytest.raises(Refusal, match="after it starts"):
        join_circle(circle=world.circle, entity=world.ipa, by=HOUSE, start=today, end=today)


def test_nobody_above_opens_the_charts_of_a_member_by_its_circle(world: World) -> None:
    _ = world.circle
    member = world.member_a.entity.circles.get()
    for place in (world.enterprise, world.ipa):
        manager = world.actor(Role.ADMINISTRATOR, place)
        with pytest.raises(NotAllowed):
            leave_circle(member=member, on=now().date(), by=manager)
        with pytest.raises(NotAllowed):
            join_circle(circle=world.circle, entity=world.member_a.entity, by=manager, start=now().date())


def test_the_pages(world: World, client: Client) -> None:
    circle, today = world.circle, now().date()
    client.force_login(world.user(Role.PRACTICE_MANAGER, world.enterprise))
    forget_actors()
    member = circle.members.get(entity=world.second.entity)
    assert client.post(reverse("organization:leave_circle", args=[member.pk]), {"on": today}).status_code == 302
    add = reverse("organization:join_circle", args=[circle.pk])
    assert "Cedar" in client.get(add).content.decode()
    assert client.post(add, {"entity": world.second.entity.pk, "start": today}).status_code == 302
    page = client.get(reverse("organization:circles")).content.decode()
    assert page.count("Cedar") >= 2, "both memberships are shown with their dates"
