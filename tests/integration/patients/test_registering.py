from __future__ import annotations

import dataclasses
import datetime as dt
import threading

import pytest
from django.db import connection, transaction

from medguild.foundation.access.rules import Role
from medguild.foundation.events.models import Event
from medguild.foundation.kernel.actor import Actor, ActorKind, Scope
from medguild.foundation.kernel.errors import NotAllowed, NotVisible, Refusal
from medguild.patients.identity import selectors, services
from medguild.patients.identity.errors import ChangedMeanwhile, PossibleDuplicate, WrongPatientDetails
from medguild.patients.identity.models import Patient
from medguild.patients.identity.rules.likeness import Reason
from medguild.patients.identity.rules.mrn import counted
from medguild.patients.identity.rules.person import traits
from tests.factories.patients import details, make_patient
from tests.factories.world import HOUSE, World

BORN = dt.date(1980, 2, 1)
ANN = {"family_name": "Smith", "given_name": "Ann", "birth_date": BORN, "phone": "5035550111"}


def events(type: str) -> list[Event]:
    return list(Event.objects.unscoped("test").filter(type=type).order_by("pk"))


def test_a_patient_belongs_to_the_circle_of_the_place(world: World) -> None:
    desk = world.actor(Role.FRONT_DESK)
    patient = make_patient(world, by=desk, **ANN)
    assert (patient.circle_id, patient.home_unit_id) == (world.circle.pk, world.main.site_unit.pk)
    assert patient.phone == "+15035550111"
    (event,) = events("patient.registered")
    assert (event.patient_id, event.subject_id, event.unit_id) == (patient.pk, patient.pk, world.main.site_unit.pk)
    assert event.actor_id == desk.id
    assert "Smith" not in str(event.data)


def test_numbers_are_one_sequence_per_circle(world: World) -> None:
    ours = [make_patient(world, family_name=f"Our{letter}").mrn for letter in "abc"]
    theirs = make_patient(world, unit=world.member_a.site_unit).mrn
    counts = [counted(mrn) for mrn in ours]
    assert counts == [100_000, 100_001, 100_002]
    assert theirs == ours[0]


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (ANN, Reason.SAME_NAME_AND_BIRTH_DATE),
        (ANN | {"family_name": "SMITH", "given_name": "  ann"}, Reason.SAME_NAME_AND_BIRTH_DATE),
        (ANN | {"family_name": "Smyth", "phone": ""}, Reason.SOUNDS_ALIKE_AND_BIRTH_DATE),
        (ANN | {"given_name": "Zoe"}, Reason.SAME_PHONE_AND_BIRTH_DATE),
        (ANN | {"birth_date": dt.date(1999, 9, 9)}, Reason.SAME_PHONE_AND_NAME),
        (ANN | {"birth_date": dt.date(1980, 1, 2), "phone": ""}, Reason.SAME_NAME_NEAR_BIRTH_DATE),
        (ANN | {"family_name": "New", "previous_names": ("Smith",), "phone": ""}, Reason.EARLIER_NAME_AND_BIRTH_DATE),
    ],
)
def test_whoever_may_be_on_file_is_shown_and_can_be_ruled_out(
    world: World, given: dict[str, object], reason: Reason
) -> None:
    held = make_patient(world, **ANN)
    desk = world.actor(Role.FRONT_DESK)
    with pytest.raises(PossibleDuplicate) as error:
        make_patient(world, by=desk, **given)
    (candidate,) = error.value.candidates
    assert (candidate.id, candidate.reasons[0]) == (held.pk, reason)
    assert "Smith" not in error.value.message
    registered = services.register_patient(
        details=details(**given), unit_id=world.main.site_unit.pk, not_duplicate_of=[held.pk], by=desk
    )
    assert registered.pk != held.pk
    assert events("patient.registered")[-1].data["confirmed_not"] == [str(held.pk)]


def test_a_refused_registration_leaves_nothing(world: World) -> None:
    make_patient(world, **ANN)
    with pytest.raises(PossibleDuplicate), transaction.atomic():
        make_patient(world, **ANN)
    assert Patient.objects.unscoped("test").count() == 1
    assert len(events("patient.registered")) == 1


def test_the_warning_never_looks_into_another_circle(world: World) -> None:
    make_patient(world, unit=world.member_a.site_unit, **ANN)
    assert make_patient(world, by=world.actor(Role.FRONT_DESK), **ANN)
    assert make_patient(
        world, unit=world.member_b.site_unit, by=world.actor(Role.FRONT_DESK, world.member_b.entity), **ANN
    )


