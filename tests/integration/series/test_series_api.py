"""Series over the API: seen before they are booked, booked once, edited this, following, all; ended."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest

from medguild.foundation.access.rules import Role
from medguild.foundation.events.models import Event
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.rules import HOLDING
from medguild.operations.series.models import Series
from tests.factories.program import Program
from tests.factories.scheduling import Schedule, schedule, wall
from tests.factories.series import every_morning
from tests.factories.world import World

pytestmark = pytest.mark.django_db
WEEK = dt.timedelta(weeks=1)


@pytest.fixture
def plan(world: World) -> Schedule:
    made = schedule(world)
    every_morning(made)
    _ = made.patient
    return made


def body(plan: Schedule, **rule: Any) -> dict[str, Any]:
    """Mondays at nine, four times."""
    given = {"every": "week", "first": str(plan.monday), "time": "09:00", "times": 4}
    return {
        "patient": str(plan.patient.pk), "clinician": str(plan.clinician.pk), "visit_type": str(plan.kind.pk),
        "site": str(plan.site.unit_id), "rule": given | rule,
    }  # fmt: skip


def starts(shown: dict[str, Any]) -> list[dt.datetime]:
    return [dt.datetime.fromisoformat(one["start"]) for one in shown["visits"] if one["standing"] != "gone"]


def at(plan: Schedule, *hours: int) -> list[dt.datetime]:
    return [wall(plan.monday + number * WEEK, hour) for number, hour in enumerate(hours)]


def booked(program: Program, plan: Schedule) -> dict[str, Any]:
    made = program.post("/series", body(plan))
    assert made.status_code == 201, made.json()
    found: dict[str, Any] = made.json()
    return found


def test_a_series_is_seen_first_and_booked_once(plan: Schedule, program: Program) -> None:
    plan.book(patient=plan.another(), start=wall(plan.monday + WEEK, 9))
    seen = program.post("/series/preview", body(plan)).json()
    assert [one["possible"] for one in seen["lines"]] == [True, False, True, True]
    taken = seen["lines"][1]
    assert taken["code"] == "slot_taken"
    assert taken["others"]
    assert not Series.objects.unscoped("test").exists()
    refused = program.post("/series", body(plan), key="s")
    assert (refused.status_code, refused.json()["code"], refused.json()["number"]) == (409, "not_all_bookable", 2)
    assert refused.json()["because"]["code"] == "slot_taken"
    chosen = body(plan) | {"choices": [{"number": 2, "take": "other_time", "start": taken["others"][0]}]}
    made = program.post("/series", chosen, key="s")
    assert made.status_code == 201
    assert [one["standing"] for one in made.json()["visits"]] == ["regular", "moved", "regular", "regular"]
    again = program.post("/series", chosen, key="s")
    assert (again.json(), again["Idempotent-Replay"]) == (made.json(), "true")
    assert Series.objects.unscoped("test").count() == 1
    assert program.post("/series", body(plan), key="s").json()["code"] == "idempotency_key_reused"
    read = Event.objects.unscoped("test").filter(type="record.read", patient_ids__contains=[plan.patient.pk])
    assert read.exists()


def test_this_following_all(plan: Schedule, program: Program) -> None:
    path = f"/series/{booked(program, plan)['id']}"
    this = program.post(
        f"{path}/edit", {"which": "this", "number": 2, "start": wall(plan.monday + WEEK, 11).isoformat()}
    )
    assert starts(this.json()) == at(plan, 9, 11, 9, 9)
    change = {"which": "following", "number": 3, "rule": {"time": "10:00"}}
    seen = program.post(f"{path}/preview", change).json()
    assert [(one["number"], one["act"]) for one in seen["lines"]] == [(3, "move"), (4, "move")]
    assert starts(program.get(path).json()) == at(plan, 9, 11, 9, 9)
    following = program.post(f"{path}/edit", change, key="f")
    assert starts(following.json()) == at(plan, 9, 11, 10, 10)
    assert program.post(f"{path}/edit", change, key="f").json() == following.json()
    every = program.post(f"{path}/edit", {"which": "all", "rule": {"time": "08:00", "times": 3}})
    assert starts(every.json()) == at(plan, 8, 11, 8)  # what was moved by itself is left alone
    wednesdays = {"which": "following", "number": 3, "rule": {"first": str(plan.monday + 2 * WEEK + dt.timedelta(2))}}
    moved = program.post(f"{path}/edit", wednesdays)
    assert starts(moved.json())[2].date() == plan.monday + 2 * WEEK + dt.timedelta(2)


def test_a_series_is_ended_and_leaves_the_list(plan: Schedule, program: Program) -> None:
    path = f"/series/{booked(program, plan)['id']}"
    patient = plan.patient.pk
    assert program.get("/series", patient=patient).json()["count"] == 1
    ended = program.post(f"{path}/end", {"number": 3, "reason": "patient_request"}, key="e")
    assert [one["standing"] for one in ended.json()["visits"]] == ["regular", "regular", "gone", "gone"]
    assert program.post(f"{path}/end", {"number": 3, "reason": "patient_request"}, key="e").json() == ended.json()
    assert program.post(f"{path}/end", {"reason": "patient_request"}).status_code == 200
    assert not Appointment.objects.unscoped("test").filter(status__in=HOLDING).exists()
    gone = program.post(f"{path}/end", {"reason": "patient_request"})
    assert (gone.status_code, gone.json()["code"]) == (422, "nothing_to_come")
    assert program.get("/series", patient=patient).json() == {"count": 0, "series": []}
    listed = program.get("/series", patient=patient, ended=True, limit=1).json()
    assert (listed["count"], len(listed["series"])) == (1, 1)
    assert program.get("/series", ended=True, offset=1).json() == {"count": 1, "series": []}


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ({"times": None}, "one_end"),
        ({"until": "2199-01-01"}, "one_end"),
        ({"times": None, "until": "2001-01-01"}, "days_order"),
        ({"time": "09:00:30"}, "time_form"),
        ({"time": "09:00:00Z"}, "time_form"),
    ],
)
def test_a_rule_that_cannot_be_is_told(plan: Schedule, program: Program, rule: dict[str, Any], code: str) -> None:
    answer = program.post("/series", body(plan, **rule))
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_what_is_missing_is_told(plan: Schedule, program: Program) -> None:
    path = f"/series/{booked(program, plan)['id']}/edit"
    for sent, code in (
        ({"which": "following"}, "number_needed"),
        ({"which": "this"}, "number_needed"),
        ({"which": "this", "number": 1}, "start_needed"),
        ({"which": "this", "number": 1, "start": "2026-01-01T09:00:00"}, "offset_missing"),
        ({"which": "all", "rule": {"time": "09:00:00Z"}}, "time_form"),
        ({"which": "all", "choices": [{"number": 1, "take": "other_time"}]}, "start_needed"),
        ({"which": "all", "rule": {"times": 2, "until": "2199-01-01"}}, "one_end"),
    ):
        answer = program.post(path, sent)
        assert (answer.status_code, answer.json()["code"]) == (422, code), sent
    assert program.post(path, {"which": "following", "number": 9, "rule": {}}).status_code == 404
    assert program.post("/series", body(plan, first="9999-12-31")).status_code == 422
    assert program.post("/series", body(plan, times=61)).status_code == 422
    answer = program.client.post("/api/v1/series", body(plan), content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_needed")


def test_only_who_books_there_may(world: World, plan: Schedule, program: Program) -> None:
    path = f"/series/{booked(program, plan)['id']}"
    reader, stranger = Program(Role.BILLER, world.main.entity), Program(Role.SCHEDULER, world.member_a.entity)
    assert reader.get(path).status_code == 200
    assert reader.post(f"{path}/end", {"reason": "patient_request"}).status_code == 403
    assert reader.post("/series/preview", body(plan)).status_code == 403
    assert stranger.get(path).status_code == 404
    assert stranger.get("/series").json() == {"count": 0, "series": []}
    for answer in (
        stranger.post("/series", body(plan)),
        stranger.post("/series/preview", body(plan)),
        stranger.post(f"{path}/edit", {"which": "all", "rule": {"time": "10:00"}}),
        stranger.post(f"{path}/end", {"reason": "patient_request"}),
    ):
        assert answer.status_code == 404
    assert program.post(f"/series/{uuid4()}/end", {"reason": "patient_request"}).status_code == 404
    assert starts(program.get(path).json()) == at(plan, 9, 9, 9, 9)
