from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from medguild.foundation.access.rules import Role
from medguild.foundation.access.services import create_token
from medguild.foundation.events.models import Event
from medguild.foundation.organization.models import Unit
from medguild.patients.identity.models import Patient
from tests.factories.patients import make_patient
from tests.factories.world import HOUSE, World

Headers = dict[str, str]


def token(world: World, role: Role = Role.SCHEDULER, unit: Unit | None = None) -> Headers:
    _ = world.circle
    _row, secret = create_token(name="test", role=role, unit=unit or world.main.entity, by=HOUSE)
    return {"Authorization": f"Bearer {secret}"}


def reads() -> list[Event]:
    return list(Event.objects.unscoped("test").filter(type="record.read"))


@pytest.fixture
def patient(world: World) -> Patient:
    return make_patient(world, family_name="Quill", given_name="Ann")


def test_a_patient_is_read_and_the_read_is_told(client: Client, world: World, patient: Patient) -> None:
    answer = client.get(f"/api/v1/patients/{patient.pk}", headers=token(world))
    told = answer.json()
    assert answer.status_code == 200
    assert (told["id"], told["mrn"], told["birth_date"]) == (
        str(patient.pk), patient.mrn, patient.birth_date.isoformat(),
    )  # fmt: skip
    assert told["previous_names"] == []
    (event,) = reads()
    assert event.patient_ids == [patient.pk]


def test_a_search_gives_rows_and_tells_all_of_them(client: Client, world: World, patient: Patient) -> None:
    make_patient(world, family_name="Quillson")
    answer = client.get("/api/v1/patients", {"q": "quil"}, headers=token(world)).json()
    assert [row["family_name"] for row in answer["items"]] == ["Quill", "Quillson"]
    assert (answer["more"], answer["alike"]) == (False, False)
    (event,) = reads()
    assert set(event.patient_ids or []) == {row.pk for row in Patient.objects.unscoped("test")}


def test_the_shape_is_the_documented_one(client: Client, world: World, patient: Patient) -> None:
    document = client.get("/api/v1/openapi.json").json()
    shapes = document["components"]["schemas"]
    one = client.get(f"/api/v1/patients/{patient.pk}", headers=token(world)).json()
    listed = client.get("/api/v1/patients", {"q": "quil"}, headers=token(world)).json()
    assert set(one) == set(shapes["PatientShown"]["properties"])
    assert set(listed) == set(shapes["PatientsFound"]["properties"])
    assert set(listed["items"][0]) == set(shapes["PatientListed"]["properties"])


def test_missing_and_forbidden_answer_alike(client: Client, world: World, patient: Patient) -> None:
    stranger = token(world, unit=world.member_a.entity)
    forbidden = client.get(f"/api/v1/patients/{patient.pk}", headers=stranger)
    missing = client.get(f"/api/v1/patients/{world.circle.pk}", headers=stranger)
    assert forbidden.status_code == missing.status_code == 404
    assert forbidden.content == missing.content
    assert client.get("/api/v1/patients", {"q": "quill"}, headers=stranger).json() == {
        "items": [], "more": False, "alike": False,
    }  # fmt: skip
    assert reads() == []


def test_no_token_and_the_wrong_role_are_refused(client: Client, world: World, patient: Patient) -> None:
    for path in ("/api/v1/patients?q=quill", f"/api/v1/patients/{patient.pk}"):
        assert client.get(path).status_code == 401
        assert client.get(path, headers=token(world, Role.HR)).status_code == 403
        assert client.get(path, headers=token(world, Role.IPA_STAFF)).status_code == 403


def test_a_query_is_needed_and_bounded(client: Client, world: World) -> None:
    held = token(world)
    assert client.get("/api/v1/patients", headers=held).status_code == 422
    assert client.get("/api/v1/patients", {"q": "x" * 101}, headers=held).status_code == 422
    assert client.get("/api/v1/patients", {"q": ""}, headers=held).json()["items"] == []


def test_a_hot_read_is_two_statements(client: Client, world: World, patient: Patient) -> None:
    held = token(world)
    client.get(f"/api/v1/patients/{patient.pk}", headers=held)
    with CaptureQueriesContext(connection) as queries:
        client.get(f"/api/v1/patients/{patient.pk}", headers=held)
    statements = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert [statement.split()[0] for statement in statements] == ["select", "insert"]
