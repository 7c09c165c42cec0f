"""Pages of attendance as their users see them."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client
from django.utils.html import escape

from medguild.foundation.access.rules import Role
from medguild.foundation.events.models import Event
from medguild.foundation.kernel.clock import now
from medguild.operations.attendance import training
from medguild.operations.attendance.choices import note_choice
from medguild.operations.attendance.models import SlotChoice
from medguild.operations.attendance.session_advice import Verdict, advice_for
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.rules import AbsenceKind, AppointmentStatus
from medguild.operations.scheduling.templating import cancel_session_day, record_absence, remove_absence
from tests.factories.attendance import live, trained, visit
from tests.factories.scheduling import Schedule, wall
from tests.factories.world import HOUSE, World

pytestmark = pytest.mark.django_db


def fill(plan: Schedule, *, every: int = 20) -> list[Appointment]:
    """The Monday morning booked up, each by another patient."""
    booked = []
    for minute in range(0, 180, every):
        booked.append(plan.book(9 + minute // 60, minute % 60, patient=plan.another()))
    return booked


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return re.sub(r"\s+", " ", answer.content.decode())


def test_rates_open_the_visits_they_count(client: Client, world: World, plan: Schedule) -> None:
    live(plan, visits=300, days=80)
    client.force_login(world.user(Role.SCHEDULER))
    for by in ("clinician", "visit_type", "lead", "site", "weekday"):
        shown = page(client, f"/attendance/?by={by}&days=90")
        rows = re.findall(r'<a href="([^"]+)">([\d,]+)</a></td> <td [^>]+><a href="([^"]+)">([\d,]+)</a>', shown)
        assert rows, by
        for due_href, due, missed_href, missed in rows[:3]:
            for href, count in ((due_href, due), (missed_href, missed)):
                listed = client.get(href.replace("&amp;", "&"))
                assert listed.context["table"].page.paginator.count == int(count), (by, href)


def test_without_visits_every_page_says_what_to_do(client: Client, world: World, plan: Schedule) -> None:
    client.force_login(world.user(Role.PRACTICE_MANAGER))
    assert "No visits in this time" in page(client, "/attendance/")
    assert "No model yet" in page(client, f"/attendance/sessions/{plan.site.unit_id}/")
    assert "No model yet" in page(client, "/attendance/model/")
    assert "nothing to audit" in page(client, "/attendance/fairness/")
    assert "No proposals yet" in page(client, "/attendance/choices/")


def test_the_page_says_how_to_add_what_is_missing_and_the_rest_works(
    client: Client, world: World, plan: Schedule, monkeypatch: pytest.MonkeyPatch, good_enough: None
) -> None:
    live(plan)
    trained(world, plan)
    booked = fill(plan)
    monkeypatch.setattr(training, "LIBRARIES", ("no-such-library",))
    client.force_login(world.user(Role.PRACTICE_MANAGER))
    shown = page(client, "/attendance/model/")
    assert "make analytics" in shown
    assert "works without it" in shown
    assert "Will the patient come?" in page(client, f"/schedule/appointments/{booked[0].pk}/")
    assert "expected" in page(client, f"/attendance/sessions/{plan.site.unit_id}/").lower()


def test_the_model_is_shown_with_and_without_same_day_bookings(
    client: Client, world: World, plan: Schedule, good_enough: None
) -> None:
    live(plan)
    model = trained(world, plan)
    client.force_login(world.user(Role.PRACTICE_MANAGER, world.enterprise))
    shown = page(client, "/attendance/model/")
    for words in ("AUC without same-day bookings", "Lead time alone", "Brier score", "no race", "Learn anew", "in use"):
        assert words in shown, words
    assert f"{model.evaluation.later.auc:.3f}" in shown
    assert "Version 1" in page(client, f"/attendance/model/{model.pk}/")
    answer = client.post(f"/attendance/model/train/{world.enterprise.pk}/", follow=True)
    assert "being learned" in answer.content.decode()
    again = client.post(f"/attendance/model/train/{world.enterprise.pk}/", follow=True)
    assert "on its way" in again.content.decode()


def test_a_model_below_the_bar_gives_no_advice_and_says_why(client: Client, world: World, plan: Schedule) -> None:
    live(plan, visits=300)
    assert trained(world, plan).shortfalls
    booked = fill(plan)
    client.force_login(world.user(Role.SCHEDULER))
    shown = page(client, f"/attendance/sessions/{plan.site.unit_id}/")
    assert "Not good enough, so no advice" in shown
    assert "too few visits" in shown
    assert "Will the patient come?" not in page(client, f"/schedule/appointments/{booked[0].pk}/")


def test_a_visit_says_what_raises_it_for_schedulers_alone(
    client: Client, world: World, plan: Schedule, good_enough: None
) -> None:
    live(plan)
    trained(world, plan)
    booked = fill(plan)[0]
    client.force_login(world.user(Role.SCHEDULER))
    shown = page(client, f"/schedule/appointments/{booked.pk}/")
    assert "Will the patient come?" in shown
    assert re.search(r"<dt>(Raises|Lowers) it</dt><dd>[a-z]", shown)
    assert "Own earlier visits</dt><dd>0, of these 0 missed" in shown
    client.force_login(world.user(Role.BILLER))
    assert "Will the patient come?" not in page(client, f"/schedule/appointments/{booked.pk}/")


def test_advice_is_of_the_session_and_the_same_for_every_patient(
    client: Client, world: World, plan: Schedule, good_enough: None
) -> None:
    live(plan, miss=5)
    trained(world, plan)
    fill(plan)
    told = advice_for(world.actor(Role.SCHEDULER), plan.site)
    (one,) = told.sessions
    assert (one.booked, one.verdict) == (9, Verdict.PAYS)
    assert one.shows is not None
    assert 0 < one.shows < 9
    assert one.start == wall(plan.monday, 9)
    assert one.extra is not None
    assert one.extra.shows == pytest.approx(one.shows / one.booked)
    assert one.waiting_added > 0
    client.force_login(world.user(Role.SCHEDULER))
    shown = page(client, f"/attendance/sessions/{plan.site.unit_id}/")
    assert "One more visit may pay" in shown
    assert "minutes of waiting" in shown
    paths = [
        f"/schedule/overbook/{patient.pk}/{plan.kind.pk}/{plan.clinician.pk}/{plan.site.unit_id}/"
        for patient in (plan.another(), plan.another())
    ]
    advice = [re.search(r"What is advised.*?</ul>", page(client, path)) for path in paths]
    assert all(advice)
    assert advice[0].group() == advice[1].group()  # type: ignore[union-attr]


def test_free_time_is_given_before_anything_is_overbooked(world: World, plan: Schedule, good_enough: None) -> None:
    live(plan, miss=5)
    trained(world, plan)
    fill(plan, every=40)
    (one,) = advice_for(world.actor(Role.SCHEDULER), plan.site).sessions
    assert (one.verdict, one.extra) == (Verdict.FREE_TIME, None)


def test_few_visits_are_not_summed(world: World, plan: Schedule, good_enough: None) -> None:
    """A sum over one visit would be a person's probability."""
    live(plan)
    trained(world, plan)
    plan.book(9)
    plan.book(10, patient=plan.another())
    (one,) = advice_for(world.actor(Role.SCHEDULER), plan.site).sessions
    assert (one.verdict, one.shows, one.over_full) == (Verdict.FEW, None, None)


