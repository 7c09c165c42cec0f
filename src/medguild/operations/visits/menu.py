"""Where visits stand in the menu, and on the patient's page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from medguild.foundation.ui.ports.menu import Area, MenuEntry, register
from medguild.operations.visits.permissions import VisitsRight
from medguild.patients.identity.ports import PatientAct, acts

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
        label=_("Flow board"),
        url_name="visits:board",
        permission=VisitsRight.MOVE,
        order=30,
        icon="layout-kanban",
        shortcut="g f",
        keywords=_("rooms waiting who is here"),
    )
)
acts.register(
    "walk_in", PatientAct(_("Walk-in"), "visits:walk_in_for", VisitsRight.CHECK_IN, icon="door-enter", order=30)
)
