"""Where the bump list stands in the menu, and on the page of a visit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.ui.ports.menu import Area, MenuEntry, register
from medguild.operations.bumps.selectors import open_bump
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.ports import PanelPlace, PanelRef, SchedulePanel, schedule_panels

register(
    MenuEntry(
        area=Area.OPERATIONS,
        label=_("Bump list"),
        url_name="bumps:list",
        permission=SchedulingRight.READ,
        order=19,
        icon="repeat",
        keywords=_("bumped moved away cancelled by us call"),
    )
)


def _panel(actor: Actor, ref: PanelRef) -> Mapping[str, Any]:
    row = open_bump(ref.appointment) if ref.appointment is not None else None
    return {"bump": row} if row is not None else {}


schedule_panels.register(
    "bumped",
    SchedulePanel("bumped", PanelPlace.VISIT, 10, "bumps/_panel.html", _panel, SchedulingRight.READ),
)
