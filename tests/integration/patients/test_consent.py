from __future__ import annotations

import datetime as dt

import pytest

from medguild.foundation.access.rules import Role
from medguild.foundation.documents.rules import DocumentKind
from medguild.foundation.events.models import Event
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.patients.consent import selectors
from medguild.patients.consent.rules import ConsentKind, Decision
from medguild.patients.consent.services import keep_signed_form, record_consent
from tests.factories.patients import give_consents, make_patient
from tests.factories.world import HOUSE, World

NOW = dt.datetime(2026, 11, 22, 17, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
TREATMENT = ConsentKind.TREATMENT


def test_the_latest_decision_holds(world: World) -> None:
    patient = make_patient(world)
    ids = [patient.pk]
    assert selectors.consented(ids, TREATMENT, NOW).ok is None
    record_consent(patient=patient, kind=TREATMENT, decision=Decision.GIVEN, by=HOUSE, at=NOW)
    record_consent(patient=patient, kind=TREATMENT, decision=Decision.REFUSED, by=HOUSE, at=NOW + HOUR)
    assert selectors.consented(ids, TREATMENT, NOW + HOUR / 2).ok is True
    assert selectors.consented(ids, TREATMENT, NOW + HOUR).ok is False
    nurse = world.actor(Role.NURSE)
    assert [row.decision for row in selectors.consents_of(nurse, ids)] == ["refused", "given"]
    assert selectors.current_consents(nurse, ids, NOW + HOUR)[TREATMENT].decision == "refused"
    told = Event.objects.unscoped("test").filter(type="consent.recorded").order_by("pk")
    assert [event.data["decision"] for event in told] == ["given", "refused"]


def test_what_a_check_in_still_needs(world: World) -> None:
    patient = make_patient(world)
    later = dt.datetime.now(dt.UTC) + HOUR
    assert selectors.missing_at_check_in([patient.pk], later) == [TREATMENT, ConsentKind.PRIVACY_NOTICE]
    give_consents(patient)
    assert selectors.missing_at_check_in([patient.pk], later) == []


def test_a_consent_may_run_out(world: World) -> None:
    patient = make_patient(world)
    given = {"patient": patient, "kind": ConsentKind.SHARING, "decision": Decision.GIVEN, "by": HOUSE, "at": NOW}
    record_consent(**given, until=NOW + HOUR)  # type: ignore[arg-type]
    assert selectors.consented([patient.pk], ConsentKind.SHARING, NOW + HOUR).ok is None
    with pytest.raises(Refusal, match="later than now"):
        record_consent(**given, until=NOW)  # type: ignore[arg-type]


def test_the_past_is_not_rewritten(world: World) -> None:
    patient = make_patient(world)
    record_consent(patient=patient, kind=TREATMENT, decision=Decision.GIVEN, by=HOUSE, at=NOW)
    with pytest.raises(Refusal, match="later decision"):
        record_consent(patient=patient, kind=TREATMENT, decision=Decision.REFUSED, by=HOUSE, at=NOW - HOUR)


def test_signed_forms_are_kept(world: World) -> None:
    patient = make_patient(world)
    desk = world.actor(Role.FRONT_DESK)
    document = keep_signed_form(patient=patient, content=b"%PDF-1.7 x", filename="form.pdf", by=desk)
    consent = record_consent(patient=patient, kind=TREATMENT, decision=Decision.GIVEN, document=document, by=desk)
    assert consent.document.kind == DocumentKind.CONSENT
    assert document.circle_id == patient.circle_id


def test_strangers_record_and_see_nothing(world: World) -> None:
    patient = make_patient(world)
    give_consents(patient)
    stranger = world.actor(Role.FRONT_DESK, world.member_a.entity)
    assert selectors.consents_of(stranger, [patient.pk]) == []
    for actor in (stranger, world.actor(Role.BILLER)):
        with pytest.raises(NotVisible):
            record_consent(patient=patient, kind=TREATMENT, decision=Decision.REFUSED, by=actor)
        with pytest.raises(NotVisible):
            keep_signed_form(patient=patient, content=b"%PDF-1.7 x", filename="form.pdf", by=actor)
