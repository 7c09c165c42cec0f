"""Where the schedule stands in the menu, and on the patient's page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.foundation.ui.ports.menu import Area, MenuEntry, register
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.selectors import appointments_of_patients, visits_to_come
from medguild.operations.scheduling.words import STATUS_TONES, STATUS_WORDS
from medguild.patients.identity.models import Patient
from medguild.patients.identity.ports import LinkNote, PatientAct, PatientSlot, acts, link_participants, slots
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
        label=_("Appointments"),
        url_name="scheduling:list",
        permission=SchedulingRight.READ,
        order=16,
        icon="list-check",
        in_menu=False,
        keywords=_("no-show cancelled booked list rows"),
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


def _link_notes(duplicate_id: UUID, survivor_id: UUID) -> list[LinkNote]:
    """Visits to come of the two records, told before they are linked."""
    count = visits_to_come([duplicate_id, survivor_id], at=now())
    if not count:
        return []
    words = ngettext("%(count)d visit to come is held for both.", "%(count)d visits to come are held for both.", count)
    return [LinkNote(words % {"count": count})]


link_participants.register("appointments", _link_notes)
