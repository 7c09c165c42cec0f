"""Where networks stand in the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from medguild.foundation.ui.ports.menu import Area, MenuEntry, register
from medguild.payers.payers.permissions import PayersRight

register(
    MenuEntry(
        area=Area.REVENUE,
        label=_("Networks"),
        url_name="payers:networks",
        permission=PayersRight.READ,
        order=82,
        icon="affiliate",
    )
)
