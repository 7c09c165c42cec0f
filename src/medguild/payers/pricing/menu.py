"""Where prices stand in the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from medguild.foundation.ui.ports.menu import Area, MenuEntry, register
from medguild.payers.pricing.permissions import FeesRight

register(
    MenuEntry(
        area=Area.REVENUE,
        label=_("Fee schedules"),
        url_name="payers:fees",
        permission=FeesRight.READ,
        order=82,
        icon="receipt",
    )
)
register(
    MenuEntry(
        area=Area.REVENUE,
        label=_("Payer contracts"),
        url_name="payers:contracts",
        permission=FeesRight.READ,
        order=84,
        icon="file-text",
    )
)
