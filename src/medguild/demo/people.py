"""Patients with households, accounts, coverages and consents, by COPY."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from django.db import connection
from psycopg.types.range import DateRange, TimestamptzRange

from medguild.demo import names, plan
from medguild.demo.copying import copy_into, copy_rows, id_at
from medguild.demo.group import Group
from medguild.demo.names import InventedPerson
from medguild.patients.accounts.models import AccountMember, GuarantorAccount
from medguild.patients.consent.models import Consent
from medguild.patients.consent.rules import ConsentKind, Decision
from medguild.patients.coverage.models import Coverage
from medguild.patients.identity.models import MrnCounter, Patient
from medguild.patients.identity.rules import mrn
from medguild.patients.identity.rules.names import name_key, phonetic_key
from medguild.payers.payers.models import Plan
from medguild.payers.payers.rules import PayerKind

_MEMBER_SHARE = 0.12
_HOUSEHOLD = 0.35
_ADULT = 18 * 365
_PATIENT = (
    "id", "circle_id", "home_unit_id", "mrn", "family_name", "given_name", "middle_name", "suffix", "preferred_name",
    "previous_names", "birth_date", "sex", "gender_identity", "language", "interpreter_needed", "phone", "other_phone",
    "email", "line1", "line2", "city", "state", "postal_code", "revision", "registered_at", "family_key", "given_key",
    "phonetic_key", "previous_keys", "phone_digits", "other_phone_digits",
)  # fmt: skip
EVENT_COLUMNS = (
    "id", "version", "type", "occurred_at", "recorded_at", "actor_kind", "actor_label", "subject_type", "subject_id",
    "subject_label", "unit_id", "patient_id", "data",
)  # fmt: skip


@dataclass(slots=True)
class Invented:
    """One patient of the demo, as the later steps need them."""

    id: UUID
    person: InventedPerson
    site: str
    entity: str
    registered_at: dt.datetime
    account_id: UUID
    plan: Plan
    coverage_id: UUID | None
    guardian: InventedPerson | None


def build_people(group: Group, size: plan.Size, today: dt.date) -> None:
    """Invent the patients once, then write each table in one stream."""
    rng = random.Random(plan.SEED + 1)
    group.patients = list(_invent(group, size, today, rng))
    _number(group)
    copy_rows(Patient, _PATIENT, _patient_rows(group))
    _copy_accounts(group)
    _copy_coverages(group, rng)
    _copy_consents(group, rng)
    copy_into("foundation_event", EVENT_COLUMNS, _events(group, rng))


def _invent(group: Group, size: plan.Size, today: dt.date, rng: random.Random) -> Iterator[Invented]:
    own = [site for entity in plan.GROUP for site in entity.sites]
    others = [site for entity in plan.MEMBERS for site in entity.sites]
    begin = dt.datetime.combine(today, dt.time(17), tzinfo=dt.UTC)
    last: InventedPerson | None = None
    for _ in range(size.patients):
        site = rng.choice(others) if rng.random() < _MEMBER_SHARE else rng.choices(own, [s.weight for s in own])[0]
        family = last.family if last and rng.random() < _HOUSEHOLD else None
        person = names.invent(rng, today, family)
        child = (today - person.birth_date).days < _ADULT
        registered = begin - dt.timedelta(days=rng.randrange(560, 2_000), minutes=rng.randrange(480))
        chosen = _choose_plan(group, person, today, rng)
        insured = chosen.payer.kind != PayerKind.SELF_PAY
        yield Invented(
            id=id_at(rng, registered), person=person, site=site.key, entity=group.entity_of_site[site.key],
            registered_at=registered, account_id=id_at(rng, registered), plan=chosen,
            coverage_id=id_at(rng, registered) if insured else None,
            guardian=names.invent_adult(rng, today, person.family) if child else None,
        )  # fmt: skip
        last = person


def _choose_plan(group: Group, person: InventedPerson, today: dt.date, rng: random.Random) -> Plan:
    """The old have Medicare, nobody else does."""
    old = (today - person.birth_date).days > 65 * 365
    medicare = {PayerKind.MEDICARE, PayerKind.MEDICARE_ADVANTAGE}
    injury = {PayerKind.WORK_COMP, PayerKind.AUTO}
    fitting = [
        (sold, weight)
        for sold, weight in group.plans
        if (sold.payer.kind in medicare) == old and sold.payer.kind not in injury
    ]
    return rng.choices([sold for sold, _ in fitting], [weight for _, weight in fitting])[0]


def _number(group: Group) -> None:
    """Record numbers per circle, by the day of registration."""
    counters: dict[UUID, int] = {}
    for patient in sorted(group.patients, key=lambda p: p.registered_at):
        circle = group.circle_ids[patient.entity]
        counters[circle] = counters.get(circle, mrn.FIRST) + 1
        group.mrns[patient.id] = mrn.numbered(counters[circle] - 1)
    for circle, upcoming in counters.items():
        MrnCounter.objects.create(circle_id=circle, upcoming=upcoming)


def _patient_rows(group: Group) -> Iterator[tuple[Any, ...]]:
    sexes = {"F": "female", "M": "male"}
    for patient in group.patients:
        person, site = patient.person, group.sites[patient.site]
        family_key, given_key = name_key(person.family), name_key(person.given)
        yield (
            patient.id, group.circle_ids[patient.entity], group.units[patient.site].pk, group.mrns[patient.id],
            person.family, person.given, "", "", "", [], person.birth_date, sexes[person.sex], "", person.language,
            person.language != "en", f"+1{person.phone}", "", "", person.line1, "", site.city, plan.STATE,
            site.postal_code[:5], 1, patient.registered_at, family_key, given_key, phonetic_key(family_key, given_key),
            [], person.phone, "",
        )  # fmt: skip


def _copy_accounts(group: Group) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select nextval('patients_account_number') from generate_series(1, %s)", [len(group.patients)])
        numbers = [f"A{mrn.numbered(row[0])}" for row in cursor.fetchall()]
    columns = (
        "id", "entity_id", "circle_id", "number", "kind", "guarantor_patient_id", "family_name", "given_name",
        "organization", "birth_date", "phone", "line1", "line2", "city", "state", "postal_code", "opened_at",
    )  # fmt: skip
    rows = (_account_row(group, patient, number) for patient, number in zip(group.patients, numbers, strict=True))
    copy_rows(GuarantorAccount, columns, rows)
    rng = random.Random(plan.SEED + 2)
    copy_rows(
        AccountMember,
        ("id", "account_id", "patient_id", "entity_id", "kind", "relation", "period"),
        (
            (
                id_at(rng, patient.registered_at), patient.account_id, patient.id, group.units[patient.entity].pk,
                "personal", "parent" if patient.guardian else "self", _since(patient),
            )
            for patient in group.patients
        ),
    )  # fmt: skip


def _account_row(group: Group, patient: Invented, number: str) -> tuple[Any, ...]:
    guardian, site = patient.guardian, group.sites[patient.site]
    return (
        patient.account_id, group.units[patient.entity].pk, group.circle_ids[patient.entity], number, "personal",
        None if guardian else patient.id, guardian.family if guardian else "", guardian.given if guardian else "", "",
        guardian.birth_date if guardian else None, "", guardian.line1 if guardian else "", "",
        site.city if guardian else "", plan.STATE if guardian else "", site.postal_code[:5] if guardian else "",
        patient.registered_at,
    )  # fmt: skip


def _since(patient: Invented) -> DateRange:
    return DateRange(patient.registered_at.date(), None)


def _copy_coverages(group: Group, rng: random.Random) -> None:
    columns = (
        "id", "patient_id", "payer_id", "plan_id", "line", "rank", "member_id", "group_number", "relation",
        "subscriber_family_name", "subscriber_given_name", "subscriber_middle_name", "subscriber_birth_date",
        "subscriber_sex", "subscriber_line1", "subscriber_line2", "subscriber_city", "subscriber_state",
        "subscriber_postal_code", "claim_number", "verified_at", "period",
    )  # fmt: skip
    copy_rows(Coverage, columns, (_coverage_row(group, p, rng) for p in group.patients if p.coverage_id))


def _coverage_row(group: Group, patient: Invented, rng: random.Random) -> tuple[Any, ...]:
    guardian, site = patient.guardian, group.sites[patient.site]
    other = (
        (guardian.family, guardian.given, "", guardian.birth_date, "female" if guardian.sex == "F" else "male",
         guardian.line1, "", site.city, plan.STATE, site.postal_code[:5])
        if guardian
        else ("", "", "", None, "", "", "", "", "", "")
    )  # fmt: skip
    return (
        patient.coverage_id, patient.id, patient.plan.payer_id, patient.plan.pk, "health", "primary",
        f"{rng.choice('ABCDEHKMRW')}{rng.randrange(10**8, 10**9)}", f"G{rng.randrange(100, 999)}",
        "child" if guardian else "self", *other, "", patient.registered_at, _since(patient),
    )  # fmt: skip


def _copy_consents(group: Group, rng: random.Random) -> None:
    """Nearly everybody has signed; those who have not are found at check-in."""
    columns = ("id", "patient_id", "kind", "decision", "signed_by", "note", "period")
    rows = (
        (
            id_at(rng, patient.registered_at), patient.id, kind.value, Decision.GIVEN.value, "", "",
            TimestamptzRange(patient.registered_at, None),
        )
        for patient in group.patients
        for kind in (ConsentKind.TREATMENT, ConsentKind.PRIVACY_NOTICE)
        if rng.random() < 0.97
    )  # fmt: skip
    copy_rows(Consent, columns, rows)


def _events(group: Group, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    """Patients were registered before the log's first month, so their events are written on its first day."""
    data = orjson.dumps({"loaded": True}).decode()
    for patient in group.patients:
        yield (
            id_at(rng, max(patient.registered_at, group.log_begins)), 1, "patient.registered", patient.registered_at,
            patient.registered_at, "job", "demo", "patient", patient.id,
            f"{patient.person.family}, {patient.person.given}", group.units[patient.site].pk, patient.id, data,
        )  # fmt: skip
