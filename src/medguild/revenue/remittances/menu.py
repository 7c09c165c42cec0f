"""Where remittances stand in the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from medguild.foundation.ui.ports.menu import Area, MenuEntry, register
from medguild.revenue.remittances.permissions import RemittancesRight

register(
    MenuEntry(
        area=Area.REVENUE, label=_("Remittances"), url_name="remittances:list", permission=RemittancesRight.READ,
        order=30, icon="cash", shortcut="g r", keywords=_("835 payment posting era eft"),
    )
)  # fmt: skip
register(
    MenuEntry(
        area=Area.REVENUE, label=_("Denials"), url_name="remittances:denials", permission=RemittancesRight.READ,
        order=32, icon="ban", keywords=_("refused carc appeal"),
    )
)  # fmt: skip
register(
    MenuEntry(
        area=Area.REVENUE, label=_("Suspense"), url_name="remittances:suspense", permission=RemittancesRight.READ,
        order=34, icon="help-circle", keywords=_("unmatched unknown payee"), in_menu=False,
    )
)  # fmt: skip
register(
    MenuEntry(
        area=Area.REVENUE, label=_("Remittances in quarantine"), url_name="remittances:quarantine",
        permission=RemittancesRight.READ, order=36, icon="file-alert", in_menu=False,
    )
)  # fmt: skip
register(
    MenuEntry(
        area=Area.REVENUE, label=_("Import a remittance"), url_name="remittances:upload",
        permission=RemittancesRight.POST, order=38, icon="file-import", in_menu=False,
    )
)  # fmt: skip
