"""The calendar in the browser: dragging with a question, several screens in step, races, keyboard, phone."""

from __future__ import annotations

import datetime as dt
import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from medguild.foundation.access.rules import Role
from medguild.foundation.organization.models import Closure
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.outcomes import cancel_appointment
from medguild.operations.scheduling.rules import CancelReason
from medguild.operations.scheduling.services import move_appointment
from medguild.patients.identity.models import Patient
from tests.factories.scheduling import Schedule, schedule, wall
from tests.factories.world import HOUSE, World

Axe = Callable[..., None]
SLOT = 26  # pixels for a quarter of an hour


@pytest.fixture
def plan(live_url: str, world: World) -> Schedule:
    made = schedule(world)
    _ = made.session, made.patient
    return made


def of(patient: Patient) -> Appointment:
    found: Appointment = Appointment.objects.unscoped("test").get(patient=patient)
    return found


def show(page: Page, plan: Schedule, view: str = "clinicians") -> None:
    page.goto(f"{reverse('calendar:page', args=[plan.site.unit_id])}?day={plan.monday}&view={view}")
    expect(page.locator("[data-calendar][data-ready]")).to_be_attached()
    expect(page.locator("[data-calendar-live]")).to_have_attribute("data-state", "true")


def visit(page: Page, patient: Patient) -> Locator:
    return page.locator(".cal-visit", has_text=patient.label())


def at_rest(page: Page, what: Locator) -> Any:
    """Where it stands, once it stays there: after a move the calendar is drawn anew, and what was found is gone."""
    seen: list[Any] = []
    while len(seen) < 60:
        seen.append(what.bounding_box())
        if seen[-1] is not None and len(seen) > 2 and seen[-1] == seen[-2] == seen[-3]:
            return seen[-1]
        page.wait_for_timeout(200)
    raise AssertionError("it does not come to rest")


def drag(page: Page, what: Locator, *, minutes: int = 0, columns: int = 0, edge: bool = False) -> None:
    """Take a visit (or its lower edge) by the mouse and let it go `minutes` later, some columns to the right."""
    box = at_rest(page, what)
    width = page.locator(".ec-day").first.bounding_box()
    assert width is not None
    x, y = box["x"] + 30, box["y"] + (box["height"] - 2 if edge else 6)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + 12, steps=4)
    page.mouse.move(x + columns * width["width"], y + minutes * SLOT / 15, steps=12)
    page.mouse.up()


def starts(patient: Patient) -> str:
    return of(patient).start.astimezone(wall(of(patient).start.date(), 0).tzinfo).strftime("%H:%M")


def test_a_visit_is_dragged_confirmed_and_moved_back(page_for: Any, axe: Axe, plan: Schedule) -> None:
    plan.book(9, 0)
    page: Page = page_for(Role.SCHEDULER)
    show(page, plan)
    axe(page)
    drag(page, visit(page, plan.patient), minutes=60)
    expect(page.get_by_role("heading", name="Move this visit?")).to_be_visible()
    expect(page.get_by_role("dialog")).to_contain_text("10:00 AM")
    axe(page)
    page.get_by_role("button", name="Leave it where it is").click()
    expect(visit(page, plan.patient)).to_contain_text("9:00 AM")
    assert starts(plan.patient) == "09:00"

    drag(page, visit(page, plan.patient), minutes=60)
    page.get_by_label("We did").check()
    page.get_by_role("button", name="Move it").click()
    expect(page.get_by_text("Moved. The old time is free again.")).to_be_visible()
    expect(visit(page, plan.patient)).to_contain_text("10:00 AM")
    assert starts(plan.patient) == "10:00"
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Moved back.")).to_be_visible()
    expect(visit(page, plan.patient)).to_contain_text("9:00 AM")
    assert starts(plan.patient) == "09:00"


def test_a_visit_is_dragged_to_another_clinician_and_made_longer(page_for: Any, plan: Schedule, world: World) -> None:
    other = world.clinician(plan.site.unit)
    plan.add(other)
    first = min(plan.clinician, other, key=lambda one: one.person.family_name)
    second = other if first == plan.clinician else plan.clinician
    plan.book(9, 0, clinician=first)
    page: Page = page_for(Role.SCHEDULER)
    show(page, plan)
    drag(page, visit(page, plan.patient), columns=1)
    expect(page.get_by_role("dialog")).to_contain_text(second.label())
    page.get_by_role("button", name="Move it").click()
    expect(page.get_by_text("Moved. The old time is free again.")).to_be_visible()
    assert of(plan.patient).clinician_id == second.pk
    drag(page, visit(page, plan.patient), minutes=20, edge=True)
    expect(page.get_by_role("dialog")).to_contain_text("40 min")
    page.get_by_role("button", name="Change it").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.locator("[data-calendar-said]")).not_to_be_empty()
    moved = of(plan.patient)
    assert (moved.end - moved.start).total_seconds() == 40 * 60


