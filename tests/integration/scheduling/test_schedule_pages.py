"""Pages of the schedule: what each shows, does, and costs."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from medguild.foundation.access.rules import Role
from medguild.foundation.events.models import Event
from medguild.foundation.organization.models import Closure
from medguild.operations.scheduling.models import Appointment, Hold
from medguild.operations.scheduling.outcomes import cancel_appointment
from medguild.operations.scheduling.rules import AbsenceKind, CancelReason
from medguild.operations.scheduling.showing import today_at
from medguild.operations.scheduling.templating import cancel_session_day, record_absence
from tests.factories.scheduling import Schedule, make_patient, schedule, wall
from tests.factories.world import HOUSE, World


@pytest.fixture
def plan(world: World) -> Schedule:
    made = schedule(world, world.actor(Role.SCHEDULER))
    _ = made.session
    return made


@pytest.fixture
def desk(world: World, plan: Schedule) -> Client:
    return signed_in(world, Role.SCHEDULER)


def signed_in(world: World, role: Role, **where: object) -> Client:
    client = Client()
    client.force_login(world.user(role, **where))  # type: ignore[arg-type]
    return client


def reads() -> list[object]:
    rows = Event.objects.unscoped("test").filter(type="record.read").order_by("pk")
    return [patient for event in rows for patient in event.patient_ids]


def search_address(plan: Schedule, **more: object) -> str:
    given = {"visit_type": plan.kind.pk, "start": plan.monday, "days": 7} | more
    return f"{reverse('scheduling:find')}?" + "&".join(f"{name}={value}" for name, value in given.items())


def press(plan: Schedule, desk: Client, hour: int = 9, minute: int = 0):  # type: ignore[no-untyped-def]
    return desk.post(
        reverse("scheduling:hold", args=[plan.patient.pk]),
        {
            "clinician": plan.clinician.pk, "site": plan.site.unit_id, "visit_type": plan.kind.pk,
            "start": wall(plan.monday, hour, minute).isoformat(),
        },
    )  # fmt: skip


# --- finding and booking --------------------------------------------------------------------------------------------


def test_free_times_are_shown_and_become_buttons_with_a_patient(plan: Schedule, desk: Client) -> None:
    plan.book()
    page = desk.get(search_address(plan)).content.decode()
    assert "9:20 AM" in page
    assert ">9:00 AM<" not in page
    assert 'name="start"' not in page.replace('name="start" value="' + str(plan.monday), "")
    page = desk.get(search_address(plan, patient=plan.patient.pk)).content.decode()
    assert f'value="{wall(plan.monday, 9, 20).isoformat()}"' in page
    assert plan.patient.family_name in page
    assert plan.patient.pk in reads()


def test_patients_are_found_from_the_page(plan: Schedule, desk: Client) -> None:
    page = desk.post(search_address(plan), {"q": plan.patient.family_name}).content.decode()
    assert f'name="visit_type" value="{plan.kind.pk}"' in page
    assert plan.patient.mrn in page
    assert plan.patient.pk in reads()
    assert "Nobody found" in desk.post(reverse("scheduling:find"), {"q": "zzzz"}).content.decode()


def test_pressing_a_time_holds_it_and_the_form_books_it(plan: Schedule, desk: Client) -> None:
    held = press(plan, desk)
    kept = Hold.objects.unscoped("test").get()
    assert held.url == reverse("scheduling:book", args=[plan.patient.pk, kept.pk])
    assert "Held for you" in desk.get(held.url).content.decode()
    wrong = desk.post(held.url, {"reason_category": "whim", "mode": "in_person"})
    assert wrong.status_code == 422
    booked = desk.post(held.url, {"reason_category": "acute", "reason": "cough", "mode": "in_person"})
    appointment = Appointment.objects.unscoped("test").get()
    assert booked.url == reverse("scheduling:show", args=[appointment.pk])
    assert (appointment.reason_category, appointment.reason) == ("acute", "cough")
    assert not Hold.objects.unscoped("test").exists()


def test_a_time_that_went_away_says_so_and_leads_back(plan: Schedule, desk: Client) -> None:
    plan.book(patient=plan.another())
    answer = desk.post(
        reverse("scheduling:hold", args=[plan.patient.pk]),
        {"clinician": plan.clinician.pk, "site": plan.site.unit_id, "visit_type": plan.kind.pk,
         "start": wall(plan.monday, 9).isoformat()},
        follow=True,
    )  # fmt: skip
    assert "already taken" in answer.content.decode()
    assert desk.get(reverse("scheduling:hold", args=[plan.patient.pk])).status_code == 302


def test_another_time_gives_the_held_one_back(plan: Schedule, desk: Client) -> None:
    press(plan, desk)
    kept = Hold.objects.unscoped("test").get()
    address = reverse("scheduling:release", args=[plan.patient.pk, kept.pk])
    assert desk.post(address).status_code == 302
    assert not Hold.objects.unscoped("test").exists()
    assert desk.post(address).status_code == 302


def test_a_hold_of_somebody_else_cannot_be_used(world: World, plan: Schedule, desk: Client) -> None:
    press(plan, desk)
    kept = Hold.objects.unscoped("test").get()
    other = signed_in(world, Role.FRONT_DESK)
    answer = other.get(reverse("scheduling:book", args=[plan.patient.pk, kept.pk]))
    assert answer.url.startswith(reverse("scheduling:find"))


def test_overbooking_with_its_reason(plan: Schedule, desk: Client) -> None:
    plan.book(patient=plan.another())
    address = reverse("scheduling:overbook", args=[plan.patient.pk, plan.kind.pk, plan.clinician.pk, plan.site.unit_id])
    assert desk.get(address).status_code == 200
    data = {
        "day": plan.monday, "time": "09:00", "overbook_reason": "fever", "reason_category": "acute", "mode": "in_person"
    }  # fmt: skip
    assert desk.post(address, data | {"overbook_reason": "x"}).status_code == 422
    assert desk.post(address, data).status_code == 302
    squeezed = Appointment.objects.unscoped("test").get(patient=plan.patient)
    assert squeezed.overbooked
    page = desk.get(reverse("scheduling:show", args=[squeezed.pk])).content.decode()
    assert "Overbooked" in page
    assert "fever" in page


def test_overbooking_outside_of_the_hours_asks_whether_it_is_meant(plan: Schedule, desk: Client) -> None:
    address = reverse("scheduling:overbook", args=[plan.patient.pk, plan.kind.pk, plan.clinician.pk, plan.site.unit_id])
    data = {
        "day": plan.monday, "time": "03:00", "overbook_reason": "fever", "reason_category": "acute", "mode": "in_person"
    }  # fmt: skip
    assert "I mean this time" not in desk.get(address).content.decode()
    answer = desk.post(address, data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "3:00 AM is outside of this site" in page
    assert "I mean this time" in page
    assert 'value="fever"' in page
    assert desk.post(address, data | {"outside_hours": "on"}).status_code == 302
    assert Appointment.objects.unscoped("test").get(patient=plan.patient).start == wall(plan.monday, 3)


def test_the_overbook_button_asks_for_clinician_and_site(plan: Schedule, desk: Client) -> None:
    page = desk.get(search_address(plan, patient=plan.patient.pk)).content.decode()
    assert "choose the clinician and the site first" in page
    page = desk.get(
        search_address(plan, patient=plan.patient.pk, clinician=plan.clinician.pk, site=plan.site.unit_id)
    ).content.decode()
    assert "/overbook/" in page


# --- one appointment ------------------------------------------------------------------------------------------------


def test_the_page_of_an_appointment_tells_its_story(plan: Schedule, desk: Client) -> None:
    booked = plan.book()
    page = desk.get(reverse("scheduling:show", args=[booked.pk])).content.decode()
    assert "Visit booked" in page
    assert "Cancel visit" in page
    assert plan.patient.pk in reads()


def test_cancelling_asks_why(plan: Schedule, desk: Client) -> None:
    booked = plan.book()
    address = reverse("scheduling:cancel", args=[booked.pk])
    assert desk.post(address, {"reason": ""}).status_code == 422
    assert desk.post(address, {"reason": "patient_ill", "note": "flu"}).status_code == 302
    booked.refresh_from_db()
    assert booked.status == "cancelled"
    page = desk.get(reverse("scheduling:show", args=[booked.pk])).content.decode()
    assert "Patient is ill" in page
    assert desk.post(address, {"reason": "patient_ill"}).status_code == 422


def test_moving_by_choosing_a_new_time(plan: Schedule, desk: Client) -> None:
    booked = plan.book()
    page = desk.get(f"{reverse('scheduling:find')}?move={booked.pk.hex}")
    assert page.status_code == 200
    page = desk.get(search_address(plan, move=booked.pk)).content.decode()
    assert f"/appointments/{booked.pk}/move/?clinician={plan.clinician.pk}" in page
    address = reverse("scheduling:move", args=[booked.pk])
    assert desk.get(address).status_code == 302
    chosen = {"clinician": plan.clinician.pk, "site": plan.site.unit_id, "start": wall(plan.monday, 10).isoformat()}
    assert "From and to" in desk.get(address, chosen).content.decode()
    query = "&".join(f"{name}={str(value).replace('+', '%2B')}" for name, value in chosen.items())
    assert desk.post(f"{address}?{query}", {"who": "practice"}).status_code == 302
    booked.refresh_from_db()
    assert booked.start == wall(plan.monday, 10)
    plan.book(11, 0, patient=plan.another())
    taken = query.replace("T10:00", "T11:00")
    assert desk.post(f"{address}?{taken}", {"who": "patient"}).status_code == 422


def test_a_move_is_searched_around_the_day_of_the_visit(plan: Schedule, desk: Client) -> None:
    visit = plan.book(start=wall(plan.monday + dt.timedelta(days=56), 9), patient=plan.another())
    form = desk.get(f"{reverse('scheduling:find')}?move={visit.pk}").context["form"]
    assert form["start"].value() == str(plan.monday + dt.timedelta(days=49))
    soon = plan.book(9, 0)
    form = desk.get(f"{reverse('scheduling:find')}?move={soon.pk}").context["form"]
    assert form["start"].value() == str(max(today_at(plan.site), plan.monday - dt.timedelta(days=7)))


def test_no_show_is_refused_before_the_visit_and_undone_after(plan: Schedule, desk: Client) -> None:
    booked = plan.book()
    button, page = reverse("scheduling:no_show", args=[booked.pk]), reverse("scheduling:show", args=[booked.pk])
    assert button not in desk.get(page).content.decode()
    answer = desk.post(button, follow=True)
    assert "not begun" in answer.content.decode()
    Appointment.objects.unscoped("test").filter(pk=booked.pk).update(
        start=wall(plan.monday, 9) - dt.timedelta(days=30), end=wall(plan.monday, 9, 20) - dt.timedelta(days=30)
    )
    assert button in desk.get(page).content.decode()
    assert desk.post(button).status_code == 302
    booked.refresh_from_db()
    assert booked.status == "no_show"
    desk.post(reverse("scheduling:reinstate", args=[booked.pk]))
    booked.refresh_from_db()
    assert booked.status == "booked"
    again = desk.post(reverse("scheduling:reinstate", args=[booked.pk]), follow=True)
    assert "cannot become" in again.content.decode()


# --- the day --------------------------------------------------------------------------------------------------------


def test_the_day_shows_visits_by_clinician(world: World, plan: Schedule, desk: Client) -> None:
    other = world.clinician(plan.site.unit)
    plan.add(other)
    plan.book()
    plan.book(patient=plan.another(), overbook_reason="child with fever")
    gone = plan.another()
    cancel_appointment(appointment=plan.book(10, 0, patient=gone), reason=CancelReason.PATIENT_ILL, by=plan.by)
    address = reverse("scheduling:day_of", args=[plan.site.unit_id])
    page = desk.get(address, {"day": plan.monday}).content.decode()
    assert plan.patient.label() in page
    assert "overbooked" in page
    assert gone.label() not in page
    assert other.label() in page
    assert "9:15 AM" in page
    begun = desk.get(reverse("scheduling:find"), {"clinician": plan.clinician.pk}).content.decode()
    assert f'value="{plan.clinician.pk}" selected' in begun
    assert plan.patient.pk in reads()
    assert "Nobody has a session" in desk.get(address, {"day": plan.monday + dt.timedelta(days=1)}).content.decode()
    assert desk.get(address, {"day": "2026-02-31"}).status_code == 200
    assert desk.get(reverse("scheduling:day"), follow=True).status_code == 200


def test_the_day_says_what_is_off(world: World, plan: Schedule, desk: Client) -> None:
    other, third = world.clinician(plan.site.unit), world.clinician(plan.site.unit)
    plan.add(other)
    plan.add(third)
    cancel_session_day(session=plan.session, day=plan.monday, reason="training", by=HOUSE)
    record_absence(
        clinician=other, start=wall(plan.monday, 10), end=wall(plan.monday, 11), kind=AbsenceKind.MEETING, by=HOUSE
    )
    record_absence(
        clinician=third, start=wall(plan.monday, 0), end=wall(plan.monday, 23), kind=AbsenceKind.SICK, by=HOUSE
    )
    address = reverse("scheduling:day_of", args=[plan.site.unit_id])
    page = desk.get(address, {"day": plan.monday}).content.decode()
    assert "Cancelled on this day" in page
    assert page.count("Away on this day") == 1
    assert 'class="cell-off"' in page
    Closure.objects.create(unit=plan.site.unit, day=plan.monday, reason="snow")
    assert "The site is closed" in desk.get(address, {"day": plan.monday}).content.decode()


def test_queries_do_not_grow_with_the_number_of_visits(plan: Schedule, desk: Client) -> None:
    address = reverse("scheduling:day_of", args=[plan.site.unit_id])
    plan.book()
    desk.get(address, {"day": plan.monday})
    with CaptureQueriesContext(connection) as few:
        desk.get(address, {"day": plan.monday})
    for minute in (20, 40):
        plan.book(9, minute, patient=make_patient(plan.office))
        plan.book(10, minute, patient=make_patient(plan.office))
    with CaptureQueriesContext(connection) as many:
        desk.get(address, {"day": plan.monday})
    assert len(many) == len(few) <= 12
    with CaptureQueriesContext(connection) as finding:
        desk.get(search_address(plan, patient=plan.patient.pk))
    assert len(finding) <= 18
    booked = Appointment.objects.unscoped("test").first()
    assert booked is not None
    with CaptureQueriesContext(connection) as one:
        desk.get(reverse("scheduling:show", args=[booked.pk]))
    assert len(one) <= 16  # one or two of each room that has a panel there


# --- the wall -------------------------------------------------------------------------------------------------------


def test_another_member_s_scheduler_meets_nothing(world: World, plan: Schedule) -> None:
    booked = plan.book()
    stranger = signed_in(world, Role.SCHEDULER, unit=world.member_a.entity)
    for address in (
        reverse("scheduling:show", args=[booked.pk]),
        reverse("scheduling:day_of", args=[plan.site.unit_id]),
        reverse("scheduling:templates_of", args=[plan.site.unit_id]),
        f"{reverse('scheduling:find')}?patient={plan.patient.pk}",
        f"{reverse('scheduling:find')}?move={booked.pk}",
        f"{reverse('scheduling:find')}?patient=nonsense",
    ):
        assert stranger.get(address).status_code == 404, address
    assert stranger.post(reverse("scheduling:cancel", args=[booked.pk]), {"reason": "patient_ill"}).status_code == 404
    assert press(plan, stranger).status_code == 404
    page = stranger.get(search_address(plan)).content.decode()
    assert plan.clinician.label() not in page
    assert "No free time" in page
    found = stranger.get(reverse("scheduling:find"), {"q": plan.patient.family_name}).content.decode()
    assert plan.patient.mrn not in found


def test_who_has_no_site_is_told(world: World, plan: Schedule) -> None:
    lonely = signed_in(world, Role.SCHEDULER, unit=world.ipa)
    for name in ("day", "templates"):
        assert "No site for you yet" in lonely.get(reverse(f"scheduling:{name}")).content.decode()
