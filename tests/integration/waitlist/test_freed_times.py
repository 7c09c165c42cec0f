"""The desk offers what came free where the site does not offer by itself: who is next, why, and what they said."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from medguild.foundation.access.rules import Role
from medguild.foundation.events.dispatch import dispatch_pending
from medguild.foundation.events.models import Event
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import NotAllowed, NotVisible
from medguild.foundation.standards.services import set_standard
from medguild.operations.scheduling.models import Absence, Appointment
from medguild.operations.scheduling.outcomes import cancel_appointment
from medguild.operations.scheduling.rules import CancelReason
from medguild.operations.scheduling.services import move_appointment
from medguild.operations.waitlist.errors import OfferedAlready, TimeGone
from medguild.operations.waitlist.freed import FreedTime, freed_of, freed_times, offer_by_hand, time_given_up
from medguild.operations.waitlist.models import SlotOffer
from medguild.operations.waitlist.offering import decline_offer
from medguild.operations.waitlist.rules import Urgency
from tests.factories.scheduling import Schedule, schedule, visit_type, wall
from tests.factories.waitlist import wait_for
from tests.factories.world import HOUSE, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(world: World) -> Schedule:
    made = schedule(world)
    _ = made.session
    set_standard(key="waitlist.automatic", unit=made.site.unit, value=False, start=now().date(), by=HOUSE)
    return made


def came_free(plan: Schedule, hour: int = 9, **given: object) -> Appointment:
    visit = plan.book(hour, patient=plan.another(), **given)
    given_up = cancel_appointment(appointment=visit, reason=CancelReason.PATIENT_REQUEST, by=HOUSE)
    dispatch_pending()
    return given_up


def times(plan: Schedule) -> list[FreedTime]:
    return freed_times(HOUSE, plan.site, at=now())


def test_the_next_in_turn_is_named_and_asked_by_a_button(client: Client, world: World, plan: Schedule) -> None:
    early = now() - dt.timedelta(days=9)
    wait_for(plan, at=early)
    urgent = wait_for(plan, urgency=Urgency.URGENT)
    visit = came_free(plan)
    assert not SlotOffer.objects.unscoped("test").exists()
    client.force_login(world.user(Role.SCHEDULER))
    page = client.get("/waitlist/free/").content.decode()
    assert urgent.patient.label() in page
    assert "Urgent" in page
    assert "Not offered yet" in page
    read = Event.objects.unscoped("test").filter(type="record.read", patient_ids__contains=[urgent.patient_id])
    assert read.exists()
    page = client.post(f"/waitlist/free/{visit.pk}/", follow=True).content.decode()
    assert "Offered to 2 people." in page
    assert page.count("Waiting for an answer") == 2
    assert "Offer it" not in page
    made = Event.objects.unscoped("test").filter(type="waitlist.offered")
    assert {one.actor_kind for one in made} == {"user"}


def test_after_a_no_the_next_stands_there_and_nobody_is_asked_by_itself(plan: Schedule) -> None:
    for _ in range(4):
        wait_for(plan)
    visit = came_free(plan)
    for offer in offer_by_hand(freed=freed_of(visit), by=HOUSE):
        decline_offer(offer=offer, by=HOUSE)
    assert SlotOffer.objects.unscoped("test").count() == 3
    [row] = times(plan)
    assert [one.status for one in row.offers] == ["declined"] * 3
    assert row.following is not None
    assert row.following.pk not in {one.entry_id for one in row.offers}
    [fourth] = offer_by_hand(freed=freed_of(visit), by=HOUSE)
    assert fourth.entry_id == row.following.pk
    decline_offer(offer=fourth, by=HOUSE)
    assert [one.following for one in times(plan)] == [None]


def test_only_empty_times_to_come_stand_there_once(plan: Schedule) -> None:
    wait_for(plan)
    nine = came_free(plan, 9)
    came_free(plan, 9)
    ten = came_free(plan, 10)
    plan.book(10, patient=plan.another())
    assert [one.time.start for one in times(plan)] == [nine.start]
    assert freed_times(HOUSE, plan.site, at=nine.start) == []
    with pytest.raises(TimeGone):
        offer_by_hand(freed=freed_of(nine), by=HOUSE, at=nine.start)
    assert offer_by_hand(freed=freed_of(ten), by=HOUSE) == []


def test_who_does_not_want_the_time_is_not_next(plan: Schedule) -> None:
    wait_for(plan, weekdays=[3])
    visit = came_free(plan)
    assert [one.following for one in times(plan)] == [None]
    assert offer_by_hand(freed=freed_of(visit), by=HOUSE) == []


def test_a_time_is_offered_once(plan: Schedule) -> None:
    wait_for(plan)
    visit = came_free(plan)
    offer_by_hand(freed=freed_of(visit), by=HOUSE)
    with pytest.raises(OfferedAlready):
        offer_by_hand(freed=freed_of(visit), by=HOUSE)
    booked = plan.book(11, patient=plan.another())
    with pytest.raises(TimeGone):
        time_given_up(HOUSE, booked.pk)


def test_who_may_not_book_there_offers_nothing(client: Client, world: World, plan: Schedule) -> None:
    wait_for(plan)
    visit = came_free(plan)
    with pytest.raises(NotAllowed):
        offer_by_hand(freed=freed_of(visit), by=world.actor(Role.BILLER))
    with pytest.raises(NotVisible):
        offer_by_hand(freed=freed_of(visit), by=world.actor(Role.SCHEDULER, world.member_a.entity))
    client.force_login(world.user(Role.BILLER))
    page = client.get(f"/waitlist/free/?site={plan.site.unit_id}").content.decode()
    assert "Offer it" not in page
    assert client.get("/waitlist/free/?site=no").status_code == 200


def test_more_times_take_few_more_questions(plan: Schedule) -> None:
    wait_for(plan)
    wait_for(plan)
    came_free(plan, 9)
    with CaptureQueriesContext(connection) as one:
        times(plan)
    came_free(plan, 10)
    came_free(plan, 11)
    with CaptureQueriesContext(connection) as three:
        assert len(times(plan)) == 3
    assert len(three) - len(one) <= 2 * 2, "the facts of who is next, for each time"


def test_the_time_that_a_moved_visit_left_is_listed_and_offered(client: Client, world: World, plan: Schedule) -> None:
    waits = wait_for(plan)
    visit = plan.book(9, patient=plan.another())
    left = visit.start
    move_appointment(appointment=visit, start=wall(plan.monday, 11), by=HOUSE)
    dispatch_pending()
    [row] = times(plan)
    assert (row.time.start, row.moved, row.following) == (left, True, waits)
    client.force_login(world.user(Role.SCHEDULER))
    assert "The visit was moved" in client.get("/waitlist/free/").content.decode()
    page = client.post(f"/waitlist/free/{row.source}/", follow=True).content.decode()
    assert "Offered to 1 person." in page
    assert SlotOffer.objects.unscoped("test").get().start == left


def test_what_a_visit_moved_by_a_little_leaves_is_listed(plan: Schedule) -> None:
    short = visit_type("short", minutes=10)
    kinds = {short.pk: 10, plan.kind.pk: 20}
    plan.add(start_minute=13 * 60, end_minute=16 * 60, step_minutes=10, visit_types=kinds)
    visit = plan.book(13, 0, patient=plan.another())
    move_appointment(appointment=visit, start=wall(plan.monday, 13, 10), by=HOUSE)
    waits = wait_for(plan, visit_type=short)
    [row] = times(plan)
    assert (row.time.start, row.time.end) == (wall(plan.monday, 13), wall(plan.monday, 13, 10))
    assert (row.following, row.start) == (waits, wall(plan.monday, 13))


def test_both_ends_of_a_time_whose_middle_was_taken_are_offered_by_themselves(
    client: Client, world: World, plan: Schedule
) -> None:
    came_free(plan, 9, minutes=60)
    plan.book(9, 20, patient=plan.another())
    for _number in range(2):
        wait_for(plan)
    first, second = times(plan)
    assert [(one.time.start, one.time.end) for one in (first, second)] == [
        (wall(plan.monday, 9), wall(plan.monday, 9, 20)), (wall(plan.monday, 9, 40), wall(plan.monday, 10)),
    ]  # fmt: skip
    client.force_login(world.user(Role.SCHEDULER))
    page = client.get("/waitlist/free/").content.decode()
    minute = int(second.time.start.timestamp()) // 60
    assert f'name="minute" value="{minute}"' in page
    gone = client.post(f"/waitlist/free/{second.source}/", {"minute": minute - 15}, follow=True)
    assert "not free any more" in gone.content.decode()
    client.post(f"/waitlist/free/{second.source}/", {"minute": minute})
    assert {one.start for one in SlotOffer.objects.unscoped("test")} == {wall(plan.monday, 9, 40)}


def test_a_time_left_twice_stands_there_once_and_is_gone_when_taken(plan: Schedule) -> None:
    came_free(plan, 9)
    visit = plan.book(9, patient=plan.another())
    moved = move_appointment(appointment=visit, start=wall(plan.monday, 11), by=HOUSE)
    assert [one.time.start for one in times(plan)] == [visit.start]
    move_appointment(appointment=moved, start=visit.start, by=HOUSE)
    assert [one.time.start for one in times(plan)] == [wall(plan.monday, 11)]


def test_a_visit_moved_because_the_clinician_is_away_frees_no_time(plan: Schedule) -> None:
    visit = plan.book(9, patient=plan.another())
    move_appointment(appointment=visit, start=wall(plan.monday + dt.timedelta(weeks=1), 9), by=HOUSE)
    assert len(times(plan)) == 1
    Absence.objects.create(
        clinician=plan.clinician, kind="vacation", during=(wall(plan.monday, 0), wall(plan.monday, 23))
    )
    assert times(plan) == []


def test_a_time_left_at_another_site_is_not_shown_to_who_may_not_look_there(world: World, plan: Schedule) -> None:
    visit = plan.book(9, patient=plan.another())
    move_appointment(appointment=visit, start=wall(plan.monday, 11), by=HOUSE)
    [row] = times(plan)
    stranger = world.actor(Role.SCHEDULER, world.member_a.entity)
    assert freed_times(stranger, plan.site, at=now()) == []
    with pytest.raises(NotVisible):
        time_given_up(stranger, row.source)
