"""Series at the desk: planned, confirmed, changed from a visit on, ended."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client

from medguild.foundation.access.rules import Role
from medguild.foundation.organization.models import Closure
from medguild.foundation.organization.people import Licence
from medguild.operations.scheduling.care.models import NetworkAnswer
from medguild.operations.scheduling.models import Appointment
from medguild.operations.series.models import Series
from medguild.operations.series.selectors import live_occurrences
from medguild.patients.coverage.models import Coverage
from medguild.payers.networks import services as networks
from medguild.payers.networks.rules import Standing
from medguild.payers.payers.rules import PlanKind
from tests.factories.payers import make_network, make_plan
from tests.factories.scheduling import Schedule, schedule, wall
from tests.factories.series import booked_series, every_morning
from tests.factories.world import HOUSE, START, World

pytestmark = pytest.mark.django_db
WEEK = dt.timedelta(weeks=1)


@pytest.fixture
def plan(world: World) -> Schedule:
    made = schedule(world)
    every_morning(made)
    _ = made.patient
    return made


def sent(plan: Schedule, **changes: object) -> dict[str, object]:
    given: dict[str, object] = {
        "visit_type": plan.kind.pk, "clinician": plan.clinician.pk, "site": plan.site.unit_id,
        "first": plan.monday.isoformat(), "time": "09:00", "step": "1", "every": "week", "times": "3",
        "reason_category": "follow_up",
    }  # fmt: skip
    return given | changes


def test_no_time_is_proposed_on_a_day_on_which_the_clinician_may_not(
    client: Client, world: World, plan: Schedule
) -> None:
    last = plan.monday + dt.timedelta(days=10)
    Licence.objects.filter(clinician=plan.clinician).update(period=DateRange(START, last))
    client.force_login(world.user(Role.SCHEDULER))
    page = client.post(f"/series/new/{plan.patient.pk}/", sent(plan, times="4")).content.decode()
    proposed = re.findall(r'<option value="(\d{4}-\d\d-\d\d)T', page)
    assert proposed
    assert max(proposed) < last.isoformat()


def options_of(page: str, number: int) -> list[str]:
    (select,) = re.findall(rf'<select name="choice-{number}".*?</select>', page, re.DOTALL)
    return re.findall(r'<option value="([^"]+)"', select)


def test_another_time_stays_between_the_visits_beside_it(client: Client, world: World, plan: Schedule) -> None:
    Licence.objects.filter(clinician=plan.clinician).update(period=DateRange(START, plan.monday + dt.timedelta(10)))
    client.force_login(world.user(Role.SCHEDULER))
    page = client.post(f"/series/new/{plan.patient.pk}/", sent(plan, times="4")).content.decode()
    third = options_of(page, 3)
    assert min(third) > (plan.monday + WEEK).isoformat()
    assert len(third) > 1
    assert options_of(page, 4) == ["skip"]


def test_a_series_begins_with_whom_the_patient_sees_and_where(client: Client, world: World, plan: Schedule) -> None:
    seen = plan.book()
    Appointment.objects.unscoped("test").filter(pk=seen.pk).update(status="fulfilled")
    client.force_login(world.user(Role.SCHEDULER))
    form = client.get(f"/series/new/{plan.patient.pk}/").context["form"]
    assert form["site"].value() == str(plan.patient.home_unit_id)
    assert form["clinician"].value() == str(plan.clinician.pk)


def test_each_visit_is_seen_before_all_are_booked(client: Client, world: World, plan: Schedule) -> None:
    Closure.objects.create(unit=plan.site.unit, day=plan.monday + WEEK, reason="Holiday")
    client.force_login(world.user(Role.SCHEDULER))
    address = f"/series/new/{plan.patient.pk}/"
    page = client.post(address, sent(plan)).content.decode()
    assert "The site is closed on this day" in page
    assert not Appointment.objects.unscoped("test").exists()
    (token,) = re.findall(r'name="confirm" value="([^"]+)"', page)
    other = re.findall(r'<option value="(\d{4}-[^"]+)"', page)[0]

    confirmed = sent(plan, **{"confirm": token, "choice-1": "as_planned", "choice-2": other, "choice-3": "skip"})
    shown = client.post(address, confirmed, follow=True).content.decode()
    series = Series.objects.unscoped("test").get()
    assert str(series.pk) == token
    booked = [one.appointment.start if one.appointment else None for one in live_occurrences(series)]
    assert booked == [wall(plan.monday, 9), dt.datetime.fromisoformat(other), None]
    assert "This one was moved" in shown
    client.post(address, confirmed)
    assert Appointment.objects.unscoped("test").count() == 2


def test_what_was_taken_meanwhile_is_told_and_nothing_is_booked(client: Client, world: World, plan: Schedule) -> None:
    client.force_login(world.user(Role.SCHEDULER))
    plan.book(start=wall(plan.monday, 9), patient=plan.another())
    address = f"/series/new/{plan.patient.pk}/"
    answer = client.post(address, sent(plan, confirm="01a20000-0000-7000-8000-000000000001"))
    assert answer.status_code == 422
    assert "Nothing was changed" in answer.content.decode()
    assert Appointment.objects.unscoped("test").count() == 1


def test_what_was_chosen_stays_chosen_when_something_is_refused(client: Client, world: World, plan: Schedule) -> None:
    client.force_login(world.user(Role.SCHEDULER))
    plan.book(start=wall(plan.monday, 9), patient=plan.another())
    data = sent(plan, confirm="01a20000-0000-7000-8000-000000000001") | {"choice-3": "skip"}
    page = client.post(f"/series/new/{plan.patient.pk}/", data).content.decode()
    assert "Nothing was changed" in page
    assert re.findall(r'<option value="([^"]+)" selected', page) == ["skip"]


def out_of_network(plan: Schedule) -> None:
    """The plan's network lists the group, and the clinician as no participant."""
    held = make_plan(kind=PlanKind.HMO)
    network = make_network(held, entity=plan.office.entity)
    networks.list_clinician(
        network=network, entity=plan.office.entity, clinician=plan.clinician, standing=Standing.OUT, start=START,
        by=HOUSE,
    )  # fmt: skip
    Coverage.objects.create(
        patient=plan.patient, payer=held.payer, plan=held, rank="primary", member_id="M1", relation="self",
        period=DateRange(START, None),
    )  # fmt: skip


