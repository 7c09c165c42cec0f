from __future__ import annotations

import contextlib
import datetime as dt
import threading
from uuid import UUID

import pytest
from django.db import connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from medguild.foundation.kernel.errors import Refusal
from medguild.foundation.organization.endings import close_unit
from medguild.foundation.organization.models import Unit, UnitPath, UnitPlacement
from medguild.foundation.organization.rules import UnitKind
from medguild.foundation.organization.selectors import circle_of_unit, circles_of, entity_of, units_above, units_below
from medguild.foundation.organization.services import move_unit, open_unit
from tests.factories.world import HOUSE, START, World
from tests.integration.events.support import everything

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
MOVE = dt.date(2025, 6, 1)


def test_a_move_holds_from_its_day_and_the_past_stays(world: World) -> None:
    practice, to = world.main.practice, world.second.entity
    site = world.main.site_unit
    move_unit(unit=practice, to=to, on=MOVE, by=HOUSE)
    before, after = entity_of(site.pk, on=MOVE - DAY), entity_of(site.pk, on=MOVE)
    assert (before, after) == (world.main.entity, to)
    assert site.pk not in units_below([world.main.entity.pk], on=MOVE)
    assert site.pk in units_below([world.main.entity.pk], on=MOVE - DAY)
    assert units_above(site.pk, on=MOVE) == [site.pk, practice.pk, to.pk, world.enterprise.pk]
    event = everything().get(type="unit.moved")
    assert event.data == {"to": str(to.pk), "on": "2025-06-01"}


def test_a_move_before_a_later_one_ends_there(world: World) -> None:
    practice, third = world.main.practice, world.office("Third").entity
    move_unit(unit=practice, to=world.second.entity, on=MOVE, by=HOUSE)
    move_unit(unit=practice, to=third, on=MOVE - 30 * DAY, by=HOUSE)
    found = [entity_of(practice.pk, on=day) for day in (MOVE - 31 * DAY, MOVE - 30 * DAY, MOVE - DAY, MOVE)]
    assert found == [world.main.entity, third, third, world.second.entity]


def test_a_move_on_the_day_of_a_move_replaces_it(world: World) -> None:
    practice, third = world.main.practice, world.office("Third").entity
    move_unit(unit=practice, to=world.second.entity, on=MOVE, by=HOUSE)
    move_unit(unit=practice, to=third, on=MOVE, by=HOUSE)
    assert entity_of(practice.pk, on=MOVE) == third
    assert UnitPlacement.objects.filter(unit=practice).count() == 2


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(1, 60)), max_size=6))
def test_any_moves_keep_one_entity_above_a_site_on_every_day(world: World, moves: list[tuple[int, int]]) -> None:
    entities = [world.main.entity, world.second.entity, world.kept.setdefault("third", world.office("T").entity)]
    site = world.main.site_unit.pk
    for number, days in moves:
        with contextlib.suppress(Refusal):  # it may stand there already
            move_unit(unit=world.main.practice, to=entities[number], on=START + days * DAY, by=HOUSE)
    for day in range(62):
        on = START + day * DAY
        placed = UnitPlacement.objects.get(unit=world.main.practice, period__contains=on)
        assert entity_of(site, on=on) == placed.parent
        above = UnitPath.objects.filter(descendant_id=site, period__contains=on)
        assert sorted(above.values_list("depth", flat=True)) == [0, 1, 2, 3]


def test_moves_that_are_refused(world: World) -> None:
    practice = world.main.practice
    for to, code in ((world.second.practice, "wrong_parent"), (world.main.entity, "there_already")):
        with pytest.raises(Refusal) as refused:
            move_unit(unit=practice, to=to, on=MOVE, by=HOUSE)
        assert refused.value.code == code
    with pytest.raises(Refusal, match="not open on that day"):
        move_unit(unit=practice, to=world.second.entity, on=START - DAY, by=HOUSE)
    empty = open_unit(kind=UnitKind.ENTITY, name="Gone", parent=world.enterprise, start=START, end=MOVE, by=HOUSE)
    with pytest.raises(Refusal, match="Gone is not open"):
        move_unit(unit=practice, to=empty, on=MOVE, by=HOUSE)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"kind": UnitKind.SITE}, "wrong_parent"),
        ({"kind": UnitKind.ENTERPRISE}, "wrong_parent"),
        ({"parent": None}, "wrong_parent"),
        ({"name": " "}, "refused"),
        ({"end": START}, "refused"),
        ({"start": START - DAY}, "closed"),
    ],
)
def test_units_that_cannot_open(world: World, fields: dict[str, object], code: str) -> None:
    given_fields = {"kind": UnitKind.PRACTICE, "name": "P", "parent": world.main.entity, "start": START, "by": HOUSE}
    with pytest.raises(Refusal) as refused:
        open_unit(**{**given_fields, **fields})  # type: ignore[arg-type]
    assert refused.value.code == code


def test_a_unit_closes_when_nothing_stands_below_it(world: World) -> None:
    site, practice = world.main.site_unit, world.main.practice
    with pytest.raises(Refusal, match="still stands below"):
        close_unit(unit=practice, on=MOVE, by=HOUSE)
    close_unit(unit=site, on=MOVE, by=HOUSE)
    assert site.pk in units_below([practice.pk], on=MOVE - DAY)
    assert site.pk not in units_below([practice.pk], on=MOVE)
    close_unit(unit=practice, on=MOVE, by=HOUSE)
    for on in (MOVE, START, START - DAY):
        with pytest.raises(Refusal, match="after it opened"):
            close_unit(unit=site, on=on, by=HOUSE)
    assert everything().filter(type="unit.closed").count() == 2


def test_a_unit_that_moved_away_does_not_hold_its_old_parent_open(world: World) -> None:
    move_unit(unit=world.main.practice, to=world.second.entity, on=MOVE, by=HOUSE)
    with pytest.raises(Refusal):
        close_unit(unit=world.main.entity, on=MOVE - DAY, by=HOUSE)
    close_unit(unit=world.main.entity, on=MOVE, by=HOUSE)


def test_circles_follow_the_entity(world: World) -> None:
    _ = world.circle
    assert circle_of_unit(world.main.site_unit.pk, on=MOVE) == world.circle.pk
    assert circles_of([world.main.site_unit.pk, world.member_a.site_unit.pk], on=MOVE) >= {world.circle.pk}
    assert circle_of_unit(world.enterprise.pk, on=MOVE) is None
    assert circle_of_unit(world.main.site_unit.pk, on=START - DAY) is None
    assert circle_of_unit(world.office("Alone").entity.pk, on=MOVE) is None


def test_two_who_open_units_at_once_leave_one_whole_tree(transactional_log: None, world: World) -> None:
    practice = world.main.practice
    made: list[UUID] = []

    def opens(name: str) -> None:
        try:
            unit = open_unit(kind=UnitKind.SITE, name=name, parent=practice, by=HOUSE, start=START)
            made.append(unit.pk)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=opens, args=(f"Site {n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 6
    assert set(made) <= units_below([world.main.entity.pk], on=START)
    assert Unit.objects.filter(pk__in=made).count() == 6
