"""Holds and moves over the API."""

from __future__ import annotations

from uuid import uuid4

from medguild.foundation.access.rules import Role
from medguild.operations.scheduling.models import Allocation, Hold
from tests.factories.program import Program
from tests.factories.scheduling import Schedule, wall
from tests.factories.world import World


def wish(plan: Schedule, hour: int = 9, **changes: object) -> dict[str, object]:
    return {
        "clinician": str(plan.clinician.pk), "visit_type": str(plan.kind.pk), "site": str(plan.site.unit_id),
        "start": wall(plan.monday, hour).isoformat(),
    } | changes  # fmt: skip


def test_what_is_held_is_booked_by_its_holder_alone(world: World, plan: Schedule, program: Program) -> None:
    held = program.post("/holds", wish(plan), key="h1")
    assert held.status_code == 201
    again = program.post("/holds", wish(plan), key="h1")
    assert (again.json(), Hold.objects.unscoped("test").count()) == (held.json(), 1)
    other = Program(Role.SCHEDULER, world.main.entity)
    visit = wish(plan, patient=str(plan.patient.pk))
    assert other.post("/appointments", visit).json()["code"] == "slot_taken"
    stolen = other.post("/appointments", visit | {"hold": held.json()["id"]})
    assert (stolen.status_code, stolen.json()["code"]) == (409, "hold_gone")
    booked = program.post("/appointments", visit | {"hold": held.json()["id"]})
    assert booked.status_code == 201
    assert booked.json()["start"] == held.json()["start"]
    assert not Hold.objects.unscoped("test").exists()
    used = program.post("/appointments", wish(plan, 10, patient=str(plan.patient.pk), hold=held.json()["id"]))
    assert (used.status_code, used.json()["code"]) == (409, "hold_gone")


def test_a_hold_is_given_back(world: World, plan: Schedule, program: Program) -> None:
    held = program.post("/holds", wish(plan)).json()
    stranger = Program(Role.SCHEDULER, world.main.entity)
    assert stranger.post(f"/holds/{held['id']}/release", {}).status_code == 204
    assert Allocation.objects.unscoped("test").exists()
    assert program.post(f"/holds/{held['id']}/release", {}).status_code == 204
    assert not Allocation.objects.unscoped("test").exists()
    assert program.post(f"/holds/{held['id']}/release", {}).status_code == 204


def test_a_visit_is_moved_in_one_step(world: World, plan: Schedule, program: Program) -> None:
    made = program.post("/appointments", wish(plan, patient=str(plan.patient.pk))).json()
    path = f"/appointments/{made['id']}/move"
    there = {"start": wall(plan.monday, 11).isoformat(), "was": made["start"]}
    moved = program.post(path, there, key="m1")
    assert moved.status_code == 200
    assert (moved.json()["start"], moved.json()["id"]) == (wall(plan.monday, 11).isoformat(), made["id"])
    assert program.post(path, there, key="m1")["Idempotent-Replay"] == "true"
    late = program.post(path, there)
    assert (late.status_code, late.json()["code"]) == (409, "changed_meanwhile")
    plan.book(patient=plan.another(), hour=10)
    full = program.post(path, {"start": wall(plan.monday, 10).isoformat()})
    assert (full.status_code, full.json()["code"]) == (409, "slot_taken")
    assert program.get(f"/appointments/{made['id']}").json()["start"] == moved.json()["start"]


def test_refusals_of_holds_and_moves_have_codes(world: World, plan: Schedule, program: Program) -> None:
    def code(path: str, body: dict[str, object]) -> tuple[int, str]:
        answer = program.post(path, body)
        return answer.status_code, answer.json()["code"]

    assert code("/holds", wish(plan, start="2026-11-30T09:00:00")) == (422, "offset_missing")
    assert code("/holds", wish(plan, clinician=str(uuid4()))) == (404, "not_found")
    assert code("/holds", wish(plan, site=str(world.member_a.site.unit_id))) == (404, "not_found")
    assert code("/holds", wish(plan, hour=8)) == (422, "outside_template")
    assert code(f"/appointments/{uuid4()}/move", {"start": wall(plan.monday, 9).isoformat()}) == (404, "not_found")
    assert Program(Role.BILLER, world.main.entity).post("/holds", wish(plan)).status_code == 403
