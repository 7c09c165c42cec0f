from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from medguild.foundation.access.rules import Role
from medguild.foundation.events.models import Event
from medguild.foundation.organization.models import Unit
from medguild.patients.accounts.models import AccountMember
from medguild.patients.consent.models import Consent
from medguild.patients.coverage.models import Coverage
from medguild.patients.identity.models import Patient
from medguild.patients.identity.presentation import search_hits
from tests.factories.patients import make_coverage, make_patient, ready_patient
from tests.factories.payers import make_plan
from tests.factories.world import World

PICTURE = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
MOST_QUERIES_LIST = 12
MOST_QUERIES_DETAIL = 26  # one or two of each room that has a panel there


@pytest.fixture(autouse=True)
def _password_alone(settings: Any) -> None:
    """Some roles owe a second factor, which is tested where it belongs."""
    settings.FORCE_SECOND_FACTOR = False


def sign_in(client: Client, world: World, role: Role = Role.FRONT_DESK, unit: Unit | None = None) -> Client:
    client.force_login(world.user(role, unit), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def typed(world: World, **given: Any) -> dict[str, Any]:
    """What a front desk types into the registration page."""
    return {
        "family_name": "Smith",
        "given_name": "Ann",
        "birth_date": "2/1/80",
        "sex": "female",
        "language": "en",
        "phone": "(503) 555-0111",
        "unit": str(world.main.site_unit.pk),
        "guarantor-relation": "self",
        **given,
    }


def reads(patient: Patient) -> list[str]:
    rows = Event.objects.unscoped("test").filter(type="record.read", patient_ids__contains=[patient.pk])
    return [row.subject_label for row in rows.order_by("pk")]


def only_patient() -> Patient:
    found: Patient = Patient.objects.unscoped("test").get()
    return found


def test_a_search_lists_patients_and_says_that_they_were_read(client: Client, world: World) -> None:
    patient = make_patient(world, family_name="Quill", given_name="Ann", birth_date=dt.date(1980, 2, 1))
    sign_in(client, world)
    assert "Find a patient" in client.get("/patients/").content.decode()
    page = client.post("/patients/", {"q": "quil"}).content.decode()
    assert "Quill, Ann" in page
    assert f"/patients/{patient.pk}/" in page
    assert reads(patient) == ["patients:list"]
    fragment = client.post("/patients/", {"q": "quil"}, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    assert "Quill, Ann" in fragment
    assert "Nobody found" in client.post("/patients/", {"q": "zzz"}).content.decode()


def test_a_search_of_another_member_finds_and_reads_nothing(client: Client, world: World) -> None:
    patient = make_patient(world, unit=world.member_a.site_unit, family_name="Quill", given_name="Ann")
    sign_in(client, world, unit=world.member_b.entity)
    for query in ("quill", patient.mrn, "quill ann", "kwill"):
        page = client.post("/patients/", {"q": query}).content.decode()
        assert "Nobody found" in page
        assert "There are more" not in page
    assert reads(patient) == []
    missing = client.get(f"/patients/{world.circle.pk}/")
    forbidden = client.get(f"/patients/{patient.pk}/")
    assert missing.status_code == forbidden.status_code == 404
    assert missing.content.replace(str(world.circle.pk).encode(), b"") == forbidden.content.replace(
        str(patient.pk).encode(), b""
    )


def test_the_page_of_a_patient_shows_its_cards(client: Client, world: World) -> None:
    patient = ready_patient(world, family_name="Quill", given_name="Ann")
    page = sign_in(client, world).get(f"/patients/{patient.pk}/").content.decode()
    for text in ("Quill, Ann", patient.mrn, "Cascade PPO", "Not verified", "Given", "Who pays", "Latest"):
        assert text in page
    assert reads(patient) == ["patients:detail"]


def test_lists_and_pages_ask_a_bounded_number_of_questions(client: Client, world: World) -> None:
    sign_in(client, world)
    patient = ready_patient(world, family_name="Quill")
    for letter in "abcdefghijkl":
        make_patient(world, family_name="Quill", given_name=f"Given{letter}")
    client.get("/patients/")
    with CaptureQueriesContext(connection) as queries:
        client.post("/patients/", {"q": "quill"})
    assert len(queries) <= MOST_QUERIES_LIST
    with CaptureQueriesContext(connection) as queries:
        client.get(f"/patients/{patient.pk}/")
    assert len(queries) <= MOST_QUERIES_DETAIL


def test_one_page_registers_patient_account_coverage_and_consents(client: Client, world: World) -> None:
    plan = make_plan()
    sign_in(client, world)
    assert client.get("/patients/register/").status_code == 200
    sent = typed(
        world,
        **{
            "coverage-cover": f"plan:{plan.pk}",
            "coverage-member_id": "ab 123",
            "coverage-rank": "primary",
            "coverage-relation": "self",
            "coverage-start": "1/1/2026",
            "coverage-front": SimpleUploadedFile("card.png", PICTURE, "image/png"),
            "consent-treatment": "given",
            "consent-privacy_notice": "refused",
        },
    )
    answer = client.post("/patients/register/", sent)
    patient = only_patient()
    assert answer["Location"] == f"/patients/{patient.pk}/"
    assert (patient.family_name, patient.birth_date, patient.phone) == ("Smith", dt.date(1980, 2, 1), "+15035550111")
    coverage = Coverage.objects.unscoped("test").get()
    assert (coverage.patient_id, coverage.plan, coverage.member_id) == (patient.pk, plan, "AB123")
    assert coverage.front is not None
    assert AccountMember.objects.unscoped("test").get().patient_id == patient.pk
    decisions = Consent.objects.unscoped("test").values_list("kind", "decision")
    assert dict(decisions) == {"treatment": "given", "privacy_notice": "refused"}


def test_a_duplicate_is_shown_side_by_side_and_nothing_typed_is_lost(client: Client, world: World) -> None:
    held = make_patient(world, family_name="Smith", given_name="Ann", birth_date=dt.date(1980, 2, 1))
    sign_in(client, world)
    answer = client.post("/patients/register/", typed(world, email="ann@example.org"))
    page = answer.content.decode()
    assert answer.status_code == 200
    for text in ("Same name and birth date", held.mrn, "This is another person", 'value="ann@example.org"'):
        assert text in page
    assert reads(held) == ["patients:register"]
    answer = client.post("/patients/register/", typed(world, not_duplicate_of=[str(held.pk)]))
    assert answer.status_code == 302
    assert Patient.objects.unscoped("test").count() == 2


def test_duplicates_are_shown_while_typing(client: Client, world: World) -> None:
    held = make_patient(world, family_name="Smith", given_name="Ann", birth_date=dt.date(1980, 2, 1))
    sign_in(client, world)
    assert held.mrn in client.post("/patients/register/duplicates/", typed(world)).content.decode()
    early = client.post(
        "/patients/register/duplicates/", {"family_name": "Smith", "unit": str(world.main.site_unit.pk)}
    )
    assert early.content.decode().strip() == ""
    other = sign_in(Client(), world, unit=world.member_a.entity)
    there = typed(world, unit=str(world.member_a.site_unit.pk))
    assert held.mrn not in other.post("/patients/register/duplicates/", there).content.decode()
    forged = other.post("/patients/register/duplicates/", typed(world))
    assert held.mrn not in forged.content.decode()
    assert other.post("/patients/register/", typed(world)).status_code == 422


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"family_name": ""}, "This field is required"),
        ({"birth_date": "nonsense"}, "Write a date like 02/01/1980."),
        ({"birth_date": "1/1/2099"}, "check the year"),
        ({"phone": "12"}, "with area code"),
        ({"birth_date": "1/1/2020"}, "A child does not pay"),
        ({"guarantor-relation": "parent"}, "Write either both names"),
        ({"coverage-member_id": "X1"}, "Choose the payer of this member id."),
        ({"unit": "x"}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(
    client: Client, world: World, given: dict[str, str], text: str
) -> None:
    answer = sign_in(client, world).post("/patients/register/", typed(world, **given))
    assert answer.status_code == 422
    assert text in answer.content.decode()
    assert not Patient.objects.unscoped("test").exists()


def test_a_child_is_registered_with_a_parent_who_pays(client: Client, world: World) -> None:
    given = {
        "birth_date": "1/1/2020", "guarantor-relation": "parent", "guarantor-family_name": "Smith",
        "guarantor-given_name": "Marta",
    }  # fmt: skip
    answer = sign_in(client, world).post("/patients/register/", typed(world, **given), follow=True)
    assert "Marta Smith" in answer.content.decode()


def test_a_nurse_registers_without_the_parts_that_are_not_hers(client: Client, world: World) -> None:
    sign_in(client, world, Role.NURSE)
    assert "Insurance card" not in client.get("/patients/register/").content.decode()
    assert client.post("/patients/register/", typed(world)).status_code == 302


def test_details_are_edited_and_a_lost_update_is_refused(client: Client, world: World) -> None:
    patient = make_patient(world, family_name="Quill", phone="5035550111")
    sign_in(client, world)
    page = client.get(f"/patients/{patient.pk}/edit/").content.decode()
    assert 'value="(503) 555-0111"' in page
    sent = {
        "family_name": "Quillson", "given_name": "Ann", "birth_date": "02/01/1980", "sex": "female", "language": "es",
        "revision": "1",
    }  # fmt: skip
    assert client.post(f"/patients/{patient.pk}/edit/", sent).status_code == 302
    changed = only_patient()
    assert (changed.family_name, changed.previous_names, changed.language) == ("Quillson", ["Quill"], "es")
    again = client.post(f"/patients/{patient.pk}/edit/", sent | {"family_name": "Other"})
    assert again.status_code == 422
    assert "Somebody changed this record" in again.content.decode()


def test_coverage_is_added_corrected_verified_and_ended(client: Client, world: World) -> None:
    patient, plan = make_patient(world), make_plan()
    sign_in(client, world)
    sent = {
        "cover": f"plan:{plan.pk}", "member_id": "a1", "rank": "primary", "relation": "child", "start": "1/1/2026",
        "subscriber_family_name": "Ruiz", "subscriber_given_name": "Marta", "subscriber_sex": "female",
        "back": SimpleUploadedFile("back.png", PICTURE, "image/png"),
    }  # fmt: skip
    base = f"/patients/{patient.pk}/coverage"
    assert client.get(f"{base}/new/").status_code == 200
    assert client.post(f"{base}/new/", sent).status_code == 302
    coverage = Coverage.objects.unscoped("test").get()
    assert coverage.back is not None
    assert client.post(f"{base}/new/", sent).status_code == 422
    edit = f"{base}/{coverage.pk}/"
    assert 'value="A1"' in client.get(edit).content.decode()
    sent["back"] = SimpleUploadedFile("bad.exe", b"MZ\x00\x01", "image/png")
    refused = client.post(edit, sent | {"member_id": "b2"})
    assert refused.status_code == 422
    assert "PNG or JPEG" in refused.content.decode()
    assert Coverage.objects.unscoped("test").get().member_id == "A1"
    del sent["back"]
    assert client.post(edit, sent | {"member_id": "b2"}).status_code == 302
    assert client.post(f"{edit}verify/").status_code == 302
    kept = Coverage.objects.unscoped("test").get()
    assert (kept.member_id, kept.verified_at is not None) == ("B2", True)
    assert client.post(f"{edit}end/", {"end": "1/1/2026"}).status_code == 422
    assert client.post(f"{edit}end/", {"end": "2/1/2026"}).status_code == 302
    assert "Earlier and later coverage" in client.get(f"/patients/{patient.pk}/").content.decode()


def test_a_coverage_is_not_reached_through_another_patient(client: Client, world: World) -> None:
    coverage, other = make_coverage(make_patient(world)), make_patient(world, family_name="Other")
    assert sign_in(client, world).get(f"/patients/{other.pk}/coverage/{coverage.pk}/").status_code == 404


def test_a_consent_is_recorded_with_its_form(client: Client, world: World) -> None:
    patient = make_patient(world)
    sign_in(client, world)
    form = SimpleUploadedFile("form.pdf", b"%PDF-1.7 x", "application/pdf")
    sent = {"kind": "sharing", "decision": "refused", "file": form}
    assert client.post(f"/patients/{patient.pk}/consents/new/", sent).status_code == 302
    page = client.get(f"/patients/{patient.pk}/").content.decode()
    assert "Refused" in page
    assert "Signed form" in page


def test_an_account_is_opened(client: Client, world: World) -> None:
    patient = make_patient(world)
    sign_in(client, world, Role.BILLER)
    url = f"/patients/{patient.pk}/accounts/new/"
    assert client.get(url).status_code == 200
    sent = {"entity": str(world.main.entity.pk), "relation": "employer", "organization": "Acme Mills"}
    assert client.post(url, sent).status_code == 302
    assert "Acme Mills" in client.get(f"/patients/{patient.pk}/").content.decode()
    assert client.post(url, sent | {"entity": str(world.member_a.entity.pk)}).status_code == 422


def test_records_are_linked_and_unlinked_in_the_browser(client: Client, world: World) -> None:
    one = make_patient(world, family_name="Smith", given_name="Ann", birth_date=dt.date(1980, 2, 1))
    two = make_patient(world, family_name="Other", given_name="Person")
    sign_in(client, world, Role.PRACTICE_MANAGER)
    assert "No record found" in client.get(f"/patients/{one.pk}/link/").content.decode()
    assert "Other, Person" in client.post(f"/patients/{one.pk}/link/", {"q": "other"}).content.decode()
    url = f"/patients/{one.pk}/link/{two.pk}/"
    assert "stands for both" in client.get(url).content.decode()
    assert client.post(url, {"reason": ""}).status_code == 422
    assert client.post(url, {"reason": "same photo"}).status_code == 302
    assert "Another record stands for this person" in client.get(f"/patients/{one.pk}/").content.decode()
    assert f"/patients/{one.pk}/" in client.get(f"/patients/{two.pk}/").content.decode()
    assert "Linked to another record" in client.get(f"/patients/{two.pk}/timeline/").content.decode()
    assert client.get(f"/patients/{one.pk}/unlink/").status_code == 200
    assert client.post(f"/patients/{one.pk}/unlink/", {"reason": "two persons"}).status_code == 302
    assert client.get(f"/patients/{one.pk}/unlink/").status_code == 302


def test_compliance_sees_who_has_read(client: Client, world: World) -> None:
    patient = make_patient(world)
    sign_in(client, world).get(f"/patients/{patient.pk}/")
    page = sign_in(Client(), world, Role.COMPLIANCE_OFFICER).get(f"/patients/{patient.pk}/readers/").content.decode()
    assert "front_desk" in page
    assert "patients:detail" in page


def test_a_long_timeline_has_pages(client: Client, world: World) -> None:
    patient = make_patient(world)
    sign_in(client, world)
    for number in range(51):
        Patient.objects.unscoped("test").filter(pk=patient.pk).update(revision=number + 1)
        sent = {
            "family_name": "Ruiz", "given_name": "Elena", "birth_date": "02/01/1980", "sex": "female",
            "language": "en", "city": f"City {'x' * (number + 1)}", "revision": str(number + 1),
        }  # fmt: skip
        client.post(f"/patients/{patient.pk}/edit/", sent)
    page = client.get(f"/patients/{patient.pk}/timeline/").content.decode()
    assert "Older" in page
    before = page.split("?before=")[1].split('"')[0]
    older = client.get(f"/patients/{patient.pk}/timeline/?before={before}").content.decode()
    assert "Registered" in older
    assert "Older" not in older
    assert client.get(f"/patients/{patient.pk}/timeline/?before=nonsense").status_code == 200


def test_the_palette_finds_patients(world: World) -> None:
    patient = make_patient(world, family_name="Quill", given_name="Ann")
    (hit,) = search_hits(world.actor(Role.FRONT_DESK), "quill", 5)
    assert (hit.label, hit.patient_id, hit.url) == ("Quill, Ann", patient.pk, f"/patients/{patient.pk}/")
    assert search_hits(world.actor(Role.FRONT_DESK, world.member_a.entity), "quill", 5) == []
