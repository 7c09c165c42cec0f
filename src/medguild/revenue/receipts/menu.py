"""Where receipts stand in the menu and on the patient's page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from medguild.foundation.ui.ports.menu import Area, MenuEntry, register
from medguild.patients.identity.ports import PatientAct, acts
from medguild.revenue.receipts.permissions import ReceiptsRight

register(
    MenuEntry(
        area=Area.OPERATIONS, label=_("My drawer"), url_name="receipts:my_drawer", permission=ReceiptsRight.TAKE,
        order=60, icon="cash", shortcut="g m", keywords=_("cash drawer open close count"),
    )
)  # fmt: skip
register(
    MenuEntry(
        area=Area.REVENUE, label=_("Receipts"), url_name="receipts:list", permission=ReceiptsRight.READ, order=50,
        icon="receipt-dollar", keywords=_("payments co-pay cash card"),
    )
)  # fmt: skip
register(
    MenuEntry(
        area=Area.REVENUE, label=_("Day close"), url_name="receipts:day", permission=ReceiptsRight.CLOSE, order=60,
        icon="building-bank", keywords=_("drawers over short deposit"),
    )
)  # fmt: skip
acts.register(
    "take_payment",
    PatientAct(_("Take a payment"), "receipts:take_for", ReceiptsRight.TAKE, icon="cash", order=60),
)
