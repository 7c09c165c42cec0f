"""Where charges and claims stand in the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from medguild.foundation.ui.ports.menu import Area, MenuEntry, register
from medguild.revenue.charges.permissions import ChargesRight
from medguild.revenue.claims.permissions import ClaimsRight

register(
    MenuEntry(
        area=Area.REVENUE, label=_("Charges"), url_name="charges:list", permission=ChargesRight.READ, order=10,
        icon="receipt", shortcut="g s",
    )
)  # fmt: skip
register(
    MenuEntry(
        area=Area.REVENUE, label=_("Claims"), url_name="claims:list", permission=ClaimsRight.READ, order=20,
        icon="file-invoice", shortcut="g l",
    )
)  # fmt: skip
