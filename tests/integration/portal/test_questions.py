"""Patients write questions from their own record, and see what was asked and answered; nobody else does."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from medguild.experience.portal.asking import LONGEST_QUESTION, ask
from medguild.experience.portal.views_questions import QUESTIONS_A_MINUTE
from medguild.foundation.access.rules import Role
from medguild.foundation.access.selectors import actor_of_user
from medguild.foundation.events.models import Event
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.foundation.kernel.ids import new_id
from medguild.foundation.work.duties import assign_duty
from medguild.foundation.work.models import WorkItem
from medguild.operations.promises.models import Inquiry
from medguild.operations.promises.rules import Answered
from medguild.operations.promises.services import answer_inquiry
from medguild.patients.identity.models import Patient
from tests.factories.patients import make_patient
from tests.factories.world import HOUSE, START, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def patient(world: World) -> Patient:
    return make_patient(world, unit=world.main.site_unit)


def reader(world: World, patient: Patient, role: Role = Role.PATIENT) -> Client:
    client = Client()
    client.force_login(world.user(role, patient_id=patient.pk))
    return client


def page_of(patient: Patient) -> str:
    return reverse("portal:questions", args=[patient.pk])


def sent(client: Client, patient: Patient, text: str, **more: str) -> dict[str, str]:
    page = client.get(page_of(patient)).content.decode()
    token = re.search(r'name="token" value="([0-9a-f-]+)"', page)
    assert token
    return {"site": str(patient.home_unit_id), "text": text, "token": token[1]} | more


def asked() -> list[Inquiry]:
    return list(Inquiry.objects.unscoped("test").order_by("received_at"))


def test_a_question_becomes_work_of_the_site_and_its_answer_is_read(world: World, patient: Patient) -> None:
    assign_duty(work_type="answer.portal", unit=world.main.entity, role=Role.FRONT_DESK, start=START, by=HOUSE)
    client = reader(world, patient)
    assert page_of(patient) in client.get(reverse("portal:record", args=[patient.pk])).content.decode()
    data = sent(client, patient, "May I take both together?")
    for _ in range(2):
        page = client.post(page_of(patient), data, follow=True).content.decode()
    assert "May I take both together?" in page
    assert "Not answered yet" in page
    [held] = asked()
    assert (held.patient_id, held.channel, held.unit_id) == (patient.pk, "portal", patient.home_unit_id)
    assert WorkItem.objects.unscoped("test").filter(work_type="answer.portal", patient_id=patient.pk).count() == 1
    told = Event.objects.unscoped("test").get(type="portal.asked")
    assert (told.actor_kind, "together" in str(told.data)) == ("patient", False)
    client.post(page_of(patient), data | {"text": "And in the morning?"})
    assert len(asked()) == 2, "other words are another question"

    answer_inquiry(inquiry=held, how=Answered.SAME_WAY, answer="Yes, with food.", by=HOUSE)
    answer_inquiry(inquiry=asked()[1], how=Answered.PHONE, answer="Sounded worried.", by=HOUSE)
    page = client.get(page_of(patient)).content.decode()
    assert "Yes, with food." in page
    assert "By telephone" in page
    assert "Sounded worried." not in page, "what the desk notes of a call is its own"


def test_only_own_records_and_own_sites(world: World, patient: Patient) -> None:
    other = make_patient(world, unit=world.main.site_unit)
    client = reader(world, patient)
    data = sent(client, patient, "Hello")
    assert client.get(page_of(other)).status_code in (403, 404)
    assert client.post(page_of(other), data).status_code in (403, 404)
    foreign = str(world.member_a.site.unit_id)
    assert client.post(page_of(patient), data | {"site": foreign}).status_code == 422
    by = actor_of_user(world.user(Role.PATIENT, patient_id=patient.pk))
    with pytest.raises(NotVisible):
        ask(patient=other, site=world.main.site, text="Hello", token=new_id(), by=by)
    with pytest.raises(Refusal, match="your sites"):
        ask(patient=patient, site=world.member_a.site, text="Hello", token=new_id(), by=by)
    for text in (" ", "x" * (LONGEST_QUESTION + 1)):
        with pytest.raises(Refusal, match="4,000"):
            ask(patient=patient, site=world.main.site, text=text, token=new_id(), by=by)
    assert asked() == []


def test_a_proxy_asks_for_the_patient(world: World, patient: Patient) -> None:
    client = reader(world, patient, Role.PROXY)
    client.post(page_of(patient), sent(client, patient, "When may she go back to school?"))
    assert [one.patient_id for one in asked()] == [patient.pk]


def test_nobody_writes_without_end(world: World, patient: Patient) -> None:
    client = reader(world, patient)
    data = sent(client, patient, "Again")
    answers = [client.post(page_of(patient), data).status_code for _ in range(QUESTIONS_A_MINUTE + 1)]
    assert answers == [302] * QUESTIONS_A_MINUTE + [429]