def test_entities_of_one_circle_warn_each_other(world: World) -> None:
    make_patient(world, unit=world.second.site_unit, **ANN)
    with pytest.raises(PossibleDuplicate):
        make_patient(world, by=world.actor(Role.FRONT_DESK), **ANN)


def test_who_may_register_but_not_read_gets_a_verdict_and_no_rows(world: World) -> None:
    make_patient(world, **ANN)
    blind = Actor(
        ActorKind.SERVICE,
        None,
        "kiosk",
        scopes={"patients.register": Scope(units=frozenset({world.main.site_unit.pk}))},
    )
    found = selectors.possible_duplicates(blind, world.circle.pk, traits(details(**(ANN | {"phone": "+15035550111"}))))
    assert (found.candidates, found.hidden, found.verdict.ok) == ([], True, False)
    with pytest.raises(PossibleDuplicate) as error:
        make_patient(world, by=blind, **ANN)
    assert error.value.candidates == []
    assert error.value.hidden


def test_only_where_the_right_is_held(world: World) -> None:
    desk = world.actor(Role.FRONT_DESK)
    for place in (world.member_a.site_unit, world.second.site_unit):
        with pytest.raises(NotAllowed):
            make_patient(world, unit=place, by=desk)
    with pytest.raises(NotAllowed):
        make_patient(world, by=world.actor(Role.CODER))


def test_a_place_without_a_circle_registers_nobody(world: World) -> None:
    lonely = world.office("Lonely")
    with pytest.raises(Refusal) as error:
        make_patient(world, unit=lonely.site_unit)
    assert error.value.code == "no_circle"


def test_wrong_details_are_told_by_field(world: World) -> None:
    with pytest.raises(WrongPatientDetails) as error:
        make_patient(world, phone="1", state="Oregon")
    assert error.value.field == "phone"
    assert {problem.field for problem in error.value.problems} == {"phone", "state"}


def test_changed_details_are_found_and_told(world: World) -> None:
    patient = make_patient(world, **ANN)
    desk = world.actor(Role.FRONT_DESK)
    wanted = dataclasses.replace(services.details_of(patient), family_name="Núñez", phone="", city="Salem")
    changed = services.update_demographics(patient=patient, details=wanted, revision=1, by=desk)
    assert (changed.family_key, changed.phone_digits, changed.revision) == ("nunez", "", 2)
    assert changed.previous_names == ["Smith"]
    assert changed.previous_keys == ["smith"]
    (event,) = events("patient.updated")
    assert set(event.data["fields"]) == {"family_name", "phone", "city", "previous_names"}
    same = services.update_demographics(patient=patient, details=services.details_of(changed), by=desk)
    assert same.revision == 2


def test_two_people_do_not_overwrite_each_other(world: World) -> None:
    patient = make_patient(world, **ANN)
    desk = world.actor(Role.FRONT_DESK)
    one = dataclasses.replace(services.details_of(patient), city="Salem")
    services.update_demographics(patient=patient, details=one, revision=1, by=desk)
    with pytest.raises(ChangedMeanwhile):
        services.update_demographics(patient=patient, details=one, revision=1, by=desk)


def test_others_cannot_change_and_learn_nothing(world: World) -> None:
    patient = make_patient(world, **ANN)
    for actor in (world.actor(Role.FRONT_DESK, world.member_a.entity), world.actor(Role.CODER)):
        with pytest.raises(NotVisible):
            services.update_demographics(patient=patient, details=details(), by=actor)


@pytest.mark.django_db(transaction=True)
def test_many_at_once_get_different_numbers_and_one_record_per_person(transactional_log: None) -> None:
    world = World()
    _ = world.circle
    place = world.main.site_unit.pk
    outcomes: list[str] = []

    def desk(number: int) -> None:
        try:
            given = {"family_name": "Same", "given_name": "Person", "birth_date": BORN, "phone": ""}
            if number % 2:
                given |= {
                    "family_name": f"Other{'abcdefgh'[number]}",
                    "birth_date": BORN + dt.timedelta(days=400 * number),
                }
            outcomes.append(services.register_patient(details=details(**given), unit_id=place, by=HOUSE).mrn)
        except PossibleDuplicate:
            outcomes.append("duplicate")
        finally:
            connection.close()

    threads = [threading.Thread(target=desk, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    numbers = [outcome for outcome in outcomes if outcome != "duplicate"]
    assert len(outcomes) == 8
    assert len(numbers) == len(set(numbers)) == 5
    assert Patient.objects.unscoped("test").filter(family_key="same").count() == 1