def test_of_a_session_that_does_not_take_place_nothing_is_advised(
    world: World, plan: Schedule, good_enough: None
) -> None:
    live(plan)
    trained(world, plan)
    plan.book(9)
    assert advice_for(world.actor(Role.SCHEDULER), plan.site).sessions
    start, end = wall(plan.monday, 0), wall(plan.monday, 23)
    away = record_absence(clinician=plan.clinician, start=start, end=end, kind=AbsenceKind.SICK, by=HOUSE)
    assert not advice_for(world.actor(Role.SCHEDULER), plan.site).sessions
    remove_absence(absence=away, by=HOUSE)
    cancel_session_day(session=plan.session, day=plan.monday, reason="Training of all", by=HOUSE)
    assert not advice_for(world.actor(Role.SCHEDULER), plan.site).sessions


def test_where_few_miss_no_overbooking_is_advised(world: World, plan: Schedule, good_enough: None) -> None:
    live(plan, miss=0.6, visits=1200)
    trained(world, plan)
    fill(plan)
    (one,) = advice_for(world.actor(Role.SCHEDULER), plan.site).sessions
    assert one.verdict in (Verdict.NONE, Verdict.SMALL)
    assert one.money < 12_000


def test_the_limit_of_the_site_goes_before_the_advice(world: World, plan: Schedule, good_enough: None) -> None:
    live(plan, miss=5)
    trained(world, plan)
    fill(plan)
    for minute in (0, 20, 40, 60):
        row = visit(
            plan.office, plan.another(), plan, wall(plan.monday, 13) + dt.timedelta(minutes=minute), 3,
            AppointmentStatus.BOOKED,
        )  # fmt: skip
        row.overbooked, row.overbook_reason = True, "By telephone"
        row.save()
    told = advice_for(world.actor(Role.SCHEDULER), plan.site)
    assert [one.verdict for one in told.sessions] == [Verdict.LIMIT]


