"""A calendar is read by whoever has its address, shows no name, and ends when it is ended."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from icalendar import Calendar

from medguild.experience.portal.services import end_access
from medguild.foundation.access.limits import LINKS_OPENED
from medguild.foundation.access.models import Grant, User
from medguild.foundation.access.rules import Role
from medguild.foundation.access.selectors import actor_of_user, forget_actors
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.operations.feeds.models import CalendarFeed
from medguild.operations.feeds.services import MOST_LIVE, feed_of, make_feed, revoke_feed
from medguild.operations.scheduling.outcomes import cancel_appointment
from medguild.operations.scheduling.rules import CancelReason
from tests.factories.scheduling import Schedule, day_here, schedule
from tests.factories.visits import clinician_actor
from tests.factories.world import HOUSE, START, World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quiet_doors() -> None:
    cache.clear()


@pytest.fixture
def plan(world: World) -> Schedule:
    return schedule(world)


def events(content: bytes) -> list[Any]:
    return list(Calendar.from_ical(content).walk("VEVENT"))


def clinicians_feed(world: World, plan: Schedule) -> tuple[CalendarFeed, str]:
    return make_feed(device="telephone", by=clinician_actor(world), clinician=plan.clinician)


def test_a_clinicians_visits_without_names_and_without_what_was_given_up(
    world: World, plan: Schedule, client: Client
) -> None:
    visit, gone = plan.book(9), plan.book(10, patient=plan.another())
    cancel_appointment(appointment=gone, reason=CancelReason.PATIENT_ILL, by=HOUSE)
    _feed, secret = clinicians_feed(world, plan)
    answer = client.get(f"/calendars/{secret}.ics")
    assert answer.headers["Content-Type"].startswith("text/calendar")
    (event,) = events(answer.content)
    assert event.decoded("dtstart") == visit.start
    assert event["summary"] == "Visit, Harbor Main Street"
    words = answer.content.decode()
    for hidden in (visit.patient.family_name, visit.patient.mrn, visit.visit_type.name):
        assert hidden not in words
    assert CalendarFeed.objects.unscoped("test").get().read_at is not None


def test_only_a_hash_is_kept_and_a_wrong_or_ended_address_is_not_there(
    world: World, plan: Schedule, client: Client
) -> None:
    feed, secret = clinicians_feed(world, plan)
    assert secret not in str(CalendarFeed.objects.unscoped("t").values().get())
    assert client.get(f"/calendars/{secret}x.ics").status_code == 404
    revoke_feed(feed=feed, by=HOUSE)
    assert client.get(f"/calendars/{secret}.ics").status_code == 404
    with pytest.raises(NotVisible):
        feed_of(secret)


def test_who_may_no_longer_sign_in_shows_nothing(world: World, plan: Schedule) -> None:
    actor = clinician_actor(world)
    _feed, secret = clinicians_feed(world, plan)
    assert feed_of(secret).clinician_id == plan.clinician.pk
    user = plan.clinician.person.user
    assert user.pk == actor.id
    user.is_active = False
    user.save(update_fields=["is_active"])
    with pytest.raises(NotVisible):
        feed_of(secret)


def test_addresses_are_not_guessed_without_end(world: World, plan: Schedule, client: Client) -> None:
    with time_machine.travel(now(), tick=False):  # knocks are counted by the minute
        codes = [client.get(f"/calendars/guess{number}.ics").status_code for number in range(LINKS_OPENED + 1)]
    assert codes[-1] == 429


def test_so_many_and_no_more_and_each_with_a_name(world: World, plan: Schedule) -> None:
    with pytest.raises(Refusal):
        make_feed(device=" ", by=HOUSE, clinician=plan.clinician)
    actor = clinician_actor(world)
    for number in range(MOST_LIVE):
        make_feed(device=f"device {number}", by=actor, clinician=plan.clinician)
    with pytest.raises(Refusal):
        make_feed(device="one more", by=actor, clinician=plan.clinician)


def test_the_page_shows_the_address_once_and_ends_it(world: World, plan: Schedule, client: Client) -> None:
    clinician_actor(world)
    client.force_login(plan.clinician.person.user)
    made = client.post("/calendars/", {"device": "my telephone"}).content.decode()
    assert ".ics</code>" in made
    again = client.get("/calendars/").content.decode()
    assert "my telephone" in again
    assert ".ics" not in again
    feed = CalendarFeed.objects.unscoped("test").get()
    client.post(f"/calendars/{feed.pk}/revoke/")
    assert "my telephone" not in client.get("/calendars/").content.decode()
    client.force_login(world.user(Role.CLINICIAN, world.second.entity))
    assert "not bound to a clinician" in client.post("/calendars/", {"device": "x"}).content.decode()
    assert client.post(f"/calendars/{feed.pk}/revoke/").status_code == 404


def test_a_patients_own_visits_end_with_their_access(world: World, plan: Schedule, client: Client) -> None:
    visit = plan.book(9)
    plan.book(10, patient=plan.another())
    user = world.user(Role.PATIENT, patient_id=visit.patient_id)
    client.force_login(user)
    page = f"/my/{visit.patient_id}/calendar/"
    assert "In my calendar" in client.get(f"/my/{visit.patient_id}/").content.decode()
    made = client.post(page, {"device": "phone"}).content.decode()
    secret = made.split("/calendars/")[1].split(".ics")[0]
    (event,) = events(client.get(f"/calendars/{secret}.ics").content)
    assert event["summary"] == "Appointment at Harbor Main Street"
    other = plan.another()
    feed = CalendarFeed.objects.unscoped("test").get()
    assert client.get(f"/my/{other.pk}/calendar/").status_code == 404
    assert client.post(f"/my/{other.pk}/calendar/{feed.pk}/end/").status_code == 404
    end_access(patient=visit.patient, grant=Grant.objects.get(user=user), by=HOUSE)
    assert client.get(f"/calendars/{secret}.ics").status_code == 404


def test_access_that_ran_out_or_was_ended_elsewhere_shuts_the_calendar(world: World, plan: Schedule) -> None:
    visit = plan.book(9)
    user = world.user(Role.PROXY, patient_id=visit.patient_id)
    _feed, secret = make_feed(device="phone", by=actor_of_user(user), patient=visit.patient)
    assert feed_of(secret).patient_id == visit.patient_id
    Grant.objects.filter(user=user).update(period=DateRange(START, day_here()))
    forget_actors()
    with pytest.raises(NotVisible):
        feed_of(secret)


def test_a_login_that_is_no_longer_the_clinicians_does_not_open_their_calendar(world: World, plan: Schedule) -> None:
    _feed, secret = clinicians_feed(world, plan)
    assert feed_of(secret).clinician_id == plan.clinician.pk
    user = User.objects.get(person=plan.clinician.person)
    Grant.objects.filter(user=user).update(period=DateRange(START, day_here()))
    forget_actors()
    with pytest.raises(NotVisible):
        feed_of(secret)


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("feed_of_one", [{"clinician": None}]),
        ("feed_has_device_and_token", [{"device": ""}]),
        ("feed_token_once", [{}, {}]),
        ("feed_revoked_later", [{"revoked_at": now() - dt.timedelta(days=1)}]),
    ],
)
def test_constraints(plan: Schedule, name: str, rows: list[dict[str, Any]]) -> None:
    whole = {"clinician": plan.clinician, "device": "x", "token_hash": "x", "made_at": now()}
    *first, last = [whole | row for row in rows]
    for row in first:
        CalendarFeed.objects.create(**row)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        CalendarFeed.objects.create(**last)


def test_who_has_no_calendar_of_their_own_is_shown_the_way_to_the_sites(world: World, client: Client) -> None:
    client.force_login(world.user(Role.SCHEDULER))
    shown = client.get("/calendars/")
    assert shown.status_code == 200
    assert 'href="/calendar/"' in shown.content.decode()
    client.post("/calendars/", {"device": "my telephone"})
    assert not CalendarFeed.objects.unscoped("test").exists()


@pytest.mark.parametrize(("role", "offered"), [(Role.CLINICIAN, True), (Role.FRONT_DESK, False)])
def test_the_menu_leads_clinicians_to_their_calendar(world: World, client: Client, role: Role, offered: bool) -> None:
    client.force_login(world.user(role))
    assert ('href="/calendars/"' in client.get("/work/").content.decode()) is offered
