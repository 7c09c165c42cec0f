"""Every constraint and trigger of the patients wing, violated once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange

from medguild.patients.accounts.models import AccountMember, GuarantorAccount
from medguild.patients.consent.models import Consent
from medguild.patients.coverage.models import Coverage
from medguild.patients.identity.models import MrnCounter, Patient, PatientLink
from tests.factories.patients import make_account, make_coverage, make_patient
from tests.factories.payers import make_payer
from tests.factories.world import START, World

NOW = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
FOREVER = DateRange(START, None)
NEVER = DateRange(START, START)
Violation = Callable[[World], Any]


def patient(**given: Any) -> Violation:
    def violate(world: World) -> None:
        values = {
            "circle": world.circle, "home_unit": world.main.site_unit, "mrn": "X1", "family_name": "A",
            "given_name": "B", "family_key": "a", "given_key": "b", "phonetic_key": "", "birth_date": START,
            "registered_at": NOW,
        } | given  # fmt: skip
        Patient.objects.create(**values)

    return violate


def same_mrn(world: World) -> None:
    held = make_patient(world)
    patient(mrn=held.mrn)(world)


def own_survivor(world: World) -> None:
    held = make_patient(world)
    held.survivor_id = held.pk
    held.save()


def link(**given: Any) -> Violation:
    def violate(world: World) -> None:
        one, two = make_patient(world, family_name="One"), make_patient(world, family_name="Two")
        values = {"duplicate": one, "survivor": two, "reason": "same", "linked_at": NOW} | given
        PatientLink.objects.create(**values)

    return violate


def link_to_itself(world: World) -> None:
    one = make_patient(world)
    PatientLink.objects.create(duplicate=one, survivor=one, reason="same", linked_at=NOW)


def two_survivors(world: World) -> None:
    one, two, three = (make_patient(world, family_name=name) for name in ("One", "Two", "Three"))
    for survivor in (two, three):
        PatientLink.objects.create(duplicate=one, survivor=survivor, reason="same", linked_at=NOW)


def chained(world: World) -> None:
    one, two, three = (make_patient(world, family_name=name) for name in ("One", "Two", "Three"))
    PatientLink.objects.create(duplicate=one, survivor=two, reason="same", linked_at=NOW)
    PatientLink.objects.create(duplicate=two, survivor=three, reason="same", linked_at=NOW)


def across_circles(world: World) -> None:
    one, two = make_patient(world), make_patient(world, unit=world.member_a.site_unit)
    PatientLink.objects.create(duplicate=one, survivor=two, reason="same", linked_at=NOW)


def counter(world: World) -> None:
    MrnCounter.objects.create(circle=world.circle, upcoming=0)


def account(**given: Any) -> Violation:
    def violate(world: World) -> None:
        values = {
            "entity": world.main.entity, "circle": world.circle, "number": "A1", "kind": "personal",
            "organization": "Acme", "opened_at": NOW,
        } | given  # fmt: skip
        GuarantorAccount.objects.create(**values)

    return violate


def same_number(world: World) -> None:
    account(number=make_account(world, make_patient(world)).number)(world)


def member(**given: Any) -> Violation:
    def violate(world: World) -> None:
        held = make_account(world, make_patient(world))
        other = make_patient(world, family_name="Other")
        values = {"account": held, "patient": other, "relation": "child", "period": FOREVER} | given
        AccountMember.objects.create(**values)

    return violate


def two_accounts(world: World) -> None:
    one = make_patient(world)
    make_account(world, one)
    other = make_account(world, make_patient(world, family_name="Other"))
    AccountMember.objects.create(account=other, patient=one, relation="child", period=FOREVER)


def coverage(**given: Any) -> Violation:
    def violate(world: World) -> None:
        values = {
            "patient": make_patient(world), "payer": make_payer(), "rank": "primary", "member_id": "1",
            "relation": "self", "period": FOREVER,
        } | given  # fmt: skip
        Coverage.objects.create(**values)

    return violate


def two_of_a_rank(world: World) -> None:
    held = make_coverage(make_patient(world))
    coverage(patient=held.patient)(world)


def consent(**given: Any) -> Violation:
    def violate(world: World) -> None:
        period = DateTimeTZRange(NOW, None)
        values = {"patient": make_patient(world), "kind": "treatment", "decision": "given", "period": period} | given
        Consent.objects.create(**values)

    return violate


def two_decisions(world: World) -> None:
    held = make_patient(world)
    consent(patient=held)(world)
    consent(patient=held)(world)


CASES: list[tuple[str, Violation]] = [
    ("patient_mrn_once_per_circle", same_mrn),
    ("patient_mrn_form", patient(mrn="a b")),
    ("patient_has_family_name", patient(family_name="")),
    ("patient_has_given_name", patient(given_key="")),
    ("patient_birth_date_sane", patient(birth_date=dt.date(1849, 1, 1))),
    ("patient_sex_known", patient(sex="x")),
    ("patient_phone_form", patient(phone="503")),
    ("patient_email_form", patient(email="nobody")),
    ("patient_state_form", patient(state="or")),
    ("patient_postal_code_form", patient(postal_code="1")),
    ("patient_dies_after_birth", patient(deceased_on=dt.date(1900, 1, 1))),
    ("patient_survivor_is_another", own_survivor),
    ("mrn_counter_positive", counter),
    ("patient_link_two_records", link_to_itself),
    ("patient_link_has_reason", link(reason="")),
    ("patient_link_ends_later", link(unlinked_at=NOW - dt.timedelta(days=1))),
    ("patient_link_one_survivor", two_survivors),
    ("patient_link_no_chain", chained),
    ("patient_link_same_circle", across_circles),
    ("account_number_once", same_number),
    ("account_number_form", account(number="a 1")),
    ("account_kind_known", account(kind="x")),
    ("account_one_guarantor", account(family_name="A", given_name="B")),
    ("account_postal_code_form", account(postal_code="1")),
    ("account_member_relation_known", member(relation="x")),
    ("account_member_one_account", two_accounts),
    ("account_member_period_whole", member(period=NEVER)),
    ("coverage_rank_known", coverage(rank="x")),
    ("coverage_line_known", coverage(line="x")),
    ("coverage_relation_known", coverage(relation="x", subscriber_family_name="A", subscriber_given_name="B")),
    ("coverage_subscriber_sex_known", coverage(subscriber_sex="x")),
    ("coverage_has_member_id", coverage(member_id="")),
    ("coverage_subscriber_when_not_self", coverage(relation="child")),
    ("coverage_one_per_rank", two_of_a_rank),
    ("coverage_period_whole", coverage(period=NEVER)),
    ("consent_kind_known", consent(kind="x")),
    ("consent_decision_known", consent(decision="x")),
    ("consent_one_decision_at_a_time", two_decisions),
    ("consent_period_whole", consent(period=DateTimeTZRange(NOW, NOW))),
]


@pytest.mark.parametrize(("name", "violate"), CASES, ids=[name for name, _ in CASES])
def test_refused_by_the_database(world: World, name: str, violate: Violation) -> None:
    _ = world.circle
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        violate(world)
    assert error.value.__cause__.diag.constraint_name == name  # type: ignore[union-attr]


def test_the_trigger_patient_link_in_circle_guards_moves_too(world: World) -> None:
    """patient_link_in_circle."""
    one, two = make_patient(world), make_patient(world, family_name="Two")
    held = PatientLink.objects.create(duplicate=one, survivor=two, reason="same", linked_at=NOW)
    stranger = make_patient(world, unit=world.member_a.site_unit)
    with pytest.raises(IntegrityError), transaction.atomic():
        PatientLink.objects.unscoped("test").filter(pk=held.pk).update(survivor=stranger)


def test_the_trigger_patient_link_keeps_survivor_follows_the_link(world: World) -> None:
    """patient_link_keeps_survivor."""
    one, two = make_patient(world), make_patient(world, family_name="Two")
    held = PatientLink.objects.create(duplicate=one, survivor=two, reason="same", linked_at=NOW)
    rows = Patient.objects.unscoped("test")
    assert rows.get(pk=one.pk).survivor_id == two.pk
    held.unlinked_at = NOW
    held.save()
    assert rows.get(pk=one.pk).survivor_id is None


def test_the_trigger_account_member_as_account_overrules_what_is_written(world: World) -> None:
    """account_member_as_account."""
    one = make_patient(world)
    held = make_account(world, one)
    other = make_patient(world, family_name="Other")
    made = AccountMember.objects.create(
        account=held, patient=other, entity=world.second.entity, kind="auto", relation="child", period=FOREVER
    )
    kept = AccountMember.objects.unscoped("test").get(pk=made.pk)
    assert (kept.entity_id, kept.kind) == (held.entity_id, held.kind)
