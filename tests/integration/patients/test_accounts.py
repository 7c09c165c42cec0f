from __future__ import annotations

import datetime as dt

import pytest

from medguild.foundation.access.rules import Role
from medguild.foundation.events.models import Event
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.patients.accounts import selectors, services
from medguild.patients.accounts.rules import AccountKind, Guarantor, GuarantorRelation, needs_other_guarantor
from tests.factories.patients import make_account, make_patient
from tests.factories.world import HOUSE, START, World

DAY = dt.date(2026, 11, 22)
PARENT = GuarantorRelation.PARENT


def test_an_adult_owes_for_themselves(world: World) -> None:
    patient = make_patient(world)
    account = make_account(world, patient)
    assert account.guarantor_patient == patient
    assert account.number.startswith("A1")
    assert account.guarantor_name() == patient.spoken()
    assert selectors.account_on(patient.pk, world.main.entity.pk, DAY) == account
    assert selectors.account_on(patient.pk, world.main.entity.pk, START - dt.timedelta(days=1)) is None
    told = Event.objects.unscoped("test").filter(patient_id=patient.pk, subject_type="account").order_by("pk")
    assert [event.type for event in told] == ["account.opened", "account.member_added"]


def test_a_family_shares_an_account(world: World) -> None:
    parent, child = make_patient(world), make_patient(world, given_name="Tim", birth_date=dt.date(2020, 1, 1))
    account = make_account(world, parent)
    member = services.add_member(account=account, patient=child, relation=PARENT, start=START, by=HOUSE)
    desk = world.actor(Role.FRONT_DESK)
    assert {row.patient_id for row in selectors.members_of(desk, account.pk)} == {parent.pk, child.pk}
    services.end_member(member=member, on=dt.date(2026, 1, 1), by=desk)
    assert selectors.account_on(child.pk, world.main.entity.pk, DAY) is None
    fresh = services.open_account(
        patient=child, entity_id=world.main.entity.pk, relation=PARENT, guarantor_patient=parent, start=DAY, by=HOUSE
    )
    assert fresh.guarantor_patient == parent
    with pytest.raises(Refusal, match="after the first day"):
        services.end_member(member=member, on=START, by=desk)


def test_another_person_or_an_organisation_may_owe(world: World) -> None:
    child = make_patient(world)
    entity = world.main.entity.pk
    person = Guarantor(family_name="Ruiz", given_name="Marta", phone="503 555 0177", postal_code="97201-1234")
    account = services.open_account(patient=child, entity_id=entity, relation=PARENT, guarantor=person, by=HOUSE)
    assert (account.guarantor_name(), account.phone, account.postal_code) == ("Marta Ruiz", "+15035550177", "972011234")
    employer = services.open_account(
        patient=child,
        entity_id=entity,
        relation=GuarantorRelation.EMPLOYER,
        guarantor=Guarantor(organization="Acme Mills"),
        kind=AccountKind.WORK_COMP,
        by=HOUSE,
    )
    assert employer.guarantor_name() == "Acme Mills"
    assert {row.kind for row in selectors.accounts_of(world.actor(Role.BILLER), child.pk)} == {"personal", "work_comp"}


def test_wrong_accounts_are_refused(world: World) -> None:
    patient = make_patient(world)
    entity = world.main.entity.pk
    make_account(world, patient)
    cases = [
        ({}, "account_exists"),
        ({"relation": PARENT}, "guarantor_needed"),
        ({"relation": PARENT, "guarantor": Guarantor(family_name="Only")}, "guarantor_needed"),
        ({"guarantor": Guarantor(organization="Acme")}, "guarantor_twice"),
        ({"relation": PARENT, "guarantor": Guarantor("A", "B", phone="1")}, "phone_form"),
        ({"entity_id": world.member_a.entity.pk}, "other_circle"),
        ({"entity_id": world.office("Lonely").entity.pk}, "no_circle"),
    ]
    for given, code in cases:
        with pytest.raises(Refusal) as error:
            services.open_account(**({"patient": patient, "entity_id": entity, "by": HOUSE} | given))  # type: ignore[arg-type]
        assert error.value.code == code
    stranger = make_patient(world, unit=world.member_a.site_unit)
    account = selectors.account_on(patient.pk, entity, dt.datetime.now(dt.UTC).date())
    assert account is not None
    with pytest.raises(Refusal) as error:
        services.add_member(account=account, patient=stranger, relation=PARENT, start=START, by=HOUSE)
    assert error.value.code == "other_circle"


def test_a_service_always_has_an_account(world: World) -> None:
    patient = make_patient(world)
    given = {"patient": patient, "entity_id": world.main.entity.pk, "by": HOUSE, "on": DAY}
    first = services.ensure_account(**given)  # type: ignore[arg-type]
    assert services.ensure_account(**given) == first  # type: ignore[arg-type]
    elsewhere = services.ensure_account(patient=patient, entity_id=world.second.entity.pk, by=HOUSE, on=DAY)
    assert elsewhere != first


def test_accounts_stay_in_their_circle(world: World) -> None:
    patient = make_patient(world)
    account = make_account(world, patient)
    (member,) = selectors.members_of(HOUSE, account.pk)
    stranger = world.actor(Role.BILLER, world.member_a.entity)
    assert selectors.accounts_of(stranger, patient.pk) == []
    assert selectors.members_of(stranger, account.pk) == []
    with pytest.raises(NotVisible):
        selectors.account(stranger, account.pk)
    with pytest.raises(NotVisible):
        services.end_member(member=member, on=DAY, by=stranger)
    assert selectors.account(world.actor(Role.BILLER), account.pk) == account
    assert [unit.pk for unit in selectors.entities_for(world.actor(Role.BILLER), patient.circle_id)] == [
        world.main.entity.pk
    ]
    site_desk = world.actor(Role.FRONT_DESK, world.main.site_unit)
    assert [unit.pk for unit in selectors.entities_for(site_desk, patient.circle_id)] == [world.main.entity.pk]
    assert selectors.accounts_of(site_desk, patient.pk) != []
    assert selectors.entities_for(stranger, patient.circle_id) == []


def test_a_child_does_not_owe() -> None:
    assert needs_other_guarantor(dt.date(2008, 11, 23), DAY)
    assert not needs_other_guarantor(dt.date(2008, 11, 22), DAY)
