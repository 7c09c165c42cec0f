"""The waiting list at the desk, and the page behind a patient's link."""

from __future__ import annotations

import pytest
import time_machine
from django.test import Client

from medguild.foundation.access.limits import LINKS_OPENED
from medguild.foundation.access.rules import Role
from medguild.foundation.kernel.clock import now
from medguild.operations.scheduling.models import Appointment
from medguild.operations.waitlist import links
from medguild.operations.waitlist.models import SlotOffer, WaitlistEntry
from medguild.operations.waitlist.offering import Freed, offer_freed
from tests.factories.scheduling import Schedule, wall
from tests.factories.waitlist import wait_for
from tests.factories.world import World

pytestmark = pytest.mark.django_db


def offered(plan: Schedule) -> SlotOffer:
    wait_for(plan)
    start = wall(plan.monday, 9)
    return offer_freed(freed=Freed(plan.clinician.pk, plan.site.unit_id, start, wall(plan.monday, 9, 20)))[0]


def test_the_desk_puts_a_patient_on_the_list_and_takes_them_off(client: Client, world: World, plan: Schedule) -> None:
    client.force_login(world.user(Role.SCHEDULER))
    sent = {
        "visit_type": plan.kind.pk, "site": plan.site.unit_id, "urgency": "soon", "earliest": plan.monday.isoformat(),
        "weekdays": ["0", "2"], "from_time": "09:00", "to_time": "12:00", "notice_hours": "4", "note": "By telephone",
    }  # fmt: skip
    answer = client.post(f"/waitlist/add/{plan.patient.pk}/", sent, follow=True)
    entry = WaitlistEntry.objects.unscoped("test").get()
    assert (entry.weekdays, entry.from_minute, entry.to_minute, entry.notice_minutes) == ([0, 2], 540, 720, 240)
    assert "Monday, Wednesday" in answer.content.decode()
    assert plan.patient.label() in client.get("/waitlist/").content.decode()
    assert client.post(f"/waitlist/add/{plan.patient.pk}/", sent).status_code == 422

    client.post(f"/waitlist/{entry.pk}/withdraw/")
    assert plan.patient.label() not in client.get("/waitlist/").content.decode()
    assert plan.patient.label() in client.get("/waitlist/?status=withdrawn").content.decode()
    again = client.post(f"/waitlist/{entry.pk}/withdraw/", follow=True)
    assert "no longer waits" in again.content.decode()


def test_the_desk_changes_what_somebody_waits_for(client: Client, world: World, plan: Schedule) -> None:
    entry = wait_for(plan, weekdays=[1], note="By telephone")
    client.force_login(world.user(Role.SCHEDULER))
    page = client.get(f"/waitlist/{entry.pk}/change/").content.decode()
    assert "By telephone" in page
    sent = {
        "urgency": "urgent", "earliest": plan.monday.isoformat(), "weekdays": ["4"], "from_time": "13:00",
        "notice_hours": "24",
    }  # fmt: skip
    shown = client.post(f"/waitlist/{entry.pk}/change/", sent, follow=True).content.decode()
    assert "Friday" in shown
    changed = WaitlistEntry.objects.unscoped("test").get()
    assert (changed.urgency, changed.weekdays, changed.from_minute, changed.to_minute) == ("urgent", [4], 780, 1440)
    assert (changed.added_at, changed.notice_minutes, changed.note) == (entry.added_at, 24 * 60, "")
    wrong = client.post(f"/waitlist/{entry.pk}/change/", sent | {"latest": "2020-01-01"})
    assert wrong.status_code == 422
    client.post(f"/waitlist/{entry.pk}/withdraw/")
    late = client.post(f"/waitlist/{entry.pk}/change/", sent)
    assert (late.status_code, "no longer waits" in late.content.decode()) == (422, True)


def test_an_earlier_time_is_wanted_for_a_visit(client: Client, world: World, plan: Schedule) -> None:
    later = plan.book(11)
    client.force_login(world.user(Role.SCHEDULER))
    page = client.get(f"/waitlist/add/{plan.patient.pk}/?visit={later.pk}").content.decode()
    assert "is kept until an earlier time is found" in page
    assert client.get(f"/waitlist/add/{plan.another().pk}/?visit={later.pk}").status_code == 404
    assert client.get(f"/waitlist/add/{plan.patient.pk}/?visit=no").status_code == 404


def test_the_desk_writes_down_a_yes_and_a_no(client: Client, world: World, plan: Schedule) -> None:
    first = offered(plan)
    client.force_login(world.user(Role.FRONT_DESK))
    page = client.post(f"/waitlist/offers/{first.pk}/", {"answer": "no"}, follow=True)
    assert "the place on the list is kept" in page.content.decode()
    again = client.post(f"/waitlist/offers/{first.pk}/", {"answer": "yes"}, follow=True)
    assert "no longer open" in again.content.decode()
    assert not Appointment.objects.unscoped("test").exists()


def test_a_yes_by_link_books_the_visit(client: Client, plan: Schedule) -> None:
    made = offered(plan)
    address = f"/waitlist/o/{links.token_of(made.pk)}/"
    page = client.get(address).content.decode()
    assert "Yes, I take it" in page
    assert plan.kind.name not in page, "a link says nothing about why"
    assert made.entry.patient.family_name not in page
    assert "This time is yours" in client.post(address, {"answer": "yes"}).content.decode()
    booked = Appointment.objects.unscoped("test").get()
    assert (booked.origin, booked.patient_id) == ("portal", made.entry.patient_id)
    second = client.post(address, {"answer": "yes"})
    assert (second.status_code, second.content.decode().count('role="status"')) == (200, 1), "it stands"
    late_no = client.post(address, {"answer": "no"})
    assert (late_no.status_code, "taken already" in late_no.content.decode()) == (409, True)
    assert Appointment.objects.unscoped("test").count() == 1


def test_a_no_by_link_keeps_the_place(client: Client, plan: Schedule) -> None:
    made = offered(plan)
    address = f"/waitlist/o/{links.token_of(made.pk)}/"
    assert "You keep your place" in client.post(address, {"answer": "no"}).content.decode()
    assert client.post(address, {"answer": "no"}).status_code == 200
    late_yes = client.post(address, {"answer": "yes"}).content.decode()
    assert ("no longer open" in late_yes, "You said no" in late_yes) == (True, False), "one thing is said"
    assert WaitlistEntry.objects.unscoped("test").get().status == "waiting"
    assert client.get("/waitlist/o/made-up/").status_code == 404


def test_links_are_not_guessed_without_end(client: Client) -> None:
    with time_machine.travel(now(), tick=False):
        answers = [client.get("/waitlist/o/made-up/").status_code for _ in range(LINKS_OPENED + 1)]
        assert answers == [404] * LINKS_OPENED + [429]
        assert client.get("/messages/v/made-up/").status_code == 404, "each door counts for itself"
