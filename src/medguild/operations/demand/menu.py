"""Where the numbers of access stand in the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from medguild.foundation.ui.ports.menu import Area, MenuEntry, register
from medguild.operations.demand.permissions import DemandRight

register(
    MenuEntry(
        area=Area.OPERATIONS, label=_("Access numbers"), url_name="demand:access", permission=DemandRight.READ,
        order=60, icon="chart-bar", keywords=_("third next available demand capacity same day wait new patients"),
    )
)  # fmt: skip
