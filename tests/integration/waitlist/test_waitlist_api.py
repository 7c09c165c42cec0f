"""The waiting list over the API."""

from __future__ import annotations

from uuid import uuid4

from medguild.foundation.access.rules import Role
from medguild.foundation.events.models import Event
from medguild.operations.scheduling.models import Appointment
from medguild.operations.waitlist.models import WaitlistEntry
from medguild.operations.waitlist.offering import Freed, offer_freed
from tests.factories.program import Program
from tests.factories.scheduling import Schedule, wall
from tests.factories.waitlist import wait_for
from tests.factories.world import World


def body(plan: Schedule, **changes: object) -> dict[str, object]:
    return {
        "patient": str(plan.patient.pk), "visit_type": str(plan.kind.pk), "site": str(plan.site.unit_id),
        "earliest": str(plan.monday),
    } | changes  # fmt: skip


def test_somebody_is_put_on_the_list_once(plan: Schedule, program: Program) -> None:
    first = program.post("/waitlist", body(plan, weekdays=[0, 2], urgency="soon"), key="w1")
    assert (first.status_code, first.json()["status"]) == (201, "waiting")
    assert program.post("/waitlist", body(plan, weekdays=[0, 2], urgency="soon"), key="w1").json() == first.json()
    twice = program.post("/waitlist", body(plan))
    assert (twice.status_code, twice.json()["code"]) == (409, "waits_already")
    listed = program.get("/waitlist", site=plan.site.unit_id).json()
    assert (listed["count"], listed["entries"]) == (1, [first.json()])
    reads = Event.objects.unscoped("test").filter(type="record.read", patient_ids__contains=[plan.patient.pk])
    assert reads.exists()
    closed = program.post(f"/waitlist/{first.json()['id']}/withdraw", {})
    assert closed.json()["status"] == "withdrawn"
    assert program.get("/waitlist").json() == {"count": 0, "entries": []}


def test_wishes_are_changed_by_a_program(plan: Schedule, program: Program) -> None:
    entry = wait_for(plan, weekdays=[1])
    wishes = {"earliest": str(plan.monday), "weekdays": [4, 2], "from_minute": 600, "urgency": "soon"}
    changed = program.post(f"/waitlist/{entry.pk}/wishes", wishes, key="c1")
    assert (changed.status_code, changed.json()["weekdays"]) == (200, [2, 4])
    assert (changed.json()["urgency"], changed.json()["from_minute"]) == ("soon", 600)
    assert program.post(f"/waitlist/{entry.pk}/wishes", wishes, key="c1").json() == changed.json()
    told = Event.objects.unscoped("test").filter(type="waitlist.changed", subject_id=entry.pk)
    assert told.count() == 1
    assert program.post(f"/waitlist/{entry.pk}/wishes", wishes | {"to_minute": 600}).status_code == 422
    program.post(f"/waitlist/{entry.pk}/withdraw", {})
    assert program.post(f"/waitlist/{entry.pk}/wishes", wishes).status_code == 409


def test_an_offer_is_answered_by_a_program(plan: Schedule, program: Program) -> None:
    entries = [wait_for(plan), wait_for(plan)]
    start = wall(plan.monday, 9)
    made = offer_freed(freed=Freed(plan.clinician.pk, plan.site.unit_id, start, wall(plan.monday, 9, 20)))
    shown = program.get(f"/waitlist/{entries[0].pk}").json()
    assert [one["id"] for one in shown["offers"]] == [str(made[0].pk)]
    assert shown["ahead"] == 0
    assert program.post(f"/waitlist/offers/{made[0].pk}/decline", {}).status_code == 204
    booked = program.post(f"/waitlist/offers/{made[1].pk}/accept", {}, key="yes")
    assert (booked.status_code, booked.json()["start"]) == (200, start.isoformat())
    assert program.post(f"/waitlist/offers/{made[1].pk}/accept", {}, key="yes").json() == booked.json()
    late = program.post(f"/waitlist/offers/{made[0].pk}/accept", {})
    assert (late.status_code, late.json()["code"]) == (409, "offer_gone")
    assert Appointment.objects.unscoped("test").get().origin == "api"


def test_the_list_keeps_its_walls_and_tells_what_is_wrong(world: World, plan: Schedule, program: Program) -> None:
    entry = wait_for(plan)
    stranger = Program(Role.SCHEDULER, world.member_a.entity)
    assert stranger.get("/waitlist").json() == {"count": 0, "entries": []}
    assert stranger.get(f"/waitlist/{entry.pk}").status_code == 404
    assert stranger.post(f"/waitlist/{entry.pk}/withdraw", {}).status_code == 404
    assert stranger.post("/waitlist", body(plan)).status_code == 404
    assert program.post(f"/waitlist/offers/{uuid4()}/accept", {}).status_code == 404
    assert Program(Role.BILLER, world.main.entity).post("/waitlist", body(plan)).status_code == 403
    wrong = program.post("/waitlist", body(plan, latest="2020-01-01"))
    assert (wrong.status_code, wrong.json()["code"]) == (422, "days_order")
    assert program.post("/waitlist", body(plan, weekdays=[7])).status_code == 422
    assert WaitlistEntry.objects.unscoped("test").count() == 1
