"""Where attendance stands in the menu, and its panels on pages of the schedule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.foundation.organization.models import Site
from medguild.foundation.ui.ports.menu import Area, MenuEntry, register
from medguild.operations.attendance.permissions import AttendanceRight
from medguild.operations.attendance.selectors import explained
from medguild.operations.attendance.session_advice import advice_for
from medguild.operations.attendance.showing import percent
from medguild.operations.attendance.words import FEATURES, VERDICTS
from medguild.operations.scheduling.ports import PanelPlace, PanelRef, SchedulePanel, schedule_panels
from medguild.operations.scheduling.rules import AppointmentStatus

register(
    MenuEntry(
        area=Area.OPERATIONS, label=_("No-shows"), url_name="attendance:rates", permission=AttendanceRight.READ,
        order=72, icon="user-off", keywords=_("attendance missed visits rate lead time"),
    )
)  # fmt: skip
register(
    MenuEntry(
        area=Area.OPERATIONS, label=_("Sessions to come"), url_name="attendance:sessions",
        permission=AttendanceRight.READ, order=73, icon="stack-2", in_menu=False,
        keywords=_("overbooking advice expected visits"),
    )
)  # fmt: skip
register(
    MenuEntry(
        area=Area.OPERATIONS, label=_("No-show model"), url_name="attendance:model", permission=AttendanceRight.READ,
        order=74, icon="chart-dots", in_menu=False, keywords=_("probability calibration prediction training"),
    )
)  # fmt: skip
register(
    MenuEntry(
        area=Area.OPERATIONS, label=_("Fairness of the no-show model"), url_name="attendance:fairness",
        permission=AttendanceRight.AUDIT, order=75, icon="scale", in_menu=False, keywords=_("audit groups bias"),
    )
)  # fmt: skip
register(
    MenuEntry(
        area=Area.OPERATIONS, label=_("Proposals taken"), url_name="attendance:choices",
        permission=AttendanceRight.READ, order=76, icon="list-check", in_menu=False,
        keywords=_("overrides proposed times accepted"),
    )
)  # fmt: skip


def _visit(actor: Actor, ref: PanelRef) -> Mapping[str, Any]:
    """Why a visit to come is likelier or less likely to be missed; nothing for visits that are over."""
    found = ref.appointment
    if found is None or found.status != AppointmentStatus.BOOKED or found.start < now():
        return {}
    told = explained(actor, found)
    if told is None:
        return {}
    return {
        "probability": percent(told.probability, 0),
        "usual": percent(told.usual, 0),
        "raises": [FEATURES[one.feature] for one in told.reasons if one.raises],
        "lowers": [FEATURES[one.feature] for one in told.reasons if not one.raises],
        "known": told.lived.facts.missed + told.lived.facts.kept,
        "missed": told.lived.facts.missed,
    }


def _overbook(actor: Actor, ref: PanelRef) -> Mapping[str, Any]:
    """What is advised for the clinician's sessions at the site, whoever the patient is."""
    site = Site.objects.select_related("unit").filter(unit_id=ref.site_id).first()
    if site is None:
        return {}
    told = advice_for(actor, site, clinician_id=ref.clinician_id)
    return {
        "sessions": [(one, *VERDICTS[one.verdict]) for one in told.sessions],
        "site": site,
        "model": told.model,
    }


schedule_panels.register(
    "attendance.visit",
    SchedulePanel(
        "attendance.visit", PanelPlace.VISIT, 20, "attendance/_visit_panel.html", _visit, AttendanceRight.READ
    ),
)
schedule_panels.register(
    "attendance.overbook",
    SchedulePanel(
        "attendance.overbook", PanelPlace.OVERBOOK, 20, "attendance/_overbook_panel.html", _overbook,
        AttendanceRight.READ,
    ),
)  # fmt: skip
