"""Where the rules stand in the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from medguild.foundation.ui.ports.menu import Area, MenuEntry, register
from medguild.payers.payers.permissions import PayersRight

register(
    MenuEntry(
        area=Area.REVENUE,
        label=_("Remote visits"),
        url_name="payers:remote_rules",
        permission=PayersRight.READ,
        order=84,
        icon="video",
    )
)
