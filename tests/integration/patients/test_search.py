from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from medguild.foundation.access.rules import Role
from medguild.foundation.kernel.actor import Actor, ActorKind, Scope
from medguild.foundation.kernel.errors import NotVisible
from medguild.patients.identity.linking import link_patients
from medguild.patients.identity.search import patient_row, search
from medguild.patients.identity.selectors import patients_by_id
from tests.factories.patients import make_patient
from tests.factories.world import HOUSE, World

TODAY = dt.date(2026, 11, 22)
BORN = dt.date(1980, 2, 1)


def names(world: World, text: str, role: Role = Role.FRONT_DESK) -> list[str]:
    found = search(world.actor(role), text, today=TODAY)
    return [f"{row['family_name']} {row['given_name']}" for row in found.rows]


@pytest.fixture
def people(world: World) -> World:
    make_patient(world, family_name="Smith", given_name="Ann", birth_date=BORN, phone="503-555-0199")
    make_patient(world, family_name="Smithers", given_name="Bo")
    make_patient(world, family_name="Annand", given_name="Smirna")
    make_patient(world, family_name="de la Cruz", given_name="María José")
    make_patient(world, family_name="O'Brien", given_name="Pat", other_phone="+44 20 7946 0123")
    return world


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("smi", ["Smith Ann", "Smithers Bo", "Annand Smirna"]),
        ("smi ann", ["Smith Ann", "Annand Smirna"]),
        ("ann smi", ["Annand Smirna", "Smith Ann"]),
        ("Smith, A", ["Smith Ann"]),
        ("smith, z", []),
        ("de la c", ["de la Cruz María José"]),
        ("maria jose", ["de la Cruz María José"]),
        ("CRUZ", []),
        ("obrien pat", ["O'Brien Pat"]),
        ("o'b", ["O'Brien Pat"]),
        ("2/1/1980", ["Smith Ann"]),
        ("02/01/80", ["Smith Ann"]),
        ("1980-02-01", ["Smith Ann"]),
        ("02011980", ["Smith Ann"]),
        ("Feb 1, 1980", ["Smith Ann"]),
        ("smith 2/1/1980", ["Smith Ann"]),
        ("ann 1 february 1980", ["Smith Ann"]),
        ("bo 2/1/1980", []),
        ("503-555-0199", ["Smith Ann"]),
        ("(503) 555-0199", ["Smith Ann"]),
        ("+1 503 555 0199", ["Smith Ann"]),
        ("5550199", ["Smith Ann"]),
        ("0199", ["Smith Ann"]),
        ("2079460123", ["O'Brien Pat"]),
        ("s", []),
        ("  ", []),
        ("%", []),
        ("'; drop table", []),
    ],
)
def test_what_is_typed_finds_whom_it_means(people: World, text: str, expected: list[str]) -> None:
    assert names(people, text) == expected


def test_record_number_finds_its_patient(people: World) -> None:
    patient = make_patient(people, family_name="Number", given_name="One")
    assert names(people, patient.mrn) == ["Number One"]


def test_an_earlier_name_finds_the_patient(people: World) -> None:
    make_patient(people, family_name="Newman", given_name="Ida", previous_names=("Oldfield",))
    assert names(people, "oldfield") == ["Newman Ida"]


def test_when_nothing_matches_names_that_sound_alike_are_offered(people: World) -> None:
    found = search(people.actor(Role.FRONT_DESK), "smyth", today=TODAY)
    assert [row["family_name"] for row in found.rows] == ["Smith"]
    assert found.alike


def test_a_long_list_is_cut_and_says_so(world: World) -> None:
    for number in range(17):
        make_patient(world, family_name="Long", given_name=f"Given{chr(97 + number)}")
    found = search(world.actor(Role.FRONT_DESK), "long", today=TODAY)
    assert len(found.rows) == 15
    assert found.more
    assert not search(world.actor(Role.FRONT_DESK), "long givena", today=TODAY).more


