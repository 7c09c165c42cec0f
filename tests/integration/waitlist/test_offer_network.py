"""Who says yes by link has read before that their plan does not pay, and for which price."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from medguild.foundation.access.rules import Role
from medguild.operations.scheduling.care.models import NetworkAnswer
from medguild.operations.scheduling.models import Appointment
from medguild.operations.waitlist import links
from medguild.operations.waitlist.models import SlotOffer
from medguild.operations.waitlist.offering import Freed, offer_freed
from medguild.patients.identity.models import Patient
from medguild.payers.payers.models import Plan
from medguild.payers.pricing.models import FeeLine
from tests.factories.program import Program
from tests.factories.scheduling import Schedule, wall
from tests.factories.waitlist import out_of_network, wait_for
from tests.factories.world import World

pytestmark = pytest.mark.django_db


def offered(plan: Schedule, patient: Patient, **wanted: object) -> SlotOffer:
    """An offer at nine."""
    wait_for(plan, patient, **wanted)  # type: ignore[arg-type]
    freed = Freed(plan.clinician.pk, plan.site.unit_id, wall(plan.monday, 9), wall(plan.monday, 9, 20))
    return offer_freed(freed=freed)[0]


def address(plan: Schedule, patient: Patient, **wanted: object) -> str:
    """The page behind the link of that offer."""
    return f"/waitlist/o/{links.token_of(offered(plan, patient, **wanted).pk)}/"


def mark(page: str) -> str:
    found = re.search(r'name="read" value="(\w+)"', page)
    assert found
    return found[1]


def answers() -> list[NetworkAnswer]:
    return list(NetworkAnswer.objects.unscoped("test"))


def test_it_is_told_with_the_price_before_the_yes_and_kept(client: Client, plan: Schedule) -> None:
    out_of_network(plan, plan.patient)
    page = client.get(where := address(plan, plan.patient)).content.decode()
    assert "is not in the network of your plan" in page
    assert "$150.00" in page
    assert Plan.objects.get().name not in page, "whoever has the link reads this"
    assert "This time is yours" in client.post(where, {"answer": "yes", "read": mark(page)}).content.decode()
    booked = Appointment.objects.unscoped("test").get()
    [kept] = answers()
    assert (kept.appointment_id, kept.answer, kept.channel, kept.price) == (booked.pk, "self_pay", "link", 15_000)
    assert "$150.00" in kept.words
    assert booked.network == "out"


def test_a_yes_to_other_words_is_asked_again(client: Client, plan: Schedule) -> None:
    out_of_network(plan, plan.patient)
    where = address(plan, plan.patient)
    before = mark(client.get(where).content.decode())
    FeeLine.objects.unscoped("test").update(amount=19_900)
    for sent in ({"answer": "yes", "read": before}, {"answer": "yes"}):
        again = client.post(where, sent)
        assert again.status_code == 409
        assert "$199.00" in again.content.decode()
    assert not Appointment.objects.unscoped("test").exists()
    client.post(where, {"answer": "yes", "read": mark(client.get(where).content.decode())})
    assert [one.price for one in answers()] == [19_900]


def test_nothing_is_told_where_nothing_is_to_be_told(client: Client, plan: Schedule) -> None:
    where = address(plan, plan.patient)
    assert "network" not in client.get(where).content.decode()
    client.post(where, {"answer": "yes"})
    assert answers() == []


def test_a_visit_brought_forward_by_link_keeps_the_answer_too(client: Client, plan: Schedule) -> None:
    later = plan.book(11, patient=plan.patient)
    out_of_network(plan, plan.patient)
    where = address(plan, plan.patient, instead_of=later)
    client.post(where, {"answer": "yes", "read": mark(client.get(where).content.decode())})
    later.refresh_from_db()
    assert later.start == wall(plan.monday, 9)
    assert [(one.appointment_id, one.channel) for one in answers()] == [(later.pk, "link")]


def test_a_no_needs_no_reading(client: Client, plan: Schedule) -> None:
    out_of_network(plan, plan.patient)
    where = address(plan, plan.patient)
    assert "You said no" in client.post(where, {"answer": "no"}).content.decode()
    assert answers() == []


def test_at_the_desk_a_yes_is_asked_about_the_price_and_kept(client: Client, world: World, plan: Schedule) -> None:
    out_of_network(plan, plan.patient)
    offer, user = offered(plan, plan.patient), world.user(Role.SCHEDULER)
    client.force_login(user)
    where = f"/waitlist/offers/{offer.pk}/"
    page = client.post(where, {"answer": "yes"})
    assert page.status_code == 422
    assert "$150.00" in page.content.decode()
    assert not Appointment.objects.unscoped("test").exists()
    sent = {
        "answer": "yes", "network_words": page.context["told"].words, "network_answer": "self_pay",
        "network_channel": "phone",
    }  # fmt: skip
    assert client.post(where, sent | {"network_words": "older words"}).status_code == 422
    again = client.post(where, sent | {"network_channel": ""})
    assert "Say how the patient was told." in again.content.decode()
    assert "How was the patient told? <span" not in again.content.decode(), "it is not called optional"
    assert not Appointment.objects.unscoped("test").exists()
    client.post(where, sent)
    [kept] = answers()
    assert (kept.answer, kept.channel, kept.price, kept.asked_by) == ("self_pay", "phone", 15_000, user.pk)
    assert kept.appointment == Appointment.objects.unscoped("test").get()


def test_at_the_desk_who_wants_another_clinician_keeps_the_place(client: Client, world: World, plan: Schedule) -> None:
    out_of_network(plan, plan.patient)
    offer = offered(plan, plan.patient)
    client.force_login(world.user(Role.SCHEDULER))
    where = f"/waitlist/offers/{offer.pk}/"
    words = client.post(where, {"answer": "yes"}).context["told"].words
    sent = {"network_words": words, "network_answer": "other_clinician", "network_channel": "phone"}
    client.post(where, {"answer": "yes", **sent})
    offer.refresh_from_db()
    assert (offer.status, offer.entry.status) == ("declined", "waiting")
    [kept] = answers()
    assert (kept.patient_id, kept.clinician_id, kept.appointment_id) == (plan.patient.pk, plan.clinician.pk, None)
    assert (kept.answer, kept.channel, kept.words) == ("other_clinician", "phone", words)


def test_a_program_sends_the_answer_with_the_no(world: World, plan: Schedule) -> None:
    out_of_network(plan, plan.patient)
    offer, program = offered(plan, plan.patient), Program(Role.SCHEDULER, world.main.entity)
    where, half = f"/waitlist/offers/{offer.pk}/decline", {"answer": "other_clinician", "words": "Not paid."}
    assert program.post(where, {"network_answer": half}).status_code == 422
    assert program.post(where, {"network_answer": half | {"channel": "phone"}}).status_code == 204
    assert [(one.answer, one.words) for one in answers()] == [("other_clinician", "Not paid.")]


def test_a_program_sends_the_answer_with_the_yes(world: World, plan: Schedule) -> None:
    out_of_network(plan, plan.patient)
    offer, program = offered(plan, plan.patient), Program(Role.SCHEDULER, world.main.entity)
    where = f"/waitlist/offers/{offer.pk}/accept"
    refused = program.post(where, {})
    assert (refused.status_code, refused.json()["code"]) == (422, "network_answer_needed")
    answer = {"answer": "self_pay", "channel": "phone", "words": refused.json()["detail"]}
    assert program.post(where, {"network_answer": answer}).status_code == 200
    assert [(one.answer, one.channel) for one in answers()] == [("self_pay", "phone")]