def test_out_of_network_the_patient_is_asked_once_for_all(client: Client, world: World, plan: Schedule) -> None:
    out_of_network(plan)
    client.force_login(world.user(Role.SCHEDULER))
    address = f"/series/new/{plan.patient.pk}/"
    page = client.post(address, sent(plan)).content.decode()
    assert "What does the patient say?" in page
    (token,) = re.findall(r'name="confirm" value="([^"]+)"', page)
    refused = client.post(address, sent(plan, confirm=token))
    assert refused.status_code == 422
    said = {"network_words": "Told", "network_answer": "self_pay", "network_channel": "phone", "network_reason": ""}
    client.post(address, sent(plan, confirm=token) | said)
    assert Appointment.objects.unscoped("test").count() == 3
    answers = NetworkAnswer.objects.unscoped("test")
    assert {one.words for one in answers} == {"Told"}
    assert answers.count() == 3


def test_out_of_network_the_patient_is_asked_before_another_time_is_booked(
    client: Client, world: World, plan: Schedule
) -> None:
    out_of_network(plan)
    client.force_login(world.user(Role.SCHEDULER))
    plan.book(start=wall(plan.monday, 9), patient=plan.another())
    page = client.post(f"/series/new/{plan.patient.pk}/", sent(plan, times="1")).content.decode()
    assert "Not possible" in page
    assert "What does the patient say?" in page


def test_a_number_out_of_range_is_said_once(client: Client, world: World, plan: Schedule) -> None:
    client.force_login(world.user(Role.SCHEDULER))
    page = client.post(f"/series/new/{plan.patient.pk}/", sent(plan, times="99")).content.decode()
    assert "less than or equal to 60" in page
    assert "one of the two" not in page


def test_a_rule_needs_one_end(client: Client, world: World, plan: Schedule) -> None:
    client.force_login(world.user(Role.SCHEDULER))
    page = client.post(f"/series/new/{plan.patient.pk}/", sent(plan, times=""))
    assert page.status_code == 422
    assert "one of the two" in page.content.decode()


def test_from_a_visit_on_and_to_the_end(client: Client, world: World, plan: Schedule) -> None:
    series = booked_series(plan, times=3)
    client.force_login(world.user(Role.SCHEDULER))
    address = f"/series/{series.pk}/2/"
    assert "Change the series" in client.get(address).content.decode()
    rule = sent(plan, first=(plan.monday + WEEK).isoformat(), time="10:00", times="2", who="practice",
                drop_reason="patient_request")  # fmt: skip
    assert "will be moved" in client.post(address, rule).content.decode()
    client.post(address, rule | {"confirm": "1"})
    assert [one.appointment.start for one in live_occurrences(series) if one.appointment] == [
        wall(plan.monday, 9), wall(plan.monday + WEEK, 10), wall(plan.monday + 2 * WEEK, 10),
    ]  # fmt: skip
    page = client.get(f"/series/{series.pk}/").content.decode()
    assert "From visit 2" in page
    visit = live_occurrences(series)[1].appointment
    assert visit is not None
    assert "Visit 2 of a series" in client.get(f"/schedule/appointments/{visit.pk}/").content.decode()
    client.post(f"/series/{series.pk}/1/end/", {"reason": "patient_request", "also_moved": "on"})
    assert set(Appointment.objects.unscoped("test").values_list("status", flat=True)) == {"cancelled"}


def test_a_series_ends_from_the_visit_on_whose_page_is_open(client: Client, world: World, plan: Schedule) -> None:
    series = booked_series(plan, times=3)
    client.force_login(world.user(Role.SCHEDULER))
    page = client.get(f"/series/{series.pk}/2/").content.decode()
    assert "Visit 2 and all that follow are given up" in page
    (address,) = re.findall(r'action="(/series/[^"]+/end/)"', page)
    client.post(address, {"reason": "patient_request", "also_moved": "on"})
    standing = [one.appointment.status for one in live_occurrences(series) if one.appointment]
    assert standing == ["booked", "cancelled", "cancelled"]