def test_a_move_on_one_screen_shows_on_the_other(
    open_page: Any, world: World, plan: Schedule, record_property: Any
) -> None:
    plan.book(9, 0)
    first: Page = open_page(world.user(Role.SCHEDULER))
    second: Page = open_page(world.user(Role.FRONT_DESK))
    show(first, plan)
    show(second, plan)
    drag(first, visit(first, plan.patient), minutes=60)
    first.get_by_role("button", name="Move it").click()
    expect(first.get_by_text("Moved. The old time is free again.")).to_be_visible()
    begun = time.monotonic()
    expect(visit(second, plan.patient)).to_contain_text("10:00 AM")
    record_property("seconds_until_the_other_screen_showed_it", round(time.monotonic() - begun, 2))
    expect(second.locator("[data-calendar-said]")).to_have_text("1 visit changed")


def test_what_somebody_books_and_cancels_elsewhere_comes_and_goes(page_for: Any, plan: Schedule) -> None:
    page: Page = page_for(Role.SCHEDULER)
    show(page, plan)
    expect(page.locator(".cal-visit")).to_have_count(0)
    booked = plan.book(9, 0)
    expect(visit(page, plan.patient)).to_contain_text("9:00 AM")
    moved = move_appointment(appointment=booked, start=wall(plan.monday, 11), by=HOUSE)
    expect(visit(page, plan.patient)).to_contain_text("11:00 AM")
    cancel_appointment(appointment=moved, reason=CancelReason.PATIENT_ILL, by=HOUSE)
    expect(page.locator(".cal-visit")).to_have_count(0)


def test_two_schedulers_drag_to_the_same_free_time(open_page: Any, axe: Axe, world: World, plan: Schedule) -> None:
    """One wins; the other is told, is offered other times, and nothing is lost."""
    other = plan.another()
    plan.book(9, 0)
    plan.book(9, 20, patient=other)
    first: Page = open_page(world.user(Role.SCHEDULER))
    second: Page = open_page(world.user(Role.FRONT_DESK))
    show(first, plan)
    show(second, plan)
    drag(first, visit(first, plan.patient), minutes=120)
    drag(second, visit(second, other), minutes=100)
    expect(second.get_by_role("heading", name="Move this visit?")).to_be_visible()
    first.get_by_role("button", name="Move it").click()
    expect(first.get_by_text("Moved. The old time is free again.")).to_be_visible()
    second.get_by_role("button", name="Move it").click()
    expect(second.get_by_role("dialog")).to_contain_text("already taken")
    axe(second)
    assert (starts(plan.patient), starts(other)) == ("11:00", "09:20")
    second.get_by_role("button", name=re.compile("11:20 AM|10:40 AM")).first.click()
    expect(second.get_by_text("Moved. The old time is free again.")).to_be_visible()
    assert starts(other) in ("11:20", "10:40")
    assert not of(other).overbooked
    assert Appointment.objects.unscoped("test").count() == 2


def test_two_schedulers_drag_the_same_visit(open_page: Any, world: World, plan: Schedule) -> None:
    plan.book(9, 0)
    first: Page = open_page(world.user(Role.SCHEDULER))
    second: Page = open_page(world.user(Role.FRONT_DESK))
    show(first, plan)
    show(second, plan)
    drag(second, visit(second, plan.patient), minutes=120)
    expect(second.get_by_role("heading", name="Move this visit?")).to_be_visible()
    drag(first, visit(first, plan.patient), minutes=60)
    first.get_by_role("button", name="Move it").click()
    expect(first.get_by_text("Moved. The old time is free again.")).to_be_visible()
    second.get_by_role("button", name="Move it").click()
    expect(second.get_by_role("dialog")).to_contain_text("Somebody has just changed this visit")
    second.get_by_role("button", name="Show the calendar as it stands").click()
    expect(visit(second, plan.patient)).to_contain_text("10:00 AM")
    assert starts(plan.patient) == "10:00"


def test_a_full_time_is_overbooked_with_a_reason(page_for: Any, plan: Schedule) -> None:
    plan.book(9, 0)
    plan.book(10, 0, patient=plan.another())
    page: Page = page_for(Role.SCHEDULER)
    show(page, plan)
    drag(page, visit(page, plan.patient), minutes=60)
    page.get_by_role("button", name="Move it").click()
    expect(page.get_by_role("dialog")).to_contain_text("already taken")
    page.get_by_label("Why must this time be overbooked?").fill("Child with fever")
    page.get_by_role("button", name="Overbook and move").click()
    expect(page.get_by_text("Moved and overbooked")).to_be_visible()
    expect(visit(page, plan.patient)).to_contain_text("Overbooked")
    assert of(plan.patient).overbook_reason == "Child with fever"


