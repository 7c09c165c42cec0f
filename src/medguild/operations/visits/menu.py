"""Where visits stand in the menu and on the patient's page, and what they say when records are linked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.ui.ports.menu import Area, MenuEntry, register
from medguild.operations.visits.permissions import VisitsRight
from medguild.operations.visits.rules import VisitStatus
from medguild.operations.visits.selectors import is_here, visits_of_patient
from medguild.operations.visits.words import STATUS_TONES, STATUS_WORDS
from medguild.patients.identity.models import Patient
from medguild.patients.identity.ports import LinkNote, PatientAct, PatientSlot, acts, link_participants, slots
from medguild.patients.identity.selectors import alias_ids

register(
    MenuEntry(
        area=Area.OPERATIONS,
        label=_("Arrivals"),
        url_name="visits:arrivals",
        permission=VisitsRight.CHECK_IN,
        order=20,
        icon="door-enter",
        shortcut="g a",
        keywords=_("check-in front desk today no-show"),
    )
)
register(
    MenuEntry(
        area=Area.OPERATIONS,
        label=_("Queue"),
        url_name="visits:queue",
        permission=VisitsRight.CHECK_IN,
        order=22,
        icon="users-group",
        keywords=_("walk-ins waiting next call in estimated wait"),
    )
)
register(
    MenuEntry(
        area=Area.OPERATIONS,
        label=_("Flow board"),
        url_name="visits:board",
        permission=VisitsRight.MOVE,
        order=30,
        icon="layout-kanban",
        shortcut="g f",
        keywords=_("rooms waiting who is here"),
    )
)
register(
    MenuEntry(
        area=Area.OPERATIONS,
        label=_("Visits"),
        url_name="visits:list",
        permission=VisitsRight.READ,
        order=32,
        icon="list-check",
        in_menu=False,
        keywords=_("who came list rows"),
    )
)
acts.register(
    "walk_in", PatientAct(_("Walk-in"), "visits:walk_in_for", VisitsRight.CHECK_IN, icon="door-enter", order=30)
)


def _latest(actor: Actor, patient: Patient) -> Mapping[str, Any]:
    visits = visits_of_patient(actor, alias_ids(patient.pk), limit=6)
    words = [
        (visit, STATUS_WORDS[VisitStatus(visit.status)], STATUS_TONES[VisitStatus(visit.status)]) for visit in visits
    ]
    return {"visits": words}


def _before_linking(duplicate_id: UUID, survivor_id: UUID) -> list[LinkNote]:
    here = is_here([duplicate_id, survivor_id])
    return [LinkNote(_("One of the two is here now: finish the visit first."), "warn")] if here else []


slots.register("visits", PatientSlot("visits/_patient_card.html", _latest, right=VisitsRight.READ, order=30))
link_participants.register("visits", _before_linking)