def test_search_never_crosses_circles(people: World) -> None:
    make_patient(people, unit=people.member_a.site_unit, family_name="Smith", given_name="Secret")
    assert "Smith Secret" not in names(people, "smith")
    member = people.actor(Role.FRONT_DESK, people.member_a.entity)
    assert [row["given_name"] for row in search(member, "smith", today=TODAY).rows] == ["Secret"]
    other = people.actor(Role.FRONT_DESK, people.member_b.entity)
    for text in ("smith", "secret", "smyth", "Smith, Secret"):
        found = search(other, text, today=TODAY)
        assert (found.rows, found.more, found.alike) == ([], False, False)


def test_an_actor_of_several_circles_finds_all_in_one_order(people: World) -> None:
    make_patient(people, unit=people.member_a.site_unit, family_name="Smithee", given_name="Al")
    found = search(HOUSE, "smith", today=TODAY)
    assert [row["family_name"] for row in found.rows] == ["Smith", "Smithee", "Smithers"]
    assert [row["family_name"] for row in search(HOUSE, "2/1/1980", today=TODAY).rows] == ["Smith"]
    assert search(HOUSE, "smith", limit=2, today=TODAY).more


def test_roles_without_the_right_find_nothing(people: World) -> None:
    for role in (Role.HR, Role.IPA_STAFF, Role.CREDENTIALING_SPECIALIST):
        assert names(people, "smith", role) == []


def test_one_patient_is_one_query(people: World) -> None:
    actor = people.actor(Role.SCHEDULER)
    patient = make_patient(people, family_name="Query")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        row = patient_row(actor, patient.pk)
    assert len(queries) == 1
    assert row["mrn"] == patient.mrn
    assert row["birth_date"] == patient.birth_date


def test_a_filled_list_is_one_query_and_others_two(people: World) -> None:
    actor = people.actor(Role.SCHEDULER)
    for number in range(16):
        make_patient(people, family_name="Long", given_name=f"Given{chr(97 + number)}")
    with CaptureQueriesContext(connection) as queries:
        search(actor, "long", today=TODAY)
    assert len(queries) == 1
    with CaptureQueriesContext(connection) as queries:
        search(actor, "smi ann", today=TODAY)
    assert len(queries) == 2


def test_forbidden_and_missing_are_told_apart_by_nothing(people: World) -> None:
    secret = make_patient(people, unit=people.member_a.site_unit, family_name="Secret")
    actor = people.actor(Role.FRONT_DESK)
    with pytest.raises(NotVisible) as forbidden:
        patient_row(actor, secret.pk)
    with pytest.raises(NotVisible) as missing:
        patient_row(actor, people.main.entity.pk)
    assert forbidden.value.message == missing.value.message


def test_records_by_id_leave_out_what_the_actor_may_not_see(people: World) -> None:
    ours, theirs = make_patient(people), make_patient(people, unit=people.member_a.site_unit)
    assert set(patients_by_id(people.actor(Role.NURSE), [ours.pk, theirs.pk])) == {ours.pk}


def test_a_lent_record_is_found_and_nothing_else(people: World) -> None:
    lent = make_patient(people, unit=people.member_a.site_unit, family_name="Smith", given_name="Lent")
    make_patient(people, unit=people.member_a.site_unit, family_name="Smith", given_name="Hidden")
    actor = Actor(ActorKind.USER, None, "x", scopes={"patients.read": Scope(patients=frozenset({lent.pk}))})
    assert [row["id"] for row in search(actor, "smith", today=TODAY).rows] == [lent.pk]
    assert patient_row(actor, lent.pk)["given_name"] == "Lent"
    assert patient_row(HOUSE, lent.pk)["given_name"] == "Lent"


def test_a_linked_record_names_its_survivor(people: World) -> None:
    one = make_patient(people, family_name="Twice", given_name="Una")
    two = make_patient(people, family_name="Twice", given_name="Uma")
    link_patients(duplicate=two, survivor=one, reason="same person", by=HOUSE)
    rows = {row["id"]: row for row in search(people.actor(Role.FRONT_DESK), "twice", today=TODAY).rows}
    assert rows[two.pk]["survivor_id"] == one.pk
    assert rows[one.pk]["survivor_id"] is None