def test_the_calendar_works_by_keyboard_alone(page_for: Any, axe: Axe, plan: Schedule) -> None:
    plan.book(9, 0)
    page: Page = page_for(Role.SCHEDULER)
    show(page, plan)
    visit(page, plan.patient).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text(plan.patient.spoken())
    axe(page)
    page.get_by_role("button", name="Move", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_label("Day", exact=True)).to_be_focused()
    axe(page)
    page.get_by_label("Time", exact=True).fill("10:40")
    page.get_by_label("Minutes").press("Enter")
    expect(page.get_by_text("Moved. The old time is free again.")).to_be_visible()
    expect(visit(page, plan.patient)).to_be_focused()
    assert starts(plan.patient) == "10:40"


def test_rooms_and_weeks_have_their_own_columns(page_for: Any, axe: Axe, plan: Schedule) -> None:
    plan.book(9, 0, room=plan.office.room)
    plan.book(9, 20, patient=plan.another())
    page: Page = page_for(Role.SCHEDULER)
    show(page, plan, "rooms")
    expect(page.locator(".cal-column", has_text=plan.office.room.name)).to_be_visible()
    expect(page.locator(".cal-column", has_text="No room yet")).to_be_visible()
    axe(page)
    drag(page, visit(page, plan.patient), columns=1, minutes=0)
    page.get_by_role("button", name="Move it").click()
    expect(page.get_by_text("Moved. The old time is free again.")).to_be_visible()
    assert of(plan.patient).room_id is None
    show(page, plan, "week")
    expect(page.locator(".cal-visit")).to_have_count(2)
    axe(page)


def test_a_day_without_sessions_leads_to_the_next_that_has_some(page_for: Any, axe: Axe, plan: Schedule) -> None:
    page: Page = page_for(Role.SCHEDULER)
    page.goto(f"{reverse('calendar:page', args=[plan.site.unit_id])}?day={plan.monday - dt.timedelta(days=1)}")
    expect(page.get_by_text("Nobody has a session on this day")).to_be_visible()
    expect(page.locator("[data-calendar]")).to_be_hidden()
    axe(page)
    page.get_by_role("link", name="Next day with sessions").click()
    expect(page.locator(".cal-column", has_text=plan.clinician.label())).to_be_visible()
    assert f"day={plan.monday}" in page.url


def test_a_week_without_its_end_fills_the_screen(page_for: Any, plan: Schedule) -> None:
    page: Page = page_for(Role.SCHEDULER)
    show(page, plan, "week")
    place, days = page.locator("[data-calendar]").bounding_box(), page.locator(".ec-day").all()
    last = days[-1].bounding_box()
    assert place is not None
    assert last is not None
    assert place["x"] + place["width"] - last["x"] - last["width"] < 40


def test_a_phone_gets_the_table(page_for: Any, plan: Schedule) -> None:
    plan.book(9, 0)
    page: Page = page_for(Role.SCHEDULER, viewport="phone")
    page.goto(f"{reverse('calendar:page', args=[plan.site.unit_id])}?day={plan.monday}")
    expect(page.get_by_role("link", name=plan.patient.label())).to_be_visible()
    assert reverse("scheduling:day_of", args=[plan.site.unit_id]) in page.url


def test_without_script_the_page_leads_to_the_table(page_for: Any, plan: Schedule) -> None:
    page: Page = page_for(Role.SCHEDULER, script=False)
    page.goto(f"{reverse('calendar:page', args=[plan.site.unit_id])}?day={plan.monday}")
    page.get_by_role("link", name="Show the day as a table").click()
    expect(page.get_by_role("region", name="Day by clinician")).to_be_visible()


def test_who_may_only_look_moves_nothing(page_for: Any, plan: Schedule) -> None:
    plan.book(9, 0)
    page: Page = page_for(Role.BILLER)
    show(page, plan)
    drag(page, visit(page, plan.patient), minutes=60)
    expect(page.get_by_role("heading", name="Move this visit?")).to_be_hidden()
    expect(visit(page, plan.patient)).to_contain_text("9:00 AM")


def test_a_closed_day_leads_to_the_next_open_one(page_for: Any, axe: Axe, plan: Schedule) -> None:
    Closure.objects.create(unit=plan.site.unit, day=plan.monday, reason="Thanksgiving Day")
    page: Page = page_for(Role.SCHEDULER)
    show(page, plan)
    axe(page)
    page.get_by_role("link", name="Next day with sessions").click()
    expect(page).to_have_url(re.compile(f"day={plan.monday + dt.timedelta(weeks=1)}"))
    expect(page.locator("[data-calendar-closed]")).to_be_hidden()
