"""Where group visits stand in the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from medguild.foundation.ui.ports.menu import Area, MenuEntry, register
from medguild.operations.scheduling.permissions import SchedulingRight

register(
    MenuEntry(
        area=Area.OPERATIONS,
        label=_("Group visits"),
        url_name="groups:list",
        permission=SchedulingRight.READ,
        order=20,
        icon="users-group",
        keywords=_("class course together capacity"),
    )
)
