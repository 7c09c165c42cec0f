"""Days with several visits over the API: searched, booked whole or not at all, read as they stand."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from medguild.foundation.access.rules import Role
from medguild.operations.itineraries.models import Itinerary
from medguild.operations.scheduling.models import Appointment
from tests.factories.itineraries import Grounds, grounds
from tests.factories.program import Program
from tests.factories.scheduling import wall
from tests.factories.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(world: World) -> Grounds:
    return grounds(world)


@pytest.fixture
def program(world: World, here: Grounds) -> Program:
    return Program(Role.SCHEDULER, world.enterprise)


def wanted(here: Grounds, **changes: Any) -> dict[str, Any]:
    kinds = [{"visit_type": str(here.lab.pk)}, {"visit_type": str(here.plan.kind.pk), "follows": True}]
    return {
        "patient": str(here.plan.patient.pk), "campus": str(here.campus.pk), "visits": kinds,
        "start": str(here.plan.monday), "days": 3,
    } | changes  # fmt: skip


def test_a_day_is_found_and_booked_once(here: Grounds, program: Program) -> None:
    (campus,) = program.get("/campuses").json()["campuses"]
    assert (campus["name"], len(campus["sites"])) == ("Harbor campus", 2)
    (best, *_) = program.post("/itineraries/search", wanted(here)).json()["days"]
    assert best["day"] == str(here.plan.monday)
    assert [one["visit_type"] for one in best["visits"]] == [str(here.lab.pk), str(here.plan.kind.pk)]
    assert best["visits"][1]["walk"] == 9
    asked = {"patient": str(here.plan.patient.pk), "campus": str(here.campus.pk)}
    chosen = [{name: one[name] for name in ("visit_type", "clinician", "site", "start", "follows")}
              for one in best["visits"]]  # fmt: skip
    made = program.post("/itineraries", asked | {"visits": chosen}, key="d")
    assert made.status_code == 201, made.json()
    assert (made.json()["whole"], [one["start"] for one in made.json()["visits"]]) == (
        True, [one["start"] for one in best["visits"]],
    )  # fmt: skip
    again = program.post("/itineraries", asked | {"visits": chosen}, key="d")
    assert (again.json(), again["Idempotent-Replay"]) == (made.json(), "true")
    assert Appointment.objects.unscoped("test").count() == 2
    listed = program.get("/itineraries", patient=here.plan.patient.pk).json()
    assert (listed["count"], listed["itineraries"][0]["id"]) == (1, made.json()["id"])
    assert program.get(f"/itineraries/{made.json()['id']}").json() == made.json()


def test_one_visit_that_cannot_be_refuses_the_day(here: Grounds, program: Program) -> None:
    here.plan.book(10, patient=here.plan.another())
    visits = [
        {"visit_type": str(kind.pk), "clinician": str(who.pk), "site": str(site.unit_id),
         "start": wall(here.plan.monday, hour).isoformat()}
        for kind, who, site, hour in (
            (here.lab, here.technician, here.other.site, 9), (here.plan.kind, here.plan.clinician, here.plan.site, 10),
        )
    ]  # fmt: skip
    asked = {"patient": str(here.plan.patient.pk), "campus": str(here.campus.pk), "visits": visits}
    refused = program.post("/itineraries", asked)
    assert (refused.status_code, refused.json()["code"]) == (409, "not_that_day")
    assert refused.json()["because"]["code"] == "slot_taken"
    assert not Itinerary.objects.unscoped("test").exists()
    visits[0]["start"] = "2030-01-01T09:00:00"
    assert program.post("/itineraries", asked).json()["code"] == "offset_missing"
    assert program.post("/itineraries", asked | {"visits": []}).status_code == 422
    assert program.post("/itineraries/search", wanted(here, visits=[])).status_code == 422
    assert program.post("/itineraries/search", wanted(here, start="9999-12-31")).status_code == 422
    assert program.post("/itineraries/search", wanted(here, campus=str(uuid4()))).status_code == 404


def test_days_keep_their_walls(world: World, here: Grounds, program: Program) -> None:
    (best, *_) = program.post("/itineraries/search", wanted(here)).json()["days"]
    asked = {"patient": str(here.plan.patient.pk), "campus": str(here.campus.pk), "visits": best["visits"]}
    made = program.post("/itineraries", asked).json()
    stranger = Program(Role.SCHEDULER, world.member_a.entity)
    assert stranger.post("/itineraries/search", wanted(here)).status_code == 404
    assert stranger.post("/itineraries", asked).status_code == 404
    assert stranger.get(f"/itineraries/{made['id']}").status_code == 404
    assert stranger.get("/itineraries").json() == {"count": 0, "itineraries": []}
    assert Program(Role.BILLER, world.main.entity).post("/itineraries", asked).status_code == 403
