"""Where the books stand in the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from medguild.foundation.ledger.permissions import LedgerRight
from medguild.foundation.ui.ports.menu import Area, MenuEntry, register

register(
    MenuEntry(
        area=Area.REVENUE,
        label=_("Books"),
        url_name="ledger:trial_balance",
        permission=LedgerRight.READ,
        order=80,
        icon="book",
        shortcut="g k",
        keywords=_("ledger trial balance accounts close month"),
    )
)
