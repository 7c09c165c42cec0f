"""Services about people: persons, clinicians, licences, affiliations, billing identities."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.errors import Refusal
from medguild.foundation.kernel.ids import normal_ein, valid_ein, valid_npi
from medguild.foundation.organization.models import Resource, Unit
from medguild.foundation.organization.people import Affiliation, BillingIdentity, Clinician, Licence, Person
from medguild.foundation.organization.rules import AffiliationKind, ClinicianKind, ResourceKind

PERSON_JOINED = declare_event("person.joined", gettext_lazy("Person joined"), icon="user-plus")
CLINICIAN_ADDED = declare_event("clinician.added", gettext_lazy("Clinician added"), icon="stethoscope")
MADE_BOOKABLE = declare_event("person.bookable", gettext_lazy("May be booked as staff"), icon="users")
LICENCE_RECORDED = declare_event("licence.recorded", gettext_lazy("Licence recorded"), icon="certificate")
AFFILIATED = declare_event("person.affiliated", gettext_lazy("Affiliation recorded"), icon="link")
BILLING_SET = declare_event("billing_identity.recorded", gettext_lazy("Billing identity recorded"), icon="receipt")


def _subject(person: Person) -> SubjectRef:
    return SubjectRef("person", person.pk, person.label())


@transaction.atomic
def join(*, given_name: str, family_name: str, by: Actor, start: dt.date, suffix: str = "", email: str = "") -> Person:
    """Record somebody who works in the house."""
    person = Person.objects.create(
        given_name=given_name.strip(), family_name=family_name.strip(), suffix=suffix, email=email,
        period=DateRange(start, None),
    )  # fmt: skip
    record(PERSON_JOINED, subject=_subject(person), by=by)
    return person


@transaction.atomic
def affiliate(
    *,
    person: Person,
    unit: Unit,
    kind: AffiliationKind,
    by: Actor,
    start: dt.date,
    end: dt.date | None = None,
    title: str = "",
) -> Affiliation:
    """Say for whom a person works; several units and entities at once are normal, twice the same is refused."""
    period = DateRange(start, end)
    if Affiliation.objects.filter(person=person, unit=unit, period__overlap=period).exists():
        raise Refusal(_("This person already works there in that period."), code="affiliated_already", field="unit")
    affiliation = Affiliation.objects.create(person=person, unit=unit, kind=kind, title=title, period=period)
    record(AFFILIATED, subject=_subject(person), by=by, unit_id=unit.pk, data={"kind": kind})
    return affiliation


@transaction.atomic
def enrol_clinician(
    *,
    person: Person,
    kind: ClinicianKind,
    npi: str,
    specialty: str,
    taxonomy: str,
    home: Unit,
    by: Actor,
    start: dt.date,
) -> Clinician:
    """Make a person a bookable clinician with an individual NPI. A wrong or used NPI is refused."""
    if not valid_npi(npi):
        raise Refusal(_("This is not a valid NPI: check the ten digits."), code="npi_invalid", field="npi")
    if Clinician.objects.filter(npi=npi).exists():
        raise Refusal(_("Another clinician has this NPI."), code="npi_taken", field="npi")
    resource = _calendar_of(person, ResourceKind.CLINICIAN, home, start)
    clinician = Clinician.objects.create(
        person=person, resource=resource, kind=kind, npi=npi, specialty=specialty, taxonomy=taxonomy
    )
    record(CLINICIAN_ADDED, subject=_subject(person), by=by, unit_id=home.pk, data={"clinician_id": clinician.pk})
    return clinician


def _calendar_of(person: Person, kind: ResourceKind, home: Unit, start: dt.date) -> Resource:
    """The person's one calendar: staff who become clinicians keep theirs."""
    held: Resource | None = (
        Resource.objects.unscoped("a person has one calendar, whoever asks").filter(person=person).first()
    )
    if held is None:
        return Resource.objects.create(
            kind=kind, unit=home, name=person.label(), person=person, period=DateRange(start, None)
        )
    if kind == ResourceKind.CLINICIAN and held.kind != kind:
        held.kind = kind
        held.save(update_fields=["kind"])
    return held


@transaction.atomic
def make_bookable(*, person: Person, home: Unit, by: Actor, start: dt.date) -> Resource:
    """Let visits take a person's time, as staff at `home`; clinicians have one calendar for both."""
    resource = _calendar_of(person, ResourceKind.STAFF, home, start)
    record(MADE_BOOKABLE, subject=_subject(person), by=by, unit_id=home.pk, data={"resource_id": resource.pk})
    return resource


@transaction.atomic
def record_licence(
    *, clinician: Clinician, state: str, number: str, start: dt.date, end: dt.date, by: Actor
) -> Licence:
    """A state licence from a day until (not including) its end."""
    if end <= start:
        raise Refusal(_("The licence must end after it starts."), field="end")
    licence = Licence.objects.create(
        clinician=clinician, state=state.upper(), number=number.strip(), period=DateRange(start, end)
    )
    record(LICENCE_RECORDED, subject=_subject(clinician.person), by=by, data={"state": licence.state})
    return licence


@transaction.atomic
def set_billing_identity(
    *, entity: Unit, by: Actor, start: dt.date, end: dt.date | None = None, **fields: Any
) -> BillingIdentity:
    """Record under which numbers an entity bills; `fields` are the columns of BillingIdentity.

    Wrong NPI or tax id, or a second row for the same key and period, is refused.
    """
    if not valid_npi(fields.get("group_npi", "")):
        raise Refusal(_("This is not a valid NPI: check the ten digits."), code="npi_invalid", field="group_npi")
    if not valid_ein(fields.get("tin", "")):
        raise Refusal(_("This is not a valid tax id."), code="tin_invalid", field="tin")
    fields["tin"] = normal_ein(fields["tin"])
    period = DateRange(start, end)
    same = BillingIdentity.objects.unscoped("a key is taken whoever asks").filter(
        entity=entity,
        site=fields.get("site"),
        payer_id=fields.get("payer_id"),
        specialty=fields.get("specialty", ""),
        period__overlap=period,
    )
    if same.exists():
        raise Refusal(_("A billing identity holds already for this key and period."), code="billing_overlaps")
    identity = BillingIdentity.objects.create(entity=entity, period=period, **fields)
    record(BILLING_SET, subject=SubjectRef("unit", entity.pk, entity.name), by=by, unit_id=entity.pk)
    return identity
