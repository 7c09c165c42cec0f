"""Where days with several visits stand: on the patient's page, on the page of a visit, and campuses in the menu."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.ui.ports.menu import Area, MenuEntry, register
from medguild.operations.itineraries.selectors import day_of_visit, itineraries_of, shown_day
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.ports import PanelPlace, PanelRef, SchedulePanel, schedule_panels
from medguild.patients.identity.models import Patient
from medguild.patients.identity.ports import PatientAct, PatientSlot, acts, slots
from medguild.patients.identity.selectors import alias_ids

_SHOWN = 3

register(
    MenuEntry(
        area=Area.OPERATIONS,
        label=_("Campuses"),
        url_name="itineraries:campuses",
        permission=SchedulingRight.TEMPLATES,
        order=84,
        icon="map-pin",
        in_menu=False,
        keywords=_("walking minutes plan buildings"),
    )
)
acts.register(
    "plan_day",
    PatientAct(_("Several visits in a day"), "itineraries:find", SchedulingRight.BOOK, icon="route", order=12),
)


def _card(actor: Actor, patient: Patient) -> Mapping[str, Any] | None:
    rows = list(itineraries_of(actor, alias_ids(patient.pk))[:_SHOWN])
    return {"days": rows} if rows else None


slots.register("itineraries", PatientSlot("itineraries/_patient_card.html", _card, SchedulingRight.READ, order=23))


def _panel(actor: Actor, ref: PanelRef) -> Mapping[str, Any]:
    """The day to which the visit belongs, and whether it still fits: whoever moves one sees the others."""
    made = day_of_visit(ref.appointment) if ref.appointment is not None else None
    return {"day": made, "shown": shown_day(made)} if made is not None else {}


schedule_panels.register(
    "itinerary",
    SchedulePanel("itinerary", PanelPlace.VISIT, 15, "itineraries/_panel.html", _panel, SchedulingRight.READ),
)
