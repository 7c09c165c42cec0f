"""Where the schedule stands in the menu, and on the patient's page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.ui.ports.menu import Area, MenuEntry, register
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.selectors import appointments_of_patients
from medguild.operations.scheduling.words import STATUS_TONES, STATUS_WORDS
from medguild.patients.identity.models import Patient
from medguild.patients.identity.ports import PatientAct, PatientSlot, acts, slots
from medguild.patients.identity.selectors import alias_ids

_SHOWN = 8

register(
    MenuEntry(
        area=Area.OPERATIONS,
        label=_("Book a visit"),
        url_name="scheduling:find",
        permission=SchedulingRight.BOOK,
        order=12,
        icon="calendar-plus",
        shortcut="g b",
        keywords=_("free slots appointment schedule"),
    )
)
register(
    MenuEntry(
        area=Area.OPERATIONS,
        label=_("Calendar"),
        url_name="scheduling:day",
        permission=SchedulingRight.READ,
        order=14,
        icon="calendar",
        shortcut="g c",
        keywords=_("day schedule appointments clinicians"),
    )
)
register(
    MenuEntry(
        area=Area.OPERATIONS,
        label=_("Templates"),
        url_name="scheduling:templates",
        permission=SchedulingRight.TEMPLATES,
        order=80,
        icon="calendar-cog",
        keywords=_("sessions hours absences week"),
    )
)
register(
    MenuEntry(
        area=Area.OPERATIONS,
        label=_("Kinds of visits"),
        url_name="scheduling:visit_types",
        permission=SchedulingRight.TEMPLATES,
        order=82,
        icon="tag",
        in_menu=False,
        keywords=_("visit types lengths"),
    )
)


def _card(actor: Actor, patient: Patient) -> Mapping[str, Any]:
    """The patient's latest and coming visits."""
    rows = list(appointments_of_patients(actor, alias_ids(patient.pk))[:_SHOWN])
    words = {status.value: (STATUS_TONES[status], STATUS_WORDS[status]) for status in STATUS_WORDS}
    return {"appointments": [(row, *words[row.status]) for row in rows]}


slots.register("appointments", PatientSlot("scheduling/_patient_card.html", _card, SchedulingRight.READ, order=20))
acts.register(
    "book_visit",
    PatientAct(
        _("Book a visit"), "scheduling:find", SchedulingRight.BOOK, icon="calendar-plus", order=10, in_query=True
    ),
)
