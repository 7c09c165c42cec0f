"""What this room plugs into the house: menu, search, cards of the patient's page, documents about patients."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medguild.foundation.documents.ports import register_subject
from medguild.foundation.events.selectors import patient_timeline
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.ui.ports import menu
from medguild.foundation.ui.ports import search as ui_search
from medguild.patients.identity import selectors
from medguild.patients.identity.models import Patient
from medguild.patients.identity.permissions import PatientsRight
from medguild.patients.identity.ports import PatientSlot, Place, slots
from medguild.patients.identity.presentation import moments, search_hits

_RECENT = 6


def _recent_moments(actor: Actor, patient: Patient) -> Mapping[str, Any]:
    return {"moments": moments(patient_timeline(patient_ids=selectors.aliases_of(patient), limit=_RECENT))}


def _readable(actor: Actor, ids: Collection[UUID]) -> set[UUID]:
    return set(selectors.patients_by_id(actor, ids))


def _url(patient_id: UUID) -> str:
    return reverse("patients:detail", args=[patient_id])


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
ui_search.register("patients", search_hits, permission=PatientsRight.READ)
register_subject("patient", _readable, url=_url)
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
