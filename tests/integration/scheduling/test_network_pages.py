"""What the desk sees and asks when a plan does not pay here."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from medguild.foundation.access.rules import Role
from medguild.operations.scheduling.models import Appointment, Hold
from medguild.operations.scheduling.network.rules import nobody_asked
from medguild.payers.remote.rules import RemoteMode, RemoteTerms
from medguild.payers.remote.services import set_remote_rule
from tests.factories.network import answers, cover, in_network, out_of_network
from tests.factories.payers import make_plan, make_remote_rule
from tests.factories.scheduling import Schedule, wall
from tests.factories.world import HOUSE, START, World


def press(plan: Schedule, client: Client) -> str:
    client.post(
        reverse("scheduling:hold", args=[plan.patient.pk]),
        {"clinician": plan.clinician.pk, "site": plan.site.unit_id, "visit_type": plan.kind.pk,
         "start": wall(plan.monday, 9).isoformat()},
    )  # fmt: skip
    return reverse("scheduling:book", args=[plan.patient.pk, Hold.objects.unscoped("test").get().pk])


@pytest.fixture
def desk(world: World, plan: Schedule) -> Client:
    client = Client()
    client.force_login(world.user(Role.SCHEDULER))
    return client


def test_the_page_warns_and_stores_the_answer(plan: Schedule, desk: Client) -> None:
    out_of_network(plan)
    address = press(plan, desk)
    page = desk.get(address).content.decode()
    assert "Out of network" in page
    assert "is not in the network of Cascade PPO" in page
    data = {"reason_category": "acute", "mode": "in_person", "network_channel": "", "network_reason": ""}
    assert desk.post(address, data).status_code == 422
    booked = desk.post(address, data | {"network_answer": "self_pay", "network_channel": "phone"})
    visit = Appointment.objects.unscoped("test").get()
    assert booked.url == reverse("scheduling:show", args=[visit.pk])
    [kept] = answers()
    assert "is not in the network of Cascade PPO" in kept.words
    shown = desk.get(booked.url).content.decode()
    assert "pays what the plan does not" in shown


def test_who_wants_another_clinician_gets_those_in_network(plan: Schedule, desk: Client) -> None:
    out_of_network(plan)
    address = press(plan, desk)
    answer = desk.post(
        address,
        {"reason_category": "acute", "mode": "in_person", "network_answer": "other_clinician",
         "network_channel": "phone", "network_reason": ""},
    )  # fmt: skip
    assert "in_network=on" in answer.url
    [kept] = answers()
    assert kept.appointment_id is None
    assert not Hold.objects.unscoped("test").exists()
    assert not Appointment.objects.unscoped("test").exists()


def test_an_answer_that_lacks_something_is_asked_for_on_the_same_page(plan: Schedule, desk: Client) -> None:
    out_of_network(plan)
    address = press(plan, desk)
    data = {"reason_category": "acute", "reason": "Cough", "mode": "in_person", "network_answer": "other_clinician"}
    answer = desk.post(address, data | {"network_channel": "", "network_reason": ""})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Say how the patient was told." in page
    assert ">Cough</textarea>" in page.replace("\n", "")
    assert Hold.objects.unscoped("test").exists()
    assert answers() == []


def test_an_answer_is_kept_later_on_the_visits_page(plan: Schedule, desk: Client) -> None:
    out_of_network(plan)
    booked = plan.book(network_answer=nobody_asked("Booked by a yes to an offer"))
    address = reverse("scheduling:network_answer", args=[booked.pk])
    assert "is not in the network" in desk.get(address).content.decode()
    desk.post(address, {"network_answer": "asks_plan", "network_channel": "in_person", "network_reason": ""})
    assert [one.answer for one in answers()] == ["not_asked", "asks_plan"]


def test_unknown_is_shown_as_unknown_and_asks_nothing(plan: Schedule, desk: Client) -> None:
    cover(plan, make_plan())
    page = desk.get(press(plan, desk)).content.decode()
    assert "Network not known" in page
    assert 'name="network_answer"' not in page


def test_who_overbooks_is_asked_about_the_network_only_for_a_time_that_can_be(plan: Schedule, desk: Client) -> None:
    out_of_network(plan)
    plan.book(9, patient=plan.another())
    address = reverse("scheduling:overbook", args=[plan.patient.pk, plan.kind.pk, plan.clinician.pk, plan.site.unit_id])
    data = {"time": "09:00", "overbook_reason": "fever", "reason_category": "acute", "mode": "in_person"}
    page = desk.post(address, data | {"day": "2026-01-05"}).content.decode()
    assert "This day is over" in page
    assert "What does the patient say?" not in page
    page = desk.post(address, data | {"day": plan.monday}).content.decode()
    assert "What does the patient say?" in page
    said = {"network_answer": "self_pay", "network_channel": "phone", "network_reason": ""}
    assert desk.post(address, data | {"day": plan.monday} | said).status_code == 302
    assert [one.words[:12] for one in answers()] == ["A visit with"]


def test_the_desk_is_told_which_remote_modes_the_payer_does_not_pay(plan: Schedule, desk: Client) -> None:
    held = in_network(plan)
    plan.kind.modes = ["in_person", "video", "phone"]
    plan.kind.save()
    not_paid = RemoteTerms(covered=False)
    set_remote_rule(payer=held.payer, mode=RemoteMode.PHONE, terms=not_paid, start=START, by=HOUSE)
    address = press(plan, desk)
    page = desk.get(address).content.decode()
    assert f"Phone: {held.payer.name} does not pay such visits on that day." in page
    assert f"Video: nothing is on file of what {held.payer.name} pays on that day." in page
    make_remote_rule(held.payer)
    assert "Video: nothing" not in desk.get(address).content.decode()
