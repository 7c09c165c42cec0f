"""Slots and appointments over the API."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from medguild.foundation.access.rules import Role
from medguild.foundation.events.models import Event
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.rules import CancelReason
from tests.factories.program import API, Program
from tests.factories.scheduling import Schedule, wall
from tests.factories.world import World


def body(plan: Schedule, hour: int = 9, **changes: Any) -> dict[str, Any]:
    return {
        "patient": str(plan.patient.pk), "clinician": str(plan.clinician.pk), "visit_type": str(plan.kind.pk),
        "site": str(plan.site.unit_id), "start": wall(plan.monday, hour).isoformat(),
    } | changes  # fmt: skip


def window(plan: Schedule, days: int = 14) -> dict[str, Any]:
    return {"visit_type": plan.kind.pk, "start": plan.monday, "end": plan.monday + dt.timedelta(days=days)}


def test_slots(world: World, plan: Schedule, program: Program) -> None:
    other = world.clinician(plan.site.unit)
    plan.add(other)
    answer = program.get("/slots", **window(plan)).json()
    assert answer["count"] == 36
    first = answer["openings"][0]
    assert first["minutes"] == 20
    assert first["date"] == str(plan.monday)
    assert first["starts"][0] == wall(plan.monday, 9).isoformat()
    both = program.get("/slots", **window(plan), clinician=f"{plan.clinician.pk},{other.pk}").json()
    assert both["count"] == 36
    again = program.get("/slots", **window(plan), clinician=[plan.clinician.pk, other.pk]).json()
    assert again["count"] == 36
    one = program.get("/slots", **window(plan), clinician=plan.clinician.pk, site=plan.site.unit_id).json()
    assert one["count"] == 18


@pytest.mark.parametrize("changes", [{"clinician": "me"}, {"days": 0}, {"days": 63}])
def test_bad_searches_are_told(plan: Schedule, program: Program, changes: dict[str, Any]) -> None:
    given = window(plan, changes.pop("days", 14)) | changes
    answer = program.get("/slots", **given)
    assert answer.status_code == 422
    assert answer.json()["code"] in ("clinician_id_wrong", "window_wrong")


def test_what_is_offered_is_booked_once_per_key(plan: Schedule, program: Program) -> None:
    start = program.get("/slots", **window(plan)).json()["openings"][0]["starts"][3]
    first = program.post("/appointments", body(plan, start=start), key="k1")
    assert first.status_code == 201
    assert first.json()["status"] == "booked"
    again = program.post("/appointments", body(plan, start=start), key="k1")
    assert (again.status_code, again.json()) == (201, first.json())
    assert again["Idempotent-Replay"] == "true"
    other = program.post("/appointments", body(plan, hour=11), key="k1")
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")
    assert Appointment.objects.unscoped("test").count() == 1
    booked = Appointment.objects.unscoped("test").get()
    assert booked.origin == "api"
    reads = Event.objects.unscoped("test").filter(type="record.read", patient_ids__contains=[plan.patient.pk])
    assert reads.exists()
    assert program.client.post(f"{API}/appointments", body(plan), content_type="application/json").status_code == 400


def test_a_taken_slot_is_a_conflict_and_may_be_tried_again_with_the_same_key(plan: Schedule, program: Program) -> None:
    held = plan.book(patient=plan.another())
    answer = program.post("/appointments", body(plan), key="k2")
    assert (answer.status_code, answer.json()["code"]) == (409, "slot_taken")
    program.post(f"/appointments/{held.pk}/cancel", {"reason": CancelReason.PATIENT_ILL})
    assert program.post("/appointments", body(plan), key="k2").status_code == 201


def test_other_refusals_have_codes(world: World, plan: Schedule, program: Program) -> None:
    def code(**changes: Any) -> tuple[int, str]:
        answer = program.post("/appointments", body(plan, **changes))
        return answer.status_code, answer.json()["code"]

    assert code(hour=8) == (422, "outside_template")
    assert code(start="2026-11-30T09:00:00") == (422, "offset_missing")
    assert code(patient=str(uuid4())) == (404, "not_found")
    assert code(clinician=str(uuid4())) == (404, "not_found")
    assert code(site=str(world.member_a.site.unit_id)) == (404, "not_found")
    plan.book(patient=plan.another())
    assert program.post("/appointments", body(plan, overbook_reason="fever")).json()["overbooked"] is True


def test_a_time_outside_of_the_hours_is_taken_only_when_it_is_meant(plan: Schedule, program: Program) -> None:
    early = body(plan, hour=3, overbook_reason="fever")
    refused = program.post("/appointments", early)
    assert (refused.status_code, refused.json()["code"]) == (422, "outside_hours")
    assert "9:00 AM to 12:00 PM" in refused.json()["detail"]
    sunday = {"start": wall(plan.monday - dt.timedelta(days=1), 10).isoformat(), "overbook_reason": "fever"}
    assert "Nobody has a session" in program.post("/appointments", early | sunday).json()["detail"]
    made = program.post("/appointments", body(plan)).json()
    move = {"start": wall(plan.monday, 12).isoformat(), "overbook_reason": "fever"}
    refused = program.post(f"/appointments/{made['id']}/move", move)
    assert (refused.status_code, refused.json()["code"]) == (422, "outside_hours")
    moved = program.post(f"/appointments/{made['id']}/move", move | {"outside_hours": True})
    assert moved.json()["overbooked"] is True


def test_reading_and_cancelling(plan: Schedule, program: Program) -> None:
    made = program.post("/appointments", body(plan)).json()
    assert program.get(f"/appointments/{made['id']}").json() == made
    cancelled = program.post(f"/appointments/{made['id']}/cancel", {"reason": "patient_ill", "note": "flu"}, key="c1")
    assert cancelled.json()["status"] == "cancelled"
    assert "flu" not in cancelled.content.decode()
    replayed = program.post(f"/appointments/{made['id']}/cancel", {"reason": "patient_ill", "note": "flu"}, key="c1")
    assert replayed.json() == cancelled.json()
    again = program.post(f"/appointments/{made['id']}/cancel", {"reason": "patient_ill"})
    assert (again.status_code, again.json()["code"]) == (409, "wrong_move")


def test_the_wall_holds_at_the_api(world: World, plan: Schedule, program: Program) -> None:
    made = program.post("/appointments", body(plan)).json()
    stranger = Program(Role.SCHEDULER, world.member_a.entity)
    assert stranger.get("/slots", **window(plan)).json() == {"count": 0, "openings": []}
    assert stranger.get(f"/appointments/{made['id']}").status_code == 404
    assert stranger.post(f"/appointments/{made['id']}/cancel", {"reason": "patient_ill"}).status_code == 404
    refused = stranger.post("/appointments", body(plan, hour=11))
    assert (refused.status_code, refused.json()["code"]) == (404, "not_found")
    assert Program(Role.HR, world.main.entity).get("/slots", **window(plan)).status_code == 403
    assert Program(Role.BILLER, world.main.entity).post("/appointments", body(plan)).status_code == 403
    assert Client().get(f"{API}/slots", window(plan)).status_code == 401
