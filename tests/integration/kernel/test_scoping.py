"""Every way to run a query on a scoped model refuses until its scope is decided."""

from __future__ import annotations

import datetime as dt
import pickle
from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import Count, Exists, F, OuterRef, Prefetch, QuerySet

from medguild.foundation.access.rules import Role
from medguild.foundation.kernel.actor import NOTHING, Actor, ActorKind, Scope
from medguild.foundation.kernel.scoping import Scoping, UnscopedQuery
from medguild.foundation.organization.models import Resource, Unit
from tests.factories.world import World

Rows = QuerySet[Resource]

EVALUATIONS: dict[str, Callable[[Any], object]] = {
    "iteration": lambda rows: list(rows),
    "length": lambda rows: len(rows),
    "truth": lambda rows: bool(rows),
    "membership": lambda rows: Resource() in rows,
    "index": lambda rows: rows[0],
    "slice": lambda rows: list(rows[:2]),
    "count": lambda rows: rows.count(),
    "exists": lambda rows: rows.exists(),
    "contains": lambda rows: rows.contains(Resource()),
    "get": lambda rows: rows.get(pk=None),
    "first": lambda rows: rows.first(),
    "last": lambda rows: rows.last(),
    "latest": lambda rows: rows.latest("name"),
    "earliest": lambda rows: rows.earliest("name"),
    "aggregate": lambda rows: rows.aggregate(Count("pk")),
    "in_bulk": lambda rows: rows.in_bulk([]),
    "values": lambda rows: list(rows.values("name")),
    "values_list": lambda rows: list(rows.values_list("name", flat=True)),
    "annotated": lambda rows: list(rows.annotate(n=Count("shares")).order_by("n")),
    "distinct": lambda rows: list(rows.distinct()),
    "iterator": lambda rows: list(rows.iterator()),
    "values iterator": lambda rows: list(rows.values("pk").iterator()),
    "async iterator": lambda rows: rows.aiterator(),
    "explain": lambda rows: rows.explain(),
    "update": lambda rows: rows.update(name="x"),
    "update by expression": lambda rows: rows.filter(capacity=1).update(capacity=F("capacity") + 1),
    "bulk_update": lambda rows: rows.bulk_update([Resource(name="x")], ["name"]),
    "delete": lambda rows: rows.delete(),
    "get_or_create": lambda rows: rows.get_or_create(name="x"),
    "update_or_create": lambda rows: rows.update_or_create(name="x"),
    "select_for_update": lambda rows: rows.select_for_update().first(),
    "raw": lambda rows: list(rows.raw("select * from foundation_resource")),
    "pickle": lambda rows: pickle.dumps(rows),
    "union": lambda rows: list(rows.union(Resource.objects.unscoped("test"))),
    "union of a decided one": lambda rows: list(Resource.objects.unscoped("test").union(rows)),
    "intersection": lambda rows: list(Resource.objects.unscoped("test").intersection(rows)),
    "difference": lambda rows: list(rows.difference(Resource.objects.unscoped("test"))),
    "or": lambda rows: list(rows | Resource.objects.filter(name="x")),
    "or with a decided one": lambda rows: list(rows | Resource.objects.unscoped("test")),
    "decided or": lambda rows: list(Resource.objects.unscoped("test") | rows),
    "decided and": lambda rows: list(Resource.objects.unscoped("test") & rows),
    "decided xor": lambda rows: list(Resource.objects.unscoped("test") ^ rows),
    "sliced or": lambda rows: list(rows[:3] | Resource.objects.filter(name="x")),
}


@pytest.mark.parametrize("how", EVALUATIONS)
def test_an_undecided_query_is_refused(how: str, world: World) -> None:
    _ = world.main
    with pytest.raises(UnscopedQuery):
        EVALUATIONS[how](Resource.objects.all())


