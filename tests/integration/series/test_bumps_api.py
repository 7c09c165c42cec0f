"""The bump list over the API: listed in turn, times proposed, told, settled once."""

from __future__ import annotations

import pytest

from medguild.foundation.access.rules import Role
from medguild.operations.bumps.models import Bump
from medguild.operations.scheduling.models import Appointment
from tests.factories.program import Program
from tests.factories.scheduling import Schedule, schedule, wall
from tests.factories.series import every_morning
from tests.factories.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(world: World) -> Schedule:
    made = schedule(world)
    every_morning(made)
    return made


def bumped(program: Program, visit: Appointment) -> str:
    made = program.post("/bumps", {"appointment": str(visit.pk), "reason": "Clinician on leave"})
    assert made.status_code == 201, made.json()
    found: str = made.json()["id"]
    return found


def test_a_visit_is_bumped_told_and_moved_once(plan: Schedule, program: Program) -> None:
    visit = plan.book(9)
    path = f"/bumps/{bumped(program, visit)}"
    assert bumped(program, visit) == path.removeprefix("/bumps/")  # it stands there already
    listed = program.get("/bumps", site=plan.site.unit_id).json()
    assert (listed["count"], listed["bumps"][0]["appointment"]) == (1, str(visit.pk))
    told = program.post(f"{path}/contacts", {"outcome": "left_message", "note": "Calls back"}, key="c")
    assert (
        program.post(f"{path}/contacts", {"outcome": "left_message", "note": "Calls back"}, key="c").json()
        == told.json()
    )
    assert (told.json()["calls"], [one["outcome"] for one in told.json()["contacts"]]) == (1, ["left_message"])
    first = program.get(f"{path}/times").json()["times"][0]
    assert first["why"]
    agreed = {name: first[name] for name in ("start", "clinician", "site")}
    moved = program.post(f"{path}/move", agreed, key="m")
    assert (moved.status_code, moved.json()["status"]) == (200, "moved")
    assert program.post(f"{path}/move", agreed, key="m").json() == moved.json()
    assert Appointment.objects.unscoped("test").get().start.isoformat() != visit.start.isoformat()
    late = program.post(f"{path}/keep", {})
    assert (late.status_code, late.json()["code"]) == (409, "not_on_the_list")
    assert program.get("/bumps").json() == {"count": 0, "bumps": []}
    assert program.get("/bumps", status="moved").json()["count"] == 1
    assert program.get(f"{path}/times").json() == {"times": []}


def test_what_is_settled_otherwise(plan: Schedule, program: Program) -> None:
    kept, cancelled = plan.book(9), plan.book(10, patient=plan.another())
    assert program.post(f"/bumps/{bumped(program, kept)}/keep", {}).json()["status"] == "kept"
    done = program.post(f"/bumps/{bumped(program, cancelled)}/cancel", {"note": "Goes elsewhere"})
    assert done.json()["status"] == "cancelled"
    cancelled.refresh_from_db()
    assert cancelled.status == "cancelled"
    again = program.post("/bumps", {"appointment": str(cancelled.pk), "reason": "Clinician on leave"})
    assert (again.status_code, again.json()["code"]) == (422, "not_to_come")
    blank = program.post("/bumps", {"appointment": str(kept.pk), "reason": "  "})
    assert (blank.status_code, blank.json()["code"]) == (422, "reason_needed")


def test_the_list_keeps_its_walls(world: World, plan: Schedule, program: Program) -> None:
    visit = plan.book(9)
    path = f"/bumps/{bumped(program, visit)}"
    reader, stranger = Program(Role.BILLER, world.main.entity), Program(Role.SCHEDULER, world.member_a.entity)
    assert reader.get(path).status_code == 200
    start = {"start": wall(plan.monday, 10).isoformat()}
    for act, sent in (("move", start), ("cancel", {}), ("keep", {}), ("contacts", {"outcome": "reached"})):
        assert reader.post(f"{path}/{act}", sent).status_code == 403
        assert stranger.post(f"{path}/{act}", sent).status_code == 404
    assert stranger.get(path).status_code == 404
    assert stranger.get("/bumps").json() == {"count": 0, "bumps": []}
    assert stranger.post("/bumps", {"appointment": str(visit.pk), "reason": "Leave"}).status_code == 404
    assert program.post(f"{path}/move", {"start": "2030-01-01T09:00:00"}).json()["code"] == "offset_missing"
    assert program.post(f"{path}/contacts", {"outcome": "shouted"}).status_code == 422
    assert Bump.objects.unscoped("test").get().status == "open"
