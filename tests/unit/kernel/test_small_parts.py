from __future__ import annotations

from uuid import uuid4

import pytest

from medguild.foundation.kernel.actor import EVERYTHING, NOTHING, Actor, ActorKind, Scope
from medguild.foundation.kernel.errors import Conflict, NotVisible, Refusal
from medguild.foundation.kernel.ports import Registry
from medguild.foundation.kernel.verdict import no, unknown, yes


def test_scopes_add_up() -> None:
    one, two = uuid4(), uuid4()
    both = Scope(units=frozenset({one})) | Scope(units=frozenset({two}), patients=frozenset({one}))
    assert both.units == {one, two}
    assert both.patients == {one}
    assert (NOTHING | EVERYTHING).everything
    assert NOTHING.empty
    assert not both.empty


def test_an_actor_may_what_its_scopes_say_and_a_job_everything() -> None:
    actor = Actor(ActorKind.USER, uuid4(), "Ana", scopes={"a.read": EVERYTHING, "b.read": NOTHING})
    assert actor.may("a.read")
    assert not actor.may("b.read")
    assert not actor.may("c.read")
    assert Actor.job("night").may("anything")
    assert Actor.job("night").id is None


def test_a_cause_is_added_without_losing_scopes() -> None:
    actor = Actor(ActorKind.USER, uuid4(), "Ana", scopes={"a.read": EVERYTHING}).because("request:1")
    assert actor.cause == "request:1"
    assert actor.may("a.read")


def test_a_registry_refuses_a_second_value_and_an_unknown_key() -> None:
    registry: Registry[int] = Registry("thing")
    assert registry.register("a", 1) == registry.register("a", 1) == 1
    with pytest.raises(ValueError, match="'a' is registered twice"):
        registry.register("a", 2)
    with pytest.raises(LookupError, match="known: a"):
        registry.get("b")
    assert registry.find("b") is None
    assert "a" in registry
    assert (registry.items(), registry.all(), list(registry)) == ([("a", 1)], [1], [1])
    with pytest.raises(LookupError, match="known: none"):
        Registry[int]("empty").get("x")


def test_verdicts_are_true_only_for_yes() -> None:
    assert yes()
    assert not no("closed", "Closed.")
    assert not unknown("unclear", "Nobody knows.")
    assert unknown("unclear", "Nobody knows.").ok is None


def test_refusals_carry_a_stable_code_and_a_field() -> None:
    refusal = Refusal("Choose a day.", field="day")
    assert (str(refusal), refusal.code, refusal.field) == ("Choose a day.", "refused", "day")
    assert Conflict("Taken.", code="taken").code == "taken"
    assert NotVisible().code == "not_found"
