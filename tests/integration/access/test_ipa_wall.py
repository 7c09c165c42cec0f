"""Charts and fees of an IPA member stay at its office: no role above it, or at the IPA, opens any of its pages."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import Any

import pytest
from django.urls import reverse

from medguild.foundation.access.guard import SIGNED_IN
from medguild.foundation.access.models import User
from medguild.foundation.access.permissions import EVERY_STAFF_ROLE, known_rights, rights_over_walls
from medguild.foundation.access.rules import Role
from medguild.foundation.access.selectors import forget_actors
from medguild.foundation.kernel.actor import Scope
from medguild.foundation.organization import endings, services
from medguild.foundation.organization.models import SharingCircle, UnitRelation
from medguild.foundation.organization.rules import RelationKind
from medguild.patients.identity.selectors import patients_by_id
from medguild.payers.pricing.models import FeeSchedule
from tests.factories.patients import make_patient
from tests.factories.payers import make_fees
from tests.factories.world import HOUSE, START, World
from tests.integration.access.test_url_table import TABLE, ask, prepared
from tests.support_urls import all_urls

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 6, 1)
RIGHTS = {url.name: url.rule.right for url in all_urls() if url.rule}


class MemberWorld(World):
    """A world in which the offices whose records the rows of the table are about are members of the IPA."""

    @cached_property
    def circle(self) -> SharingCircle:
        for office in (self.main, self.second):
            services.relate_units(
                kind=RelationKind.MEMBER_OF, source=office.entity, target=self.ipa, by=HOUSE, start=START
            )
        entities = [self.main.entity, self.second.entity]
        return services.form_circle(name="Harbor circle", basis="affiliated", entities=entities, by=HOUSE, start=START)


# A person of the house may get a further place of work at a unit of whoever gives it: no chart and no fee is seen.
OPEN_ABOVE = {"organization:affiliate"}


def _behind(name: str) -> bool:
    """Rows that tell a member's own from others': those that refuse, or that name what another never sees."""
    row = TABLE[name]
    open_above = RIGHTS.get(name) in {SIGNED_IN, *rights_over_walls()}
    return row.right is not None and not open_above and (row.other == "refused" or row.shows is not None)


@pytest.mark.parametrize("name", sorted(name for name in TABLE if _behind(name) and name not in OPEN_ABOVE))
def test_no_page_of_a_member_opens_from_above(name: str, settings: Any) -> None:
    settings.FORCE_SECOND_FACTOR = False
    world, row = MemberWorld(), TABLE[name]
    if row.unit is not None and row.unit(world) == world.enterprise:
        return  # what is opened from the top is no record of a member
    ready = prepared(name, row, world, other=world.enterprise)
    answer = ask(ready.other, ready)
    if row.other == "refused":
        assert answer.status in (403, 404), f"{name}: {answer.status}"
    assert ready.shows is None or ready.shows not in answer.body


@pytest.mark.parametrize("role", sorted(EVERY_STAFF_ROLE))
def test_no_role_above_a_member_reaches_its_charts_or_fees(world: World, role: Role) -> None:
    patient, fees = make_patient(world, unit=world.member_a.site_unit), make_fees(world.member_a.entity)
    theirs = {world.member_a.entity.pk, world.member_a.practice.pk, world.member_a.site_unit.pk}
    for place in (world.enterprise, world.ipa, world.main.entity, world.member_b.entity):
        actor = world.actor(role, place)
        for right in known_rights().keys() - rights_over_walls():
            scope: Scope = actor.scope(right)
            assert not scope.everything
            assert not scope.units & theirs, right
        assert not patients_by_id(actor, [patient.pk])
        assert not FeeSchedule.objects.visible_to(actor).filter(pk=fees.pk).exists()


def test_a_grant_on_the_member_itself_holds_there(world: World) -> None:
    patient = make_patient(world, unit=world.member_a.site_unit)
    world.actor(Role.BILLER, world.enterprise)
    user = world.user(Role.BILLER, world.member_a.entity)
    actor = world.actor(Role.BILLER, world.member_a.entity)
    assert patients_by_id(actor, [patient.pk])
    assert user.pk == actor.id


def test_the_wall_outlasts_the_membership(world: World) -> None:
    patient = make_patient(world, unit=world.member_a.site_unit)
    relation = UnitRelation.objects.get(kind=RelationKind.MEMBER_OF, source=world.member_a.entity)
    endings.end_relation(relation=relation, on=TODAY, by=HOUSE)
    forget_actors()
    assert not patients_by_id(world.actor(Role.REVENUE_DIRECTOR, world.enterprise), [patient.pk])


@pytest.mark.parametrize(("share", "opens"), [(10_000, True), (5_000, False)])
def test_the_wall_falls_where_the_office_was_bought(world: World, share: int, opens: bool) -> None:
    patient = make_patient(world, unit=world.member_a.site_unit)
    services.relate_units(
        kind=RelationKind.OWNS, source=world.enterprise, target=world.member_a.entity, share=share, by=HOUSE,
        start=START,
    )  # fmt: skip
    assert bool(patients_by_id(world.actor(Role.BILLER, world.enterprise), [patient.pk])) is opens


def test_an_owner_that_does_not_stand_above_opens_nothing(world: World) -> None:
    """What the IPA buys of its member is no reason for the group to see it."""
    patient = make_patient(world, unit=world.member_a.site_unit)
    services.relate_units(
        kind=RelationKind.OWNS, source=world.ipa, target=world.member_a.entity, share=10_000, by=HOUSE, start=START
    )
    assert not patients_by_id(world.actor(Role.BILLER, world.enterprise), [patient.pk])


def test_the_structure_of_a_member_is_set_up_from_above(world: World, client: Any, settings: Any) -> None:
    settings.FORCE_SECOND_FACTOR = False
    user: User = world.user(Role.ADMINISTRATOR, world.enterprise)
    _ = world.member_a
    forget_actors()
    client.force_login(user)
    assert client.get(reverse("organization:unit", args=[world.member_a.site_unit.pk])).status_code == 200
