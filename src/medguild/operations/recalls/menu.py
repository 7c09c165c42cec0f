"""Where recalls stand in the menu, and on the patient's page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import today
from medguild.foundation.ui.ports.menu import Area, MenuEntry, register
from medguild.operations.recalls import showing
from medguild.operations.recalls.selectors import recalls_of
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.patients.identity.models import Patient
from medguild.patients.identity.ports import PatientAct, PatientSlot, Place, acts, slots
from medguild.patients.identity.selectors import aliases_of

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


slots.register(
    "recalls", PatientSlot("recalls/_patient_card.html", _card, SchedulingRight.READ, order=25, place=Place.MAIN)
)
acts.register(
    "due_for_visit",
    PatientAct(_("Due for a visit"), "recalls:add", SchedulingRight.BOOK, icon="calendar-time", order=14),
)
