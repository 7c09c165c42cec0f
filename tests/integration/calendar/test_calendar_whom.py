"""A calendar names the clinicians of its site, and nobody else whose id is asked for."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from medguild.foundation.access.rules import Role
from tests.factories.scheduling import Schedule
from tests.factories.world import World

pytestmark = pytest.mark.django_db


def named(client: Client, plan: Schedule, *clinicians: object) -> list[str]:
    address = reverse("calendar:feed", args=[plan.site.unit_id])
    asked = {"day": plan.monday.isoformat(), "days": 7, "clinician": [str(one) for one in clinicians]}
    answer = client.get(address, asked)
    assert answer.status_code == 200
    return [one["id"] for one in answer.json()["clinicians"]]


def test_a_stranger_whose_id_is_asked_for_is_not_named(plan: Schedule, world: World, client: Client) -> None:
    """Of another group, and of another site of the own: neither is named at a site where they have no sessions."""
    stranger, neighbour = world.member_b.clinician, world.second.clinician
    client.force_login(world.user(Role.SCHEDULER))
    assert named(client, plan, stranger.pk) == []
    assert named(client, plan, plan.clinician.pk, stranger.pk, neighbour.pk) == [str(plan.clinician.pk)]


def test_somebody_of_the_site_without_a_session_in_the_week_is_named(
    plan: Schedule, world: World, client: Client
) -> None:
    """Their week is empty, and it is theirs."""
    other = world.clinician(plan.site.unit)
    plan.add(other, start=plan.monday.replace(year=plan.monday.year + 1))
    client.force_login(world.user(Role.SCHEDULER))
    assert named(client, plan, other.pk) == [str(other.pk)]
