"""The bump list at the desk, group visits, days on a campus, and what a visit tells of its changes."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import time_machine
from django.test import Client

from medguild.foundation.access.rules import Role
from medguild.foundation.events.dispatch import dispatch_pending
from medguild.foundation.ui.instants import day_text
from medguild.operations.bumps.models import Bump
from medguild.operations.itineraries.models import Itinerary
from medguild.operations.scheduling.models import Appointment, Session
from medguild.operations.scheduling.outcomes import cancel_appointment
from medguild.operations.scheduling.rules import CancelReason
from tests.factories.itineraries import grounds
from tests.factories.payers import insure_out_of_network
from tests.factories.scheduling import Schedule, schedule, wall
from tests.factories.world import HOUSE, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(world: World) -> Schedule:
    made = schedule(world)
    _ = made.session, made.patient
    return made


def test_the_list_is_worked_from_the_top(client: Client, world: World, plan: Schedule) -> None:
    visit = plan.book(9)
    client.force_login(world.user(Role.SCHEDULER))
    client.post(f"/bumps/add/{visit.pk}/", {"reason": "Clinician on leave"})
    row = Bump.objects.unscoped("test").get()
    assert plan.patient.label() in client.get("/bumps/").content.decode()
    assert "We cannot keep this visit" in client.get(f"/schedule/appointments/{visit.pk}/").content.decode()
    client.post(f"/bumps/{row.pk}/contact/", {"outcome": "left_message", "note": "with the daughter"})
    page = client.get(f"/bumps/{row.pk}/").content.decode()
    assert "with the daughter" in page
    slot = re.findall(r'name="slot" value="([^"]+)"', page)[0]
    client.post(f"/bumps/{row.pk}/move/", {"slot": slot})
    visit.refresh_from_db()
    assert visit.start == dt.datetime.fromisoformat(slot.split("|")[0])
    assert plan.patient.label() not in client.get("/bumps/").content.decode()
    again = client.post(f"/bumps/{row.pk}/keep/", follow=True).content.decode()
    assert "has just settled" in again


def test_a_time_out_of_network_is_asked_about_and_then_moved_to(client: Client, world: World, plan: Schedule) -> None:
    other = world.clinician(plan.site.unit)
    plan.add(other)
    insure_out_of_network(plan.patient, entity=plan.office.entity, clinician=other)
    visit = plan.book(9)
    client.force_login(world.user(Role.SCHEDULER))
    client.post(f"/bumps/add/{visit.pk}/", {"reason": "Clinician on leave"})
    row = Bump.objects.unscoped("test").get()
    slot = f"{wall(plan.monday, 10).isoformat()}|{other.pk}|{plan.site.unit_id}"
    asked = client.post(f"/bumps/{row.pk}/move/", {"slot": slot})
    page = client.get(asked.url).content.decode()
    assert "What does the patient say?" in page
    assert re.search(r'value="practice"[^>]* checked', page)
    said = {"who": "practice", "network_answer": "self_pay", "network_channel": "phone", "network_reason": ""}
    assert client.post(asked.url, said).status_code == 302
    dispatch_pending()
    row.refresh_from_db()
    assert row.status == "moved"


def test_nothing_is_written_down_that_nobody_chose(client: Client, world: World, plan: Schedule) -> None:
    visit = plan.book(9)
    client.force_login(world.user(Role.SCHEDULER))
    client.post(f"/bumps/add/{visit.pk}/", {"reason": "Clinician on leave"})
    row = Bump.objects.unscoped("test").get()
    assert client.post(f"/bumps/{row.pk}/contact/", {"outcome": "", "note": ""}).status_code == 422
    assert "Nobody has called yet" in client.get(f"/bumps/{row.pk}/").content.decode()


def test_a_group_has_places_and_people(client: Client, world: World, plan: Schedule) -> None:
    Session.objects.unscoped("test").filter(pk=plan.session.pk).update(capacity=2)
    client.force_login(world.user(Role.FRONT_DESK))
    address = f"/groups/{plan.session.pk}/{plan.monday.isoformat()}/"
    assert plan.monday.isoformat() in client.get("/groups/").content.decode()
    page = client.get(f"{address}add/{plan.patient.pk}/").content.decode()
    start = re.findall(r'<option value="(\d{4}-[^"]+)"', page)[0]
    client.post(f"{address}add/{plan.patient.pk}/", {"start": start, "visit_type": plan.kind.pk})
    visit = Appointment.objects.unscoped("test").get()
    assert "Check in" not in client.get(address).content.decode(), "not before the day"
    with time_machine.travel(visit.start, tick=False):
        client.force_login(world.user(Role.FRONT_DESK))
        assert "Check in" in client.get(address).content.decode()
    client.force_login(world.user(Role.FRONT_DESK))
    plan.book(start=visit.start, patient=plan.another())
    page = client.get(address).content.decode()
    assert plan.patient.label() in page
    assert "Full" in page
    assert 'data-confirm="Remove this participant?' in page
    client.post(f"{address}remove/{visit.pk}/", {"reason": "patient_request"})
    visit.refresh_from_db()
    assert visit.status == "cancelled"
    assert client.get(f"/groups/{plan.session.pk}/{plan.monday + dt.timedelta(days=1)}/").status_code == 404


def test_a_day_on_a_campus_is_found_booked_and_drawn(client: Client, world: World) -> None:
    here = grounds(world)
    client.force_login(world.user(Role.PRACTICE_MANAGER, world.enterprise))
    assert "Walking minutes" in client.get(f"/itineraries/campuses/{here.campus.pk}/").content.decode()
    page = client.post(
        f"/itineraries/find/{here.plan.patient.pk}/",
        {"campus": here.campus.pk, "start": here.plan.monday, "visit_1": here.lab.pk, "visit_2": here.plan.kind.pk,
         "follows_2": "on"},
    ).content.decode()  # fmt: skip
    assert "9 min walk" in page
    first = page.split('action="/itineraries/book/')[1]
    sent = {name: re.findall(rf'name="{name}" value="([^"]+)"', first)[:2] for name in ("token", "campus", "pick")}
    shown = client.post(
        f"/itineraries/book/{here.plan.patient.pk}/",
        {"token": sent["token"][0], "campus": sent["campus"][0], "pick": sent["pick"]}, follow=True,
    ).content.decode()  # fmt: skip
    assert Itinerary.objects.unscoped("test").count() == 1
    assert "<polyline" in shown
    assert "Laboratory" in shown


def test_a_late_cancellation_is_told_and_waived(client: Client, world: World, plan: Schedule) -> None:
    visit = plan.book(9)
    cancel_appointment(
        appointment=visit, reason=CancelReason.PATIENT_REQUEST, by=HOUSE, at=visit.start - dt.timedelta(hours=2)
    )
    client.force_login(world.user(Role.PRACTICE_MANAGER))
    address = f"/schedule/appointments/{visit.pk}/"
    page = client.get(address).content.decode()
    assert "Cancelled late" in page
    assert "2.0 hours" in page
    client.post(f"{address}waive/", {"reason": "was in the hospital"})
    assert "was in the hospital" in client.get(address).content.decode()


def test_the_page_that_overbooks_tells_the_limit(client: Client, world: World, plan: Schedule) -> None:
    client.force_login(world.user(Role.SCHEDULER))
    address = f"/schedule/overbook/{plan.patient.pk}/{plan.kind.pk}/{plan.clinician.pk}/{plan.site.unit_id}/"
    page = client.get(f"{address}?day={plan.monday}").content.decode()
    assert "0 of at most 4" in page
    assert day_text(plan.monday) in page
    assert f'value="{plan.monday}"' in page
    following = plan.monday + dt.timedelta(days=1)
    data = {
        "day": following, "time": "09:00", "overbook_reason": "x", "reason_category": "acute", "mode": "in_person"
    }  # fmt: skip
    assert day_text(following) in client.post(address, data).content.decode()
