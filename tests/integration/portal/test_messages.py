"""People say in the own record whether and how they want to be written to; what they agree to is kept as consent."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from medguild.foundation.access.rules import Role
from medguild.foundation.events.models import Event
from medguild.foundation.kernel.actor import ActorKind
from medguild.patients.consent.models import Consent
from medguild.patients.consent.rules import ConsentKind, Decision
from medguild.patients.consent.services import record_consent
from medguild.patients.identity.models import Patient
from medguild.patients.preferences.rules import Channel, Reach
from medguild.patients.preferences.selectors import reach_of
from medguild.patients.preferences.services import set_contact_preference
from tests.factories.patients import make_patient
from tests.factories.portal import client_of
from tests.factories.world import HOUSE, World

pytestmark = pytest.mark.django_db
SENT = {"agrees": "on", "channels": "email", "language": "es", "quiet_from": "18:00", "quiet_to": "10:00"}


def decisions(patient: Patient) -> list[str]:
    rows = Consent.objects.unscoped("test").filter(patient=patient, kind=ConsentKind.COMMUNICATION)
    return list(rows.order_by("period").values_list("decision", flat=True))


def test_wishes_are_kept_in_the_readers_name_with_the_consent(world: World) -> None:
    patient = make_patient(world)
    client, address = client_of(world, patient, Role.PROXY), reverse("portal:messages", args=[patient.pk])
    assert 'name="agrees"' in client.get(address).content.decode()
    assert client.post(address, SENT, follow=True).status_code == 200
    assert reach_of(patient.pk) == Reach((Channel.EMAIL,), 18 * 60, 10 * 60)
    patient.refresh_from_db()
    assert patient.language == "es"
    assert decisions(patient) == [], "a box that nobody touched is no decision"
    set_contact_preference(patient=patient, channels=[], by=HOUSE)
    client.post(address, SENT | {"channels": "text"})
    client.post(address, SENT)
    assert decisions(patient) == [Decision.GIVEN], "the same decision is not kept twice"
    told = Event.objects.unscoped("test").filter(patient_id=patient.pk).exclude(type="record.read")
    mine = told.filter(actor_kind=ActorKind.PATIENT).values_list("type", flat=True)
    assert {"patient.contact_preferred", "consent.recorded", "patient.updated"} <= set(mine)


def test_who_agrees_no_more_gets_nothing_and_may_agree_again(world: World) -> None:
    patient = make_patient(world)
    client, address = client_of(world, patient), reverse("portal:messages", args=[patient.pk])
    client.post(address, SENT | {"agrees": ""})
    assert reach_of(patient.pk).channels == ()
    assert decisions(patient) == [Decision.REFUSED]
    assert "checked" not in client.get(address).content.decode()
    client.post(address, SENT)
    assert decisions(patient) == [Decision.REFUSED, Decision.GIVEN]
    assert reach_of(patient.pk).channels == (Channel.EMAIL,)


def test_wishes_are_kept_though_something_else_on_the_record_needs_mending(world: World) -> None:
    patient = make_patient(world)
    Patient.objects.unscoped("test").filter(pk=patient.pk).update(birth_date=dt.date(2190, 1, 1), language="es")
    assert client_of(world, patient).post(reverse("portal:messages", args=[patient.pk]), SENT).status_code == 302
    assert reach_of(patient.pk).channels == (Channel.EMAIL,)


def test_what_stands_on_file_is_shown(world: World) -> None:
    stopped, refusing = make_patient(world), make_patient(world)
    set_contact_preference(patient=stopped, channels=[], by=HOUSE)
    record_consent(patient=refusing, kind=ConsentKind.COMMUNICATION, decision=Decision.REFUSED, by=HOUSE)
    for patient in (stopped, refusing):
        page = client_of(world, patient).get(reverse("portal:messages", args=[patient.pk])).content.decode()
        assert "checked" not in page
    assert "Refused" in page


@pytest.mark.parametrize(
    "wrong", [{"channels": "fax"}, {"channels": ""}, {"language": "xx"}, {"quiet_to": ""}, {"quiet_from": "25:00"}]
)
def test_wrong_input_is_told_and_changes_nothing(world: World, wrong: dict[str, str]) -> None:
    patient = make_patient(world)
    answer = client_of(world, patient).post(reverse("portal:messages", args=[patient.pk]), SENT | wrong)
    assert answer.status_code == 422
    assert (reach_of(patient.pk), decisions(patient)) == (Reach(), [])
    patient.refresh_from_db()
    assert patient.language == "en"
