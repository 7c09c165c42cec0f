"""Where charts stand: the clinician's day in the menu, the note and its codes on the page of the visit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.ui.ports.menu import Area, MenuEntry, register
from medguild.operations.chart.permissions import ChartRight
from medguild.operations.chart.selectors import codes_of_visit, note_of_visit
from medguild.operations.chart.showing import section_texts
from medguild.operations.visits.ports import Place, VisitPanel, VisitRef, visit_panels

register(
    MenuEntry(
        area=Area.OPERATIONS,
        label=_("My patients today"),
        url_name="chart:day",
        permission=ChartRight.SIGN,
        order=40,
        icon="stethoscope",
        shortcut="g d",
        keywords=_("clinician list notes sign"),
    )
)


def _note(actor: Actor, ref: VisitRef) -> Mapping[str, Any]:
    if ref.visit_id is None:
        return {}
    note = note_of_visit(actor, ref.visit_id)
    scope = actor.scope(ChartRight.WRITE)
    return {
        "note": note,
        "texts": section_texts(note) if note is not None else [],
        "may_write": scope.everything or ref.site_id in scope.units,
    }


def _codes(actor: Actor, ref: VisitRef) -> Mapping[str, Any]:
    return {"codes": codes_of_visit(actor, ref.visit_id) if ref.visit_id is not None else None}


visit_panels.register(
    "note", VisitPanel("note", Place.VISIT, 10, "chart/_note_panel.html", _note, right=ChartRight.READ)
)
visit_panels.register(
    "codes", VisitPanel("codes", Place.VISIT, 20, "chart/_codes_panel.html", _codes, right=ChartRight.CODES)
)