@pytest.mark.parametrize("how", ["iteration", "count", "exists", "update", "delete", "raw", "aggregate"])
def test_the_manager_itself_is_refused(how: str, world: World) -> None:
    act = {"iteration": lambda rows: list(rows.all())}.get(how, EVALUATIONS[how])
    with pytest.raises(UnscopedQuery):
        act(Resource.objects)


def test_related_managers_refuse_too(world: World) -> None:
    site = world.main.site_unit
    for run in (lambda: list(site.resources.all()), lambda: site.resources.count(), lambda: site.resources.first()):
        with pytest.raises(UnscopedQuery):
            run()
    with pytest.raises(UnscopedQuery):
        list(Unit.objects.filter(pk=site.pk).prefetch_related("resources"))


def test_related_managers_and_prefetches_answer_when_decided(world: World) -> None:
    site, actor = world.main.site_unit, world.actor(Role.FRONT_DESK)
    assert set(site.resources.visible_to(actor)) == {world.main.room, world.main.clinician.resource}
    prefetched = Prefetch("resources", Resource.objects.visible_to(actor))
    unit = Unit.objects.prefetch_related(prefetched).get(pk=site.pk)
    assert world.main.room in unit.resources.all()
    assert unit.resources.count() == 2
    hers = Prefetch("resources", Resource.objects.visible_to(world.actor(Role.FRONT_DESK, world.member_a.entity)))
    assert list(Unit.objects.prefetch_related(hers).get(pk=site.pk).resources.all()) == []


def test_a_decision_survives_further_filtering(world: World) -> None:
    rows = Resource.objects.visible_to(world.actor(Role.FRONT_DESK)).filter(name="Room 1").order_by("pk")
    assert list(rows) == [world.main.room]
    assert rows.values_list("name", flat=True).get() == "Room 1"
    assert rows.count() == 1
    assert (rows | rows).count() == 1
    assert rows.union(rows).count() == 1


def test_subqueries_are_compiled_not_run_so_they_are_allowed(world: World) -> None:
    rooms = Resource.objects.filter(unit=OuterRef("pk"), name="Room 1")
    site = world.main.site_unit
    assert site in Unit.objects.filter(Exists(rooms))
    assert site in Unit.objects.filter(pk__in=Resource.objects.filter(name="Room 1").values("unit_id"))


def test_only_what_the_scope_holds_is_seen(world: World) -> None:
    mine, other = world.main.room, world.member_a.room
    seen = Resource.objects.visible_to(world.actor(Role.FRONT_DESK))
    assert mine in seen
    assert other not in seen
    assert seen.filter(pk=other.pk).update(name="Mine now") == 0


def test_an_actor_without_the_right_sees_nothing_and_a_job_sees_all(world: World) -> None:
    _ = world.main
    nobody = Actor(ActorKind.USER, None, "nobody")
    assert Resource.objects.visible_to(nobody).count() == 0
    assert Resource.objects.visible_to(Actor.job("test")).count() == 2


def test_the_right_asked_may_be_named(world: World) -> None:
    unit = world.main.site_unit.pk
    actor = Actor(ActorKind.USER, None, "x", scopes={"rooms.book": Scope(units=frozenset({unit}))})
    assert Resource.objects.visible_to(actor).count() == 0
    assert Resource.objects.visible_to(actor, "rooms.book").count() == 2


def test_unscoped_asks_for_a_reason() -> None:
    with pytest.raises(ValueError, match="why"):
        Resource.objects.unscoped("")


def test_a_scope_that_the_model_has_no_path_for_shows_nothing() -> None:
    scoping = Scoping(right="x", unit="unit_id")
    assert scoping.condition(NOTHING) is None
    assert scoping.condition(Scope(patients=frozenset({Resource().pk}))) is None


def test_writing_a_row_that_is_at_hand_needs_no_scope(world: World) -> None:
    room = world.main.room
    room.name = "Room 1a"
    room.save(update_fields=["name"])
    room.refresh_from_db()
    assert room.name == "Room 1a"
    assert room.period.lower == dt.date(2020, 1, 1)
