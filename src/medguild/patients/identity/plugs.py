"""What this room plugs into the house: menu, search, cards of the patient's page, documents about patients."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medguild.foundation.access.ports import RecordKeeper, keep_records
from medguild.foundation.documents.permissions import DocumentRight
from medguild.foundation.documents.ports import Placing, register_subject
from medguild.foundation.events.selectors import patient_timeline
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.verdict import Verdict, no, yes
from medguild.foundation.ui.ports import menu
from medguild.foundation.ui.ports import search as ui_search
from medguild.patients.identity import selectors
from medguild.patients.identity.models import Patient
from medguild.patients.identity.permissions import PatientsRight
from medguild.patients.identity.ports import PatientAct, PatientSlot, Place, acts, slots
from medguild.patients.identity.presentation import moments, search_hits

_RECENT = 6


def _recent_moments(actor: Actor, patient: Patient) -> Mapping[str, Any]:
    return {"moments": moments(patient_timeline(patient_ids=selectors.aliases_of(patient), limit=_RECENT))}


def _readable(actor: Actor, ids: Collection[UUID]) -> set[UUID]:
    return set(selectors.patients_by_id(actor, ids))


def _url(patient_id: UUID) -> str:
    return reverse("patients:detail", args=[patient_id])


def _place(actor: Actor, patient_id: UUID) -> Placing:
    """Where a document about a patient belongs."""
    held = selectors.patient(actor, patient_id)
    return Placing(
        held.label(),
        held.home_unit_id,
        held.circle_id,
        patient_id=held.pk,
        patient_ids=tuple(selectors.aliases_of(held)),
    )


def _there_in_an_emergency(actor: Actor, patient_id: UUID) -> Verdict:
    """Treatment in an emergency knows no circle; opening is recorded and reviewed by somebody else."""
    records = Patient.objects.unscoped("whether a record is there is told to those who may open it in an emergency")
    return yes() if records.filter(pk=patient_id).exists() else no("not_found", str(_("There is no such record.")))


def _names(patient_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Names of records that were opened, for those who review it."""
    records = Patient.objects.unscoped("a reviewer must know whose record was opened")
    return {record.pk: record.label() for record in records.filter(pk__in=list(patient_ids))}


menu.register(
    menu.MenuEntry(
        area=menu.Area.OPERATIONS,
        label=_("Patients"),
        url_name="patients:list",
        permission=PatientsRight.READ,
        order=10,
        icon="users",
        shortcut="g p",
        keywords=_("find search chart"),
    )
)
keep_records(RecordKeeper(may_open=_there_in_an_emergency, labels=_names, page=_url))
ui_search.register("patients", search_hits, permission=PatientsRight.READ)
register_subject("patient", _readable, url=_url, place=_place)
acts.register(
    "identity.documents",
    PatientAct(_("Documents"), "documents:of_patient", right=DocumentRight.READ, icon="paperclip", order=80),
)
slots.register(
    "identity.timeline",
    PatientSlot(
        template="identity/_recent.html",
        context=_recent_moments,
        right=PatientsRight.READ,
        order=90,
        place=Place.ASIDE,
    ),
)