def test_other_offices_sessions_are_not_seen(world: World, plan: Schedule, good_enough: None) -> None:
    live(plan)
    trained(world, plan)
    fill(plan)
    assert advice_for(world.actor(Role.SCHEDULER, world.member_a.entity), plan.site).sessions == []


def test_fairness_is_shown_by_group_with_small_groups_hidden(
    client: Client, world: World, plan: Schedule, good_enough: None
) -> None:
    live(plan)
    trained(world, plan)
    client.force_login(world.user(Role.PRACTICE_MANAGER))
    shown = page(client, "/attendance/fairness/")
    for words in ("Sex on record", "Language", "Kind of payer", "Wrongly high", "fewer than 11"):
        assert words in shown, words


def test_choices_are_counted_by_role_and_by_group(client: Client, world: World, plan: Schedule) -> None:
    desk = world.actor(Role.SCHEDULER)
    booked = fill(plan)
    for place, one in zip((1, 1, 3, None), booked, strict=False):
        note_choice(
            appointment=one, proposed=5, place=place, by=desk, reason="Asked for by the patient" if not place else ""
        )
    kept = note_choice(appointment=booked[0], proposed=5, place=4, by=desk)
    assert (kept.place, SlotChoice.objects.unscoped("test").count()) == (1, 4)
    beyond = note_choice(appointment=booked[4], proposed=2, place=9, by=HOUSE)
    assert (beyond.choice, beyond.place) == ("other", None)

    client.force_login(world.user(Role.SCHEDULER))
    shown = page(client, "/attendance/choices/")
    assert "Asked for by the patient" in shown
    assert "Scheduler" in shown
    assert "By sex on record" not in shown
    context = client.get("/attendance/choices/").context
    numbers = [context["whole"], *(line for table in context["tables"] for line in table.rows)]
    assert len(numbers) >= 3
    for line in numbers:
        for number, href in zip(line.cells, line.links, strict=True):
            assert f'href="{escape(href)}"' in shown
            if isinstance(number, int):
                assert len(client.get(href).context["table"].rows) == number, href
    client.force_login(world.user(Role.PRACTICE_MANAGER))
    shown = page(client, "/attendance/choices/")
    assert "By sex on record" in shown
    assert "too few to tell" in shown


def test_a_booking_from_the_search_tells_which_proposal_was_taken(client: Client, world: World, plan: Schedule) -> None:
    client.force_login(world.user(Role.SCHEDULER))
    patient = plan.patient
    held = client.post(
        f"/schedule/book/{patient.pk}/hold/?proposed=9&place=2",
        {"visit_type": plan.kind.pk, "clinician": plan.clinician.pk, "site": plan.site.unit_id,
         "start": wall(plan.monday, 9, 20).isoformat(), "proposed": 9, "place": 2},
    )  # fmt: skip
    address = held["Location"]
    if "place=" not in address:
        address += "?proposed=9&place=2"
    client.post(address, {"reason_category": "follow_up", "reason": "", "mode": "in_person"})
    noted = SlotChoice.objects.unscoped("test").get()
    assert (noted.choice, noted.place, noted.proposed, noted.role) == ("later", 2, 9, "scheduler")
    assert noted.appointment.patient_id == patient.pk


def test_overbooking_is_a_time_of_ones_own_with_its_reason(client: Client, world: World, plan: Schedule) -> None:
    client.force_login(world.user(Role.SCHEDULER))
    plan.book(9)
    other = plan.another()
    client.post(
        f"/schedule/overbook/{other.pk}/{plan.kind.pk}/{plan.clinician.pk}/{plan.site.unit_id}/",
        {"day": plan.monday.isoformat(), "time": "09:00", "overbook_reason": "Fever since two days",
         "reason_category": "acute", "reason": "", "mode": "in_person"},
    )  # fmt: skip
    noted = SlotChoice.objects.unscoped("test").get()
    assert (noted.choice, noted.reason) == ("other", "Fever since two days")
    told = Event.objects.unscoped("test").filter(subject_id=noted.appointment_id, type__startswith="appointment.")
    types = set(told.values_list("type", flat=True))
    assert "appointment.own_time_chosen" in types
    assert "appointment.time_chosen" not in types  # nothing was proposed


def test_pages_stay_few_in_queries_with_many_visits(
    client: Client, world: World, plan: Schedule, good_enough: None, django_assert_max_num_queries: object
) -> None:
    live(plan)
    trained(world, plan)
    fill(plan)
    client.force_login(world.user(Role.SCHEDULER))
    for path in ("/attendance/", f"/attendance/sessions/{plan.site.unit_id}/", "/attendance/model/"):
        client.get(path)
        with django_assert_max_num_queries(45):  # type: ignore[operator]
            client.get(path)
    assert now()
