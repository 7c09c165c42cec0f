"""The search for free times over the API, with filters and reasons."""

from __future__ import annotations

import datetime as dt
from typing import Any

from medguild.foundation.access.rules import Role
from medguild.foundation.events.models import Event
from tests.factories.program import Program
from tests.factories.scheduling import Schedule, wall
from tests.factories.world import World


def found(program: Program, plan: Schedule, **asked: Any) -> Any:
    given = {"visit_type": plan.kind.pk, "start": plan.monday, "end": plan.monday + dt.timedelta(days=7)} | asked
    return program.get("/slots/search", **given).json()


def test_filters_narrow_what_is_found(world: World, plan: Schedule, program: Program) -> None:
    other = world.clinician(plan.site.unit)
    plan.add(other)
    assert found(program, plan)["count"] == 18
    both = {one["clinician"] for one in found(program, plan)["openings"]}
    assert both == {str(plan.clinician.pk), str(other.pk)}
    assert {one["clinician"] for one in found(program, plan, clinician=other.pk)["openings"]} == {str(other.pk)}
    assert found(program, plan, weekday=2)["count"] == 0
    assert found(program, plan, time_of_day="evening")["count"] == 0
    assert found(program, plan, specialty="cardiology")["count"] == 0
    first = found(program, plan, first_only=True)["openings"]
    assert [one["starts"] for one in first] == [[wall(plan.monday, 9).isoformat()]] * 2
    assert first[0]["network"] == "not_checked"


def test_suggestions_for_a_patient_say_why(plan: Schedule, program: Program) -> None:
    assert found(program, plan)["suggestions"] == []
    best = found(program, plan, patient=plan.patient.pk)["suggestions"][0]
    assert best["start"] == wall(plan.monday, 9).isoformat()
    assert "earliest" in best["reasons"]
    reads = Event.objects.unscoped("test").filter(type="record.read", patient_ids__contains=[plan.patient.pk])
    assert reads.exists()


def test_walls_and_wrong_questions(world: World, plan: Schedule, program: Program) -> None:
    stranger = Program(Role.SCHEDULER, world.member_a.entity)
    assert found(stranger, plan, patient=plan.patient.pk)["code"] == "not_found"
    assert found(program, plan, end=plan.monday)["code"] == "window_wrong"
    query = {"visit_type": plan.kind.pk, "start": plan.monday, "end": plan.monday}
    assert program.get("/slots/search", **query, weekday=9).status_code == 422
    assert Program(Role.HR, world.main.entity).get("/slots/search", **query).status_code == 403
