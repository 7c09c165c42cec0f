"""Recalls over the API: listed, written down once, tried, closed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from medguild.foundation.access.rules import Role
from medguild.operations.recalls.models import Recall, RecallContact
from tests.factories.program import Program
from tests.factories.recalls import due
from tests.factories.scheduling import Schedule
from tests.factories.world import World

pytestmark = pytest.mark.django_db


def body(plan: Schedule, **changes: Any) -> dict[str, Any]:
    return {
        "patient": str(plan.patient.pk), "visit_type": str(plan.kind.pk), "site": str(plan.site.unit_id),
        "due_on": str(plan.monday),
    } | changes  # fmt: skip


def test_a_recall_is_written_down_once_and_worked(plan: Schedule, program: Program) -> None:
    made = program.post("/recalls", body(plan, note="Bring the letter"), key="r")
    assert (made.status_code, made.json()["status"], made.json()["origin"]) == (201, "due", "hand")
    again = program.post("/recalls", body(plan, note="Bring the letter"), key="r")
    assert (again.json(), again["Idempotent-Replay"]) == (made.json(), "true")
    twice = program.post("/recalls", body(plan))
    assert (twice.status_code, twice.json()["code"]) == (422, "due_already")
    path = f"/recalls/{made.json()['id']}"
    told = program.post(f"{path}/contacts", {"way": "phone", "outcome": "voicemail"}, key="c")
    assert (told.json()["status"], told.json()["attempts"]) == ("contacted", 1)
    assert program.post(f"{path}/contacts", {"way": "phone", "outcome": "voicemail"}, key="c").json() == told.json()
    assert RecallContact.objects.unscoped("test").count() == 1
    later = program.post(f"{path}/due", {"due_on": "2031-05-06"})
    assert (later.json()["due_on"], later.json()["note"]) == ("2031-05-06", "Bring the letter")
    closed = program.post(f"{path}/close", {"reason": "seen_elsewhere"})
    assert (closed.json()["status"], closed.json()["close_reason"]) == ("closed", "seen_elsewhere")
    late = program.post(f"{path}/close", {"reason": "seen_elsewhere"})
    assert (late.status_code, late.json()["code"]) == (409, "recall_over")


def test_the_list_is_paged_in_the_order_of_the_days(plan: Schedule, program: Program) -> None:
    rows = [due(plan, due_on=dt.date(2031, month, 1)) for month in (3, 1, 2)]
    first = program.get("/recalls", limit=2).json()
    assert (first["count"], [one["id"] for one in first["recalls"]]) == (3, [str(rows[1].pk), str(rows[2].pk)])
    rest = program.get("/recalls", limit=2, offset=2).json()
    assert [one["id"] for one in rest["recalls"]] == [str(rows[0].pk)]
    assert program.get("/recalls", due_until=str(rows[2].due_on)).json()["count"] == 2
    assert program.get("/recalls", patient=rows[0].patient_id).json()["count"] == 1
    assert program.get("/recalls", status="closed").json()["count"] == 0
    assert program.get("/recalls", limit=201).status_code == 422


def test_a_no_closes_and_a_visit_settles(plan: Schedule, program: Program) -> None:
    path = f"/recalls/{due(plan).pk}"
    said = program.post(f"{path}/contacts", {"way": "phone", "outcome": "declined"})
    assert said.json()["status"] == "declined"
    visit = plan.book(9)
    settled = program.post("/recalls", body(plan, from_visit=str(visit.pk)))
    assert (settled.json()["status"], settled.json()["appointment"]) == ("booked", str(visit.pk))
    other = program.post("/recalls", body(plan, patient=str(plan.another().pk), from_visit=str(visit.pk)))
    assert other.status_code == 404


def test_recalls_keep_their_walls(world: World, plan: Schedule, program: Program) -> None:
    path = f"/recalls/{due(plan).pk}"
    reader, stranger = Program(Role.BILLER, world.main.entity), Program(Role.SCHEDULER, world.member_a.entity)
    assert reader.get(path).status_code == 200
    assert reader.post("/recalls", body(plan)).status_code == 403
    for act, sent in (
        ("contacts", {"way": "phone", "outcome": "no_answer"}), ("due", {"due_on": "2031-01-01"}),
        ("close", {"reason": "not_needed"}),
    ):  # fmt: skip
        assert reader.post(f"{path}/{act}", sent).status_code == 403
        assert stranger.post(f"{path}/{act}", sent).status_code == 404
    assert stranger.get(path).status_code == 404
    assert stranger.get("/recalls").json() == {"count": 0, "recalls": []}
    assert stranger.post("/recalls", body(plan)).status_code == 404
    wrong = program.post(f"{path}/contacts", {"way": "phone", "outcome": "call_me"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "outcome_wrong")
    assert program.post(f"{path}/close", {"reason": "bored"}).status_code == 422
    assert Recall.objects.unscoped("test").get().status == "due"
