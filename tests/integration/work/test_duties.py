"""Exactly one answers, from a day to a day; the map shows where nobody does."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from medguild.foundation.access.models import Grant
from medguild.foundation.access.rules import Role
from medguild.foundation.access.services import end_grant
from medguild.foundation.kernel.clock import today
from medguild.foundation.kernel.errors import NotAllowed, NotVisible, Refusal
from medguild.foundation.organization.local_time import today_at
from medguild.foundation.organization.rules import UnitKind
from medguild.foundation.work.duties import assign_duty, assign_presets, end_duty
from medguild.foundation.work.models import Duty, UnownedNeed, WorkItem
from medguild.foundation.work.ownership import OwnerCell, who_owns_what
from medguild.foundation.work.ports import work_types
from medguild.foundation.work.presets import GLASS_REVIEW, PAYMENT, REFILL
from medguild.foundation.work.rules import Health
from medguild.foundation.work.selectors import needs_visible
from medguild.foundation.work.services import need_item
from tests.factories.work import duty, item
from tests.factories.world import HOUSE, World


def cell(world: World, work_type: str = REFILL, kind: UnitKind = UnitKind.PRACTICE) -> OwnerCell:
    found = who_owns_what(world.actor(Role.PRACTICE_MANAGER), kind=kind, only=[work_type])
    return found.rows[0].cells[0]


def test_a_new_owner_ends_the_old_one(world: World) -> None:
    old = duty(world)
    new = assign_duty(work_type=REFILL, unit=world.main.entity, role=Role.CLINICIAN, by=HOUSE)
    old.refresh_from_db()
    day = today_at(world.main.entity.pk)
    assert (old.period.upper, new.period.lower) == (day, day)
    again = assign_duty(work_type=REFILL, unit=world.main.entity, role=Role.NURSE, by=HOUSE)
    assert not Duty.objects.unscoped("test").filter(pk=new.pk).exists()
    item(world)
    with pytest.raises(Refusal) as same_day:
        assign_duty(work_type=REFILL, unit=world.main.entity, role=Role.CLINICIAN, by=HOUSE)
    assert same_day.value.code == "began_today"
    with pytest.raises(Refusal):
        end_duty(duty_id=again.pk, by=HOUSE, on=day)


def test_a_duty_planned_for_later_bounds_the_present_one(world: World) -> None:
    later = duty(world, start=today() + dt.timedelta(days=30))
    assert duty(world).period.upper == later.period.lower


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"role": None}, "role"),
        ({"work_type": "unheard.of"}, "work_type"),
        ({"backup_role": Role.NURSE}, "backup_role"),
    ],
)
def test_exactly_one_is_accountable(world: World, changes: dict[str, object], field: str) -> None:
    with pytest.raises(Refusal) as refused:
        duty(world, **changes)
    assert refused.value.field == field


def test_persons_must_be_able_and_two_must_be_two(world: World) -> None:
    nurse, outsider = world.user(Role.NURSE), world.user(Role.NURSE, world.member_a.entity)
    cases: list[tuple[dict[str, object], str]] = [
        ({"user": nurse}, "role"),
        ({"role": None, "user": outsider}, "user"),
        ({"role": None, "user": nurse, "backup_role": None, "backup_user": nurse}, "backup_user"),
        ({"backup_user": nurse}, "backup_role"),
        ({"work_type": GLASS_REVIEW, "role": None, "user": nurse}, "user"),
    ]
    for changes, field in cases:
        with pytest.raises(Refusal) as refused:
            duty(world, **changes)
        assert refused.value.field == field


def test_duties_are_set_by_who_may(world: World) -> None:
    with pytest.raises(NotAllowed):
        duty(world, by=world.actor(Role.NURSE))
    with pytest.raises(NotAllowed):
        duty(world, by=world.actor(Role.PRACTICE_MANAGER, world.member_a.entity))
    held = duty(world, by=world.actor(Role.PRACTICE_MANAGER))
    with pytest.raises(NotVisible):
        end_duty(duty_id=held.pk, by=world.actor(Role.PRACTICE_MANAGER, world.member_a.entity))
    end_duty(duty_id=held.pk, by=world.actor(Role.PRACTICE_MANAGER))
    with pytest.raises(NotVisible):
        end_duty(duty_id=world.main.entity.pk, by=HOUSE)
    assert cell(world).health == Health.MISSING


def test_presets_fill_what_is_missing(world: World) -> None:
    duty(world)
    assert assign_presets(unit=world.main.entity, by=HOUSE) == len(work_types.all()) - 1
    assert assign_presets(unit=world.main.entity, by=HOUSE) == 0


def test_the_map_is_red_where_nobody_answers_or_nobody_holds_the_role(world: World) -> None:
    missing = cell(world)
    assert (missing.health, missing.red, missing.duty) == (Health.MISSING, True, None)
    held = duty(world)
    vacant = cell(world)
    assert (vacant.health, vacant.inherited, vacant.duty) == (Health.VACANT, True, held)
    nurse = world.user(Role.NURSE)
    owned = cell(world)
    assert (owned.health, owned.holders, owned.red) == (Health.OWNED, 1, False)
    end_grant(grant=Grant.objects.get(user=nurse), by=HOUSE)
    assert cell(world).health == Health.VACANT
    duty(world, work_type=PAYMENT, role=Role.PRACTICE_MANAGER, backup_role=None)
    assert cell(world, PAYMENT).health == Health.NO_BACKUP


def test_a_named_person_counts_while_they_work_here(world: World) -> None:
    nurse = world.user(Role.NURSE)
    duty(world, role=None, user=nurse)
    assert cell(world).health == Health.OWNED
    nurse.is_active = False
    nurse.save()
    assert cell(world).health == Health.VACANT


def test_a_site_of_a_specialty_shows_its_own_owner(world: World) -> None:
    duty(world)
    own = duty(world, specialty="family_medicine", role=Role.CLINICIAN)
    assert cell(world, kind=UnitKind.SITE).duty == own
    assert cell(world).duty != own


def test_the_map_asks_a_fixed_number_of_questions_and_shows_ones_own_units(world: World) -> None:
    world.user(Role.PRACTICE_MANAGER, world.enterprise)
    world.member_a  # noqa: B018 - made here
    with CaptureQueriesContext(connection) as few:
        assert len(who_owns_what(world.actor(Role.PRACTICE_MANAGER)).units) == 1
    assert len(who_owns_what(world.actor(Role.PRACTICE_MANAGER, world.member_a.entity)).units) == 1
    for name in ("Elm", "Fir", "Oak"):
        duty(world, world.office(name).practice)
    boss = world.actor(Role.ADMINISTRATOR, world.enterprise)
    with CaptureQueriesContext(connection) as many:
        found = who_owns_what(boss)
    # The office of the IPA's member is not among them: a grant above does not reach it.
    assert len(found.units) == 5
    assert found.red_cells > 0
    assert len(many) == 5 <= len(few)


def test_what_waited_for_an_owner_is_opened_for_them(world: World) -> None:
    manager = world.actor(Role.PRACTICE_MANAGER)
    need = need_item(work_type=REFILL, unit_id=world.main.site.unit_id, source="call:1", by=HOUSE)
    assert need_item(work_type=REFILL, unit_id=world.main.site.unit_id, source="call:1", by=HOUSE) == need
    theirs = need_item(work_type=REFILL, unit_id=world.member_a.site.unit_id, source="call:2", by=HOUSE)
    assert needs_visible(manager) == [need]
    assert theirs not in needs_visible(manager)
    duty(world)
    assert needs_visible(manager) == []
    opened = WorkItem.objects.unscoped("test").get(source="call:1")
    assert UnownedNeed.objects.unscoped("test").get(pk=need.pk).item == opened
    assert UnownedNeed.objects.unscoped("test").get(pk=theirs.pk).settled_at is None


def test_a_need_without_any_unit_is_shown_to_who_manages_the_house(world: World) -> None:
    need = need_item(work_type=REFILL, unit_id=None, source="nowhere", by=HOUSE)
    assert needs_visible(world.actor(Role.ADMINISTRATOR, world.enterprise)) == [need]
    assert needs_visible(world.actor(Role.ADMINISTRATOR)) == []
    duty(world, world.enterprise)
    assert needs_visible(HOUSE) == [need]
