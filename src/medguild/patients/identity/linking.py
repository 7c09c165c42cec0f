"""Services: linking records of one person. Nothing that points to the duplicate is moved."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.patients.identity.events import LINKED, UNLINKED, subject_of
from medguild.patients.identity.models import Patient, PatientLink
from medguild.patients.identity.permissions import PatientsRight


@transaction.atomic
def link_patients(
    *, duplicate: Patient, survivor: Patient, reason: str, by: Actor, at: dt.datetime | None = None
) -> PatientLink:
    """The survivor stands for both from now on. A survivor that is itself linked is replaced by its own; duplicates of
    the duplicate follow. Raises NotVisible for records outside the actor's circles or of two circles, Refusal else.
    """
    if not reason.strip():
        raise Refusal(_("Write why these are the same person."), code="reason_needed", field="reason")
    moment = at or now()
    rows = Patient.objects.visible_to(by, PatientsRight.LINK).select_for_update().order_by("pk")
    found = {row.pk: row for row in rows.filter(pk__in={duplicate.pk, survivor.pk})}
    if len(found) < len({duplicate.pk, survivor.pk}):
        raise NotVisible
    lesser, chosen = found[duplicate.pk], found[survivor.pk]
    lasting: Patient = rows.get(pk=chosen.survivor_id) if chosen.survivor_id else chosen
    _refuse_unlinkable(lesser, lasting)
    followers = _end_links_to(lesser, by, moment)
    link = _make_link(lesser, lasting, reason.strip(), by, moment)
    for follower in followers:
        _make_link(follower, lasting, reason.strip(), by, moment)
    return link


def _refuse_unlinkable(duplicate: Patient, survivor: Patient) -> None:
    if duplicate.circle_id != survivor.circle_id:
        raise NotVisible
    if duplicate.pk == survivor.pk:
        raise Refusal(_("Choose two different records."), code="same_record", field="survivor")
    if duplicate.survivor_id is not None:
        raise Refusal(_("This record is linked already; undo that link first."), code="linked_already")


def _end_links_to(survivor: Patient, by: Actor, moment: dt.datetime) -> list[Patient]:
    """End the links to a record that gets a survivor itself; returns the records that were linked to it."""
    links = PatientLink.objects.visible_to(by, PatientsRight.LINK).select_for_update(of=("self",))
    held = list(links.filter(survivor=survivor, unlinked_at__isnull=True).select_related("duplicate").order_by("pk"))
    for link in held:
        _end(link, by, moment)
    return [link.duplicate for link in held]


def _make_link(duplicate: Patient, survivor: Patient, reason: str, by: Actor, moment: dt.datetime) -> PatientLink:
    link: PatientLink = PatientLink.objects.create(
        duplicate=duplicate, survivor=survivor, reason=reason, linked_at=moment, linked_by=by.id
    )
    for patient, other in ((duplicate, survivor), (survivor, duplicate)):
        record(
            LINKED,
            subject=subject_of(patient),
            by=by,
            patient_id=patient.pk,
            occurred_at=moment,
            data={"link_id": link.pk, "other_id": other.pk, "survivor_id": survivor.pk},
        )
    return link


@transaction.atomic
def unlink(*, link: PatientLink, reason: str, by: Actor, at: dt.datetime | None = None) -> None:
    """Undo a link: two persons after all. Raises NotVisible, Refusal."""
    if not reason.strip():
        raise Refusal(_("Write why these are two persons."), code="reason_needed", field="reason")
    moment = at or now()
    rows = PatientLink.objects.visible_to(by, PatientsRight.LINK).select_for_update(of=("self",))
    held = rows.select_related("duplicate", "survivor").filter(pk=link.pk).first()
    if held is None:
        raise NotVisible
    if held.unlinked_at is not None:
        raise Refusal(_("This link was undone already."), code="unlinked_already")
    _end(held, by, moment)
    for patient, other in ((held.duplicate, held.survivor), (held.survivor, held.duplicate)):
        record(
            UNLINKED,
            subject=subject_of(patient),
            by=by,
            patient_id=patient.pk,
            occurred_at=moment,
            data={"link_id": held.pk, "other_id": other.pk},
        )


def _end(link: PatientLink, by: Actor, moment: dt.datetime) -> None:
    link.unlinked_at, link.unlinked_by = moment, by.id
    link.save(update_fields=["unlinked_at", "unlinked_by"])
