"""Moving a visit on the calendar: the question, what is refused and why, the way back."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from medguild.foundation.access.rules import Role
from medguild.foundation.events.models import Event
from medguild.foundation.ui.instants import day_text
from medguild.operations.calendar.feed import whole
from medguild.operations.calendar.rules import Span, TimeState
from medguild.operations.calendar.shifting import mark
from medguild.operations.scheduling.care.models import NetworkAnswer
from medguild.operations.scheduling.change_numbers import bumped
from medguild.operations.scheduling.held_models import HeldBlock
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.services import move_appointment
from medguild.operations.scheduling.telling import TO_TELL
from tests.factories.payers import insure_out_of_network
from tests.factories.scheduling import Schedule, add_room, schedule, wall
from tests.factories.world import World


@pytest.fixture
def plan(world: World) -> Schedule:
    made = schedule(world, world.actor(Role.SCHEDULER))
    _ = made.session
    return made


@pytest.fixture
def desk(world: World, plan: Schedule) -> Client:
    return signed_in(world, Role.SCHEDULER)


def signed_in(world: World, role: Role) -> Client:
    client = Client()
    client.force_login(world.user(role))
    return client


def form(plan: Schedule, visit: Appointment, time: str, **changes: object) -> dict[str, Any]:
    return {
        "seen": mark(visit), "day": str(plan.monday), "time": time, "minutes": 20, "clinician": visit.clinician_id,
        "room": "", "who": "patient", **changes,
    }  # fmt: skip


def send(desk: Client, visit: Appointment, said: dict[str, Any]) -> Any:
    return desk.post(reverse("calendar:shift", args=[visit.pk]) + "?dragged=1", said)


def fresh(visit: Appointment) -> Appointment:
    found: Appointment = (
        Appointment.objects.unscoped("test")
        .select_related("clinician", "patient", "unit__site", "session", "room")
        .get(pk=visit.pk)
    )
    return found


def test_a_move_is_made_with_who_asked_for_it_and_taken_back(plan: Schedule, desk: Client) -> None:
    visit = plan.book(9, 0)
    said = form(plan, visit, "10:00", who="practice", tell="on")
    answer = send(desk, visit, said)
    assert answer.status_code == 200
    assert fresh(visit).start == wall(plan.monday, 10)
    event = Event.objects.unscoped("test").filter(type="appointment.moved").get()
    assert event.data["by_practice"] is True
    assert Event.objects.unscoped("test").filter(type=TO_TELL, subject_id=visit.pk).count() == 1
    undo = json.loads(answer.content)["undo"]
    assert desk.post(undo).status_code == 302
    assert fresh(visit).start == wall(plan.monday, 9)
    assert desk.post(undo, follow=True).context is not None
    assert fresh(visit).start == wall(plan.monday, 9), "there is only one way back"


def test_a_resized_visit_is_asked_about_as_that(plan: Schedule, desk: Client) -> None:
    visit = plan.book(9, 0)
    for time, minutes, asked in (("09:00", 40, "Change how long"), ("10:00", 20, "Move this visit")):
        place = {key: value for key, value in form(plan, visit, time).items() if key != "who"} | {"minutes": minutes}
        page = desk.get(reverse("calendar:shift", args=[visit.pk]), place | {"dragged": "1"})
        assert asked in page.content.decode()


def test_another_length_is_no_other_time(plan: Schedule, desk: Client) -> None:
    visit = plan.book(9, 0)
    said = form(plan, visit, "09:00", minutes=40, who="practice", tell="on")
    page = desk.get(reverse("calendar:shift", args=[visit.pk]), said | {"dragged": "1"}).content.decode()
    assert "Who asked for it" not in page
    assert "Tell the patient" not in page
    plan.book(9, 20, patient=plan.another())
    page = send(desk, visit, said).content.decode()
    assert "Overbook and change it" in page
    assert "Free instead" not in page
    answer = send(desk, visit, said | {"overbook_reason": "Needs an interpreter"})
    assert "takes 40 minutes now" in json.loads(answer.content)["text"]
    assert not Event.objects.unscoped("test").filter(type=TO_TELL).exists()
    assert not Appointment.objects.unscoped("test").filter(bumped()).exists()


def test_an_overbooked_visit_goes_back_with_its_reason(plan: Schedule, desk: Client) -> None:
    plan.book(9, 0)
    visit = plan.book(9, 0, patient=plan.another(), overbook_reason="Child with fever")
    answer = send(desk, visit, form(plan, visit, "10:00"))
    assert not fresh(visit).overbooked
    desk.post(json.loads(answer.content)["undo"])
    back = fresh(visit)
    assert (back.overbooked, back.overbook_reason) == (True, "Child with fever")


def test_what_the_screen_did_not_show_is_not_moved(plan: Schedule, desk: Client) -> None:
    visit = plan.book(9, 0)
    said = form(plan, visit, "10:00")
    move_appointment(appointment=visit, start=wall(plan.monday, 11), by=plan.by)
    answer = send(desk, visit, said)
    assert answer.status_code == 409
    assert "Somebody has just changed this visit" in answer.content.decode()
    assert fresh(visit).start == wall(plan.monday, 11)


def test_a_change_of_length_alone_is_a_change(plan: Schedule, desk: Client) -> None:
    visit = plan.book(9, 0)
    before = form(plan, visit, "10:00")
    assert send(desk, visit, form(plan, visit, "09:00", minutes=40)).status_code == 200
    assert (fresh(visit).end - fresh(visit).start) == dt.timedelta(minutes=40)
    assert send(desk, visit, before).status_code == 409


def test_a_taken_time_is_refused_with_free_ones_near_by(plan: Schedule, desk: Client, world: World) -> None:
    other = world.clinician(plan.site.unit)
    plan.add(other)
    plan.book(10, 0, patient=plan.another())
    visit = plan.book(9, 0)
    answer = send(desk, visit, form(plan, visit, "10:00"))
    assert answer.status_code == 409
    offered = [(one.clinician_id, one.wall.strftime("%H:%M")) for one in answer.context["others"]]
    assert (plan.clinician.pk, "10:20") in offered
    assert (plan.clinician.pk, "09:40") in offered
    assert (other.pk, "10:00") in offered
    assert (plan.clinician.pk, "10:00") not in offered
    assert answer.context["overbooking"]
    taken = send(desk, visit, form(plan, visit, "10:00", overbook_reason="Child with fever"))
    assert taken.status_code == 200
    assert fresh(visit).overbooked


def test_a_time_outside_of_the_hours_is_asked_about_and_taken_back(plan: Schedule, desk: Client) -> None:
    visit = plan.book(9, 0)
    said = form(plan, visit, "15:00", overbook_reason="Only after work")
    answer = send(desk, visit, said)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "3:00 PM is outside of this site" in page
    assert 'value="Only after work"' in page
    answer = send(desk, visit, said | {"outside_hours": "on"})
    assert fresh(visit).start == wall(plan.monday, 15)
    desk.post(json.loads(answer.content)["undo"])
    assert fresh(visit).start == wall(plan.monday, 9)


def test_the_network_is_asked_in_the_dialog_and_nothing_typed_is_lost(
    plan: Schedule, desk: Client, world: World
) -> None:
    visit = plan.book(9, 0)
    other = world.clinician(plan.site.unit)
    plan.add(other)
    plan.book(10, 0, patient=plan.another(), clinician=other)
    insure_out_of_network(plan.patient, entity=plan.office.entity, clinician=other)
    said = form(plan, visit, "10:00", clinician=other.pk, overbook_reason="Child with fever", who="practice")
    answer = send(desk, visit, said)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "is not in the network" in page
    assert "What does the patient say?" in page
    assert "Wants another clinician" not in page, "a move has nothing to do for that"
    assert 'value="Child with fever"' in page
    half = said | {"network_answer": "self_pay", "network_channel": "", "network_reason": ""}
    assert "Say how the patient was told" in send(desk, visit, half).content.decode()
    assert send(desk, visit, half | {"network_channel": "phone"}).status_code == 200
    moved = fresh(visit)
    assert (moved.clinician_id, moved.overbook_reason) == (other.pk, "Child with fever")
    kept = NetworkAnswer.objects.unscoped("test").get(appointment=visit)
    assert (kept.answer, kept.clinician_id, kept.words[:12]) == ("self_pay", other.pk, "A visit with")


def test_who_may_not_overbook_is_not_asked_for_a_reason(plan: Schedule, world: World) -> None:
    plan.book(10, 0, patient=plan.another())
    visit = plan.book(9, 0)
    answer = send(signed_in(world, Role.NURSE), visit, form(plan, visit, "10:00"))
    assert answer.status_code == 409
    assert "Why must this time be overbooked" not in answer.content.decode()


def test_who_may_only_look_cannot_move(plan: Schedule, world: World) -> None:
    visit = plan.book(9, 0)
    assert send(signed_in(world, Role.BILLER), visit, form(plan, visit, "10:00")).status_code == 403
    assert fresh(visit).start == wall(plan.monday, 9)


def test_a_room_that_was_chosen_stays_and_can_be_changed(plan: Schedule, desk: Client) -> None:
    room = add_room(plan.office)
    visit = plan.book(9, 0, room=plan.office.room)
    asked = desk.get(reverse("calendar:shift", args=[visit.pk]), {"dragged": 1, "day": plan.monday, "time": "10:00"})
    assert asked.context["form"]["room"].value() == str(plan.office.room.pk)
    assert send(desk, visit, form(plan, visit, "10:00", room=room.pk)).status_code == 200
    assert fresh(visit).room_id == room.pk


def test_the_form_by_hand_says_what_is_missing(plan: Schedule, desk: Client) -> None:
    visit = plan.book(9, 0)
    address = reverse("calendar:shift", args=[visit.pk])
    page = desk.get(address)
    assert page.context["by_hand"]
    assert page.context["form"]["time"].value().strftime("%H:%M") == "09:00"
    assert desk.post(address, form(plan, visit, "", clinician="nobody")).status_code == 422
    assert fresh(visit).start == wall(plan.monday, 9)


def test_the_panel_shows_a_visit_and_what_may_be_done(plan: Schedule, desk: Client, world: World) -> None:
    visit = plan.book(9, 0, overbook_reason="")
    address = reverse("calendar:panel", args=[visit.pk])
    assert plan.patient.spoken() in desk.get(address).content.decode()
    assert desk.get(address).context["may_move"]
    assert not signed_in(world, Role.BILLER).get(address).context["may_move"]


def test_held_parts_are_shown_with_their_purpose_and_release(plan: Schedule) -> None:
    HeldBlock.objects.create(
        session=plan.session, start_minute=11 * 60, end_minute=12 * 60, purpose="urgent", release_days=1
    )
    span = Span(plan.site.unit_id, plan.site.time_zone, plan.monday)
    ground = {
        one["start"][11:]: one
        for one in whole(plan.by, span, at=wall(plan.monday, 8) - dt.timedelta(days=3)).content["ground"]
    }
    assert ground["09:00"]["end"][11:] == "11:00"
    assert ground["11:00"]["state"] == TimeState.HELD
    assert ground["11:00"]["words"] == f"for urgent visits until {day_text(plan.monday - dt.timedelta(days=1))}"
    released = whole(plan.by, span, at=wall(plan.monday, 8)).content["ground"]
    assert [one["state"] for one in released] == ["open"]
