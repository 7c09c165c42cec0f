"""Where the versions of templates stand in the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from medguild.foundation.ui.ports.menu import Area, MenuEntry, register
from medguild.operations.scheduling.permissions import SchedulingRight

register(
    MenuEntry(
        area=Area.OPERATIONS,
        label=_("Versions of templates"),
        url_name="templates:list",
        permission=SchedulingRight.TEMPLATES,
        order=81,
        icon="versions",
        keywords=_("plan change preview effective date history sessions"),
    )
)
register(
    MenuEntry(
        area=Area.OPERATIONS,
        label=_("Visits that must move"),
        url_name="templates:plans",
        permission=SchedulingRight.READ,
        order=83,
        icon="calendar-event",
        keywords=_("bump template absence closed holiday"),
    )
)
