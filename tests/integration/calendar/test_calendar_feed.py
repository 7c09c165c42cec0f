"""What a calendar screen draws, and how it learns that something has changed."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from medguild.foundation.access.rules import Role
from medguild.foundation.events.models import Event
from medguild.foundation.kernel.clock import now
from medguild.foundation.organization.models import Closure
from medguild.foundation.ui.instants import day_text
from medguild.operations.scheduling.holding import hold_slot
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.outcomes import cancel_appointment
from medguild.operations.scheduling.rules import AbsenceKind, CancelReason
from medguild.operations.scheduling.services import move_appointment
from medguild.operations.scheduling.templating import cancel_session_day, record_absence
from tests.factories.scheduling import Schedule, add_room, make_patient, schedule, wall
from tests.factories.world import HOUSE, World
from tests.support_queries import queries_at_most

FEED_QUERIES = 18


@pytest.fixture
def plan(world: World) -> Schedule:
    made = schedule(world, world.actor(Role.SCHEDULER))
    _ = made.session
    return made


@pytest.fixture
def desk(world: World, plan: Schedule) -> Client:
    client = Client()
    client.force_login(world.user(Role.SCHEDULER))
    return client


def feed(desk: Client, plan: Schedule, **query: object) -> dict[str, Any]:
    answer = desk.get(reverse("calendar:feed", args=[plan.site.unit_id]), {"day": str(plan.monday), **query})
    assert answer.status_code == 200
    told: dict[str, Any] = json.loads(answer.content)
    return told


def ask(ticket: str) -> int:
    """As the browser asks: without a cookie."""
    return Client().get(reverse("calendar:ask"), headers={"Medguild-Ticket": ticket}).status_code


def news(desk: Client, seen: dict[str, Any]) -> dict[str, Any]:
    """As the browser asks: with the stamps of what it shows."""
    known = {one["id"]: one["stamp"] for one in seen.get("visits", ())}
    answer = tell(desk, seen["ticket"], known)
    assert answer.status_code == 200
    told: dict[str, Any] = json.loads(answer.content)
    return told


def tell(desk: Client, ticket: str, known: dict[str, int]) -> Any:
    return desk.post(
        reverse("calendar:news"), known, content_type="application/json", headers={"Medguild-Ticket": ticket}
    )


def reads() -> list[list[UUID]]:
    rows = Event.objects.unscoped("test").filter(type="record.read").order_by("id")
    return [list(row.patient_ids or []) for row in rows]


def test_a_day_tells_sessions_visits_and_rooms_on_the_sites_clock(plan: Schedule, desk: Client) -> None:
    visit = plan.book(10, 20)
    told = feed(desk, plan)
    assert [one["name"] for one in told["clinicians"]] == [plan.clinician.label()]
    assert [one["name"] for one in told["rooms"]] == [plan.office.room.name]
    assert told["hours"] == [9 * 60, 12 * 60]
    (open_time,) = told["ground"]
    assert (open_time["state"], open_time["start"], open_time["end"]) == (
        "open", f"{plan.monday}T09:00", f"{plan.monday}T12:00",
    )  # fmt: skip
    (shown,) = told["visits"]
    assert shown["id"] == str(visit.pk)
    assert (shown["start"], shown["end"]) == (f"{plan.monday}T10:20", f"{plan.monday}T10:40")
    assert (shown["who"], shown["status"], shown["overbooked"]) == (plan.patient.label(), "booked", False)


def test_what_is_off_says_why(plan: Schedule, desk: Client, world: World) -> None:
    record_absence(
        clinician=plan.clinician,
        start=wall(plan.monday, 10),
        end=wall(plan.monday, 11),
        kind=AbsenceKind.SICK,
        by=HOUSE,
    )
    other = world.clinician(plan.site.unit)
    second = plan.add(other)
    cancel_session_day(session=second, day=plan.monday, reason="Training", by=HOUSE)
    stretches = {(one["clinician"], one["start"][11:], one["end"][11:]): one for one in feed(desk, plan)["ground"]}
    mine, theirs = str(plan.clinician.pk), str(other.pk)
    assert stretches[mine, "09:00", "10:00"]["state"] == "open"
    assert (stretches[mine, "10:00", "11:00"]["state"], stretches[mine, "10:00", "11:00"]["words"]) == ("off", "Away")
    assert stretches[theirs, "09:00", "12:00"]["words"] == "Training"


def test_a_closed_day_is_named_as_people_write_it(plan: Schedule, desk: Client) -> None:
    Closure.objects.create(unit=plan.site.unit, day=plan.monday, reason="Thanksgiving Day")
    assert feed(desk, plan)["closed"] == [{"day": day_text(plan.monday), "words": "Thanksgiving Day"}]


def test_a_day_without_sessions_tells_the_next_that_has_some(plan: Schedule, desk: Client) -> None:
    sunday = plan.monday - dt.timedelta(days=1)
    assert feed(desk, plan, day=str(sunday))["next_day"] == str(plan.monday)
    assert feed(desk, plan)["next_day"] == ""


def test_a_closed_day_with_sessions_tells_the_next_that_is_open(plan: Schedule, desk: Client) -> None:
    Closure.objects.create(unit=plan.site.unit, day=plan.monday, reason="Thanksgiving Day")
    told = feed(desk, plan)
    assert told["clinicians"]
    assert told["next_day"] == str(plan.monday + dt.timedelta(weeks=1))
    assert feed(desk, plan, days="7")["next_day"] == "", "a week that is open on other days needs no way onward"


def test_a_clinician_who_is_taken_at_another_site_is_shown_so_without_saying_by_whom(
    plan: Schedule, desk: Client, world: World
) -> None:
    plan.add(start=plan.monday, weekday=0, start_minute=13 * 60, end_minute=16 * 60)
    there = schedule(world)
    there.office = world.second
    session = there.add(clinician=plan.clinician, start_minute=17 * 60, end_minute=18 * 60)
    booked = plan.book(17, 0, site=world.second.site, patient=make_patient(world.second), by=HOUSE)
    assert booked.session_id == session.pk
    elsewhere = [one for one in feed(desk, plan)["ground"] if one["state"] == "elsewhere"]
    assert [(one["start"][11:], one["end"][11:], one["words"]) for one in elsewhere] == [
        ("17:00", "17:20", f"At {world.second.site.unit.name}")
    ]


def test_a_screen_learns_of_each_change_and_of_nothing_else(plan: Schedule, desk: Client) -> None:
    visit, other = plan.book(9, 0), plan.book(9, 20, patient=plan.another())
    seen = feed(desk, plan)
    assert ask(seen["ticket"]) == 204
    before = len(reads())
    move_appointment(appointment=visit, start=wall(plan.monday, 11), by=plan.by)
    assert ask(seen["ticket"]) == 200
    told = news(desk, seen)
    assert [(one["id"], one["start"][11:]) for one in told["visits"]] == [(str(visit.pk), "11:00")]
    assert set(told["here"]) == {str(visit.pk), str(other.pk)}
    assert reads()[before:] == [[visit.patient_id]], "only who changed is read again"
    assert ask(told["ticket"]) == 204
    again = news(desk, told)
    assert set(again) == {"ticket"}
    assert len(reads()) == before + 1, "nothing changed, so nobody was read"


def test_a_cancelled_visit_and_one_moved_to_another_day_are_gone(plan: Schedule, desk: Client) -> None:
    gone, away, stays = (plan.book(9, 20 * place, patient=plan.another()) for place in range(3))
    seen = feed(desk, plan)
    cancel_appointment(appointment=gone, reason=CancelReason.PATIENT_ILL, by=plan.by)
    move_appointment(appointment=away, start=wall(plan.monday + dt.timedelta(days=7), 9), by=plan.by)
    told = news(desk, seen)
    assert told["here"] == [str(stays.pk)]
    assert told["visits"] == []


def test_a_hold_is_shown_until_it_runs_out(plan: Schedule, desk: Client) -> None:
    seen = feed(desk, plan)
    hold_slot(clinician=plan.clinician, visit_type=plan.kind, site=plan.site, start=wall(plan.monday, 9), by=plan.by,
              lasts=dt.timedelta(minutes=5))  # fmt: skip
    assert ask(seen["ticket"]) == 200
    told = news(desk, seen)
    assert [(one["start"][11:], one["own"]) for one in told["holds"]] == [("09:00", True)]
    assert ask(told["ticket"]) == 204


def test_a_change_of_the_template_comes_with_the_ticket_of_the_next_minute(plan: Schedule, desk: Client) -> None:
    seen = feed(desk, plan)
    cancel_session_day(session=plan.session, day=plan.monday, reason="Training", by=HOUSE)
    told = news(desk, seen)
    assert [one["state"] for one in told["ground"]] == ["off"]


def test_a_ticket_is_good_for_a_minute_and_cannot_be_made(plan: Schedule, desk: Client) -> None:
    seen = feed(desk, plan)
    assert ask(seen["ticket"][:-2] + "xx") == 200
    assert ask("") == 200
    with time_machine.travel(now() + dt.timedelta(seconds=61), tick=False):
        assert ask(seen["ticket"]) == 200, "an old ticket sends the screen to pass its session again"
    assert tell(desk, "made.up", {}).status_code == 404


def test_the_news_pass_the_right_anew(plan: Schedule, desk: Client, world: World) -> None:
    seen = feed(desk, plan)
    stranger = Client()
    stranger.force_login(world.user(Role.SCHEDULER, world.member_a.entity))
    assert tell(stranger, seen["ticket"], {}).status_code == 404
    assert tell(Client(), seen["ticket"], {}).status_code == 302


def test_the_feed_does_not_ask_more_when_more_is_booked(plan: Schedule, desk: Client) -> None:
    add_room(plan.office)
    feed(desk, plan)
    for place in range(6):
        plan.book(9 + place // 3, 20 * (place % 3), patient=plan.another())
    with queries_at_most(FEED_QUERIES):
        told = feed(desk, plan)
    assert len(told["visits"]) == 6


def test_asking_costs_one_query(plan: Schedule, desk: Client) -> None:
    plan.book()
    seen = feed(desk, plan)
    with queries_at_most(1):
        assert ask(seen["ticket"]) == 204


def test_a_week_can_be_one_clinicians(plan: Schedule, desk: Client, world: World) -> None:
    plan.book()
    other = world.clinician(plan.site.unit)
    plan.add(other)
    mine = feed(desk, plan, days=7, clinician=plan.clinician.pk)
    theirs = feed(desk, plan, days=7, clinician=other.pk)
    assert (len(mine["visits"]), len(theirs["visits"])) == (1, 0)
    assert [one["id"] for one in theirs["clinicians"]] == [str(other.pk)]


def test_the_page_leads_to_other_days_and_to_the_table(plan: Schedule, desk: Client) -> None:
    page = desk.get(reverse("calendar:page", args=[plan.site.unit_id]), {"day": plan.monday, "view": "rooms"})
    text = page.content.decode()
    assert f"day={plan.monday + dt.timedelta(days=1)}" in text
    assert reverse("scheduling:day_of", args=[plan.site.unit_id]) in text
    assert desk.get(reverse("calendar:usual"), {"day": plan.monday}, follow=True).status_code == 200
    assert desk.get(reverse("calendar:page", args=[plan.site.unit_id]), {"view": "week"}).status_code == 200
    assert Appointment.objects.unscoped("test").count() == 0
