from __future__ import annotations

from medguild.foundation.access.rules import Role
from tests.factories.world import World


def test_front_desk_of_an_entity_holds_rights_on_its_sites_and_its_circle(world: World) -> None:
    actor = world.actor(Role.FRONT_DESK)
    scope = actor.scope("organization.read")
    assert world.main.site.unit_id in scope.units
    assert world.second.site.unit_id not in scope.units
    assert scope.circles == {world.circle.pk}


def test_an_ipa_member_sees_neither_the_ipa_nor_another_member(world: World) -> None:
    scope = world.actor(Role.FRONT_DESK, world.member_a.entity).scope("organization.read")
    assert world.member_b.entity.pk not in scope.units
    assert scope.circles.isdisjoint(
        world.actor(Role.FRONT_DESK, world.member_b.entity).scope("organization.read").circles
    )
