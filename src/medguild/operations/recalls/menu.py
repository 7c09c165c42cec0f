"""Where recalls stand in the menu, and on the patient's page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import today
from medguild.foundation.ui.ports.menu import Area, MenuEntry, register
from medguild.operations.recalls import showing
from medguild.operations.recalls.selectors import recalls_of
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.visits.ports import Place as VisitPlace
from medguild.operations.visits.ports import VisitPanel, VisitRef, visit_panels
from medguild.patients.identity.models import Patient
from medguild.patients.identity.ports import PatientAct, PatientSlot, Place, acts, slots
from medguild.patients.identity.selectors import alias_ids, aliases_of

register(
    MenuEntry(
        area=Area.OPERATIONS, label=_("Recalls"), url_name="recalls:list", permission=SchedulingRight.READ, order=19,
        icon="calendar-time", keywords=_("due again yearly check-up overdue"),
    )
)  # fmt: skip
register(
    MenuEntry(
        area=Area.OPERATIONS, label=_("Rules for recalls"), url_name="recalls:rules",
        permission=SchedulingRight.TEMPLATES, order=84, icon="repeat", in_menu=False,
    )
)  # fmt: skip
register(
    MenuEntry(
        area=Area.OPERATIONS, label=_("Import recalls"), url_name="recalls:import", permission=SchedulingRight.BOOK,
        order=85, icon="file-import", in_menu=False, keywords=_("csv"),
    )
)  # fmt: skip


def _card(actor: Actor, patient: Patient) -> Mapping[str, Any] | None:
    """What the patient is due for, each with the way to its times; no card when it is nothing."""
    rows = recalls_of(actor, aliases_of(patient))
    day = today()
    return (
        {"recalls": [(row, showing.recall(row), showing.times_url(row, today=day)) for row in rows]} if rows else None
    )


def _panel(actor: Actor, ref: VisitRef) -> Mapping[str, Any]:
    """What the patient is due for, and the button that makes the next visit due: one step from the visit."""
    day = today()
    rows = recalls_of(actor, alias_ids(ref.patient_id))
    add = reverse("recalls:add", args=[ref.patient_id])
    return {
        "recalls": [(row, showing.recall(row), showing.times_url(row, today=day)) for row in rows],
        "add": f"{add}?{urlencode({'visit': str(ref.appointment_id)})}" if ref.appointment_id else add,
        "may_book": actor.may(SchedulingRight.BOOK),
    }


for _place in (VisitPlace.VISIT, VisitPlace.CHECK_OUT):
    visit_panels.register(
        f"recalls_{_place}",
        VisitPanel(f"recalls_{_place}", _place, 55, "recalls/_visit_panel.html", _panel, right=SchedulingRight.READ),
    )
slots.register(
    "recalls", PatientSlot("recalls/_patient_card.html", _card, SchedulingRight.READ, order=25, place=Place.MAIN)
)
acts.register(
    "due_for_visit",
    PatientAct(_("Due for a visit"), "recalls:add", SchedulingRight.BOOK, icon="calendar-time", order=14),
)
