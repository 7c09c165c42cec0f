"""Where series stand on the patient's page and on the page of a visit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from medguild.foundation.kernel.actor import Actor
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.ports import PanelPlace, PanelRef, SchedulePanel, schedule_panels
from medguild.operations.series.selectors import rule_of, series_at, series_of
from medguild.operations.series.words import rule_words
from medguild.patients.identity.models import Patient
from medguild.patients.identity.ports import PatientAct, PatientSlot, acts, slots
from medguild.patients.identity.selectors import alias_ids

acts.register(
    "book_series", PatientAct(_("Book a series"), "series:new", SchedulingRight.BOOK, icon="repeat", order=11)
)


def _card(actor: Actor, patient: Patient) -> Mapping[str, Any] | None:
    """The patient's series that have not ended; no card without one."""
    rows = list(series_of(actor, alias_ids(patient.pk)))
    if not rows:
        return None
    return {"rows": [(one, rule_words(rule_of(one, 10_000))) for one in rows]}


slots.register("series", PatientSlot("series/_patient_card.html", _card, SchedulingRight.READ, order=22))


def _panel(actor: Actor, ref: PanelRef) -> Mapping[str, Any]:
    place = series_at(ref.appointment) if ref.appointment is not None else None
    return {"place": place} if place is not None else {}


schedule_panels.register(
    "series", SchedulePanel("series", PanelPlace.VISIT, 20, "series/_panel.html", _panel, SchedulingRight.READ)
)
