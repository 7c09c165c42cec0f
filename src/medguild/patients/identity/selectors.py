"""Questions about patients: one record, its aliases, what may be a duplicate of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from medguild.foundation.events.events import EventRecord
from medguild.foundation.events.selectors import patient_timeline, readers_of
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.errors import NotVisible
from medguild.foundation.kernel.verdict import Verdict, no, unknown
from medguild.patients.identity.errors import Candidate
from medguild.patients.identity.models import Patient, PatientLink
from medguild.patients.identity.permissions import PatientsRight
from medguild.patients.identity.rules.likeness import Traits, reasons

_MOST_COMPARED = 300
_ALIASES = """
    with root as (select coalesce(survivor_id, id) as id from patients_patient where id = %(id)s)
    select p.id from patients_patient p, root where p.id = root.id or p.survivor_id = root.id
     order by p.id <> root.id, p.id
"""
_WHOLE_CIRCLE = "a duplicate is looked for in the whole circle; what the actor may not see comes back as a verdict"


def patient(actor: Actor, patient_id: UUID, *, right: str = PatientsRight.READ) -> Patient:
    """The record. Raises NotVisible, the same for what is missing and what is forbidden."""
    found: Patient | None = Patient.objects.visible_to(actor, right).filter(pk=patient_id).first()
    if found is None:
        raise NotVisible
    return found


def patients_by_id(actor: Actor, ids: Iterable[UUID]) -> dict[UUID, Patient]:
    """Records that the actor may see, in one query; others are left out."""
    rows = Patient.objects.visible_to(actor).filter(pk__in=list(ids))
    return {row.pk: row for row in rows}


def alias_ids(patient_id: UUID) -> list[UUID]:
    """All ids under which this person is on file: the survivor first, then its duplicates. Asks no scope: the caller
    has checked that the record is visible, and links never leave its circle.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ALIASES, {"id": patient_id})
        return [found for (found,) in cursor.fetchall()] or [patient_id]


def aliases_of(patient: Patient) -> list[UUID]:
    """`alias_ids` of a record at hand, asked once per record object: the cards of one page share the answer."""
    held: list[UUID] | None = patient.__dict__.get("_aliases")
    if held is None:
        held = patient.__dict__["_aliases"] = alias_ids(patient.pk)
    return held


def canonical_id(patient_id: UUID) -> UUID:
    """The id that stands for this person: the survivor's, or its own."""
    rows = Patient.objects.unscoped("the id of one visible person")
    survivor: UUID | None = rows.filter(pk=patient_id).values_list("survivor_id", flat=True).first()
    return survivor or patient_id


def open_links(actor: Actor, patient_id: UUID) -> list[PatientLink]:
    """Links in force in which the record takes part, with both records."""
    rows = PatientLink.objects.visible_to(actor).filter(unlinked_at__isnull=True)
    rows = rows.filter(Q(duplicate_id=patient_id) | Q(survivor_id=patient_id))
    return list(rows.select_related("duplicate", "survivor").order_by("linked_at"))


def timeline(actor: Actor, patient_id: UUID, *, limit: int = 50, before: UUID | None = None) -> list[EventRecord]:
    """What happened to the person under any of the linked ids, newest first. Raises NotVisible."""
    patient(actor, patient_id)
    return patient_timeline(patient_ids=alias_ids(patient_id), limit=limit, before=before)


def readers(actor: Actor, patient_id: UUID, *, limit: int = 200) -> list[EventRecord]:
    """Who has read the person's data, newest first. Raises NotVisible."""
    patient(actor, patient_id, right=PatientsRight.READERS)
    return readers_of(patient_ids=alias_ids(patient_id), limit=limit)


@dataclass(frozen=True, slots=True)
class Duplicates:
    """What may be the same person: candidates that the actor may see, and whether there are others."""

    candidates: list[Candidate]
    hidden: bool

    @property
    def verdict(self) -> Verdict:
        if self.hidden or self.candidates:
            return no("possible_duplicate", "This person may be on file already.")
        return unknown("none_found", "Nobody on file looks like this person.")


def possible_duplicates(actor: Actor, circle_id: UUID, person: Traits, *, leave_out: Iterable[UUID] = ()) -> Duplicates:
    """Records of the circle that may be this person, the likeliest first. Never looks into another circle."""
    rows = _comparable(circle_id, person).exclude(pk__in=list(leave_out))[:_MOST_COMPARED]
    alike = [(row, reasons(person, traits_of(row))) for row in rows]
    found = [Candidate(row, tuple(why)) for row, why in alike if why]
    found.sort(key=lambda candidate: list(type(candidate.reasons[0])).index(candidate.reasons[0]))
    scope = actor.scope(PatientsRight.READ)
    visible = [
        candidate
        for candidate in found
        if scope.everything or circle_id in scope.circles or candidate.id in scope.patients
    ]
    return Duplicates(visible, hidden=len(visible) < len(found))


def traits_of(row: Patient) -> Traits:
    return Traits(
        family_key=row.family_key,
        given_key=row.given_key,
        birth_date=row.birth_date,
        phones=frozenset({row.phone_digits, row.other_phone_digits} - {""}),
        previous_keys=frozenset(row.previous_keys),
        suffix=row.suffix,
    )


def _comparable(circle_id: UUID, person: Traits) -> QuerySet[Patient]:
    """Rows worth comparing: the same birth date, a same phone, or the same name in either order."""
    phones = list(person.phones)
    one, two = person.family_key, person.given_key
    same = Q(birth_date=person.birth_date)
    same |= Q(family_key=one, given_key=two) | Q(family_key=two, given_key=one)
    if phones:
        same |= Q(phone_digits__in=phones) | Q(other_phone_digits__in=phones)
    rows: QuerySet[Patient] = Patient.objects.unscoped(_WHOLE_CIRCLE).filter(same, circle_id=circle_id)
    return rows.order_by("pk")
