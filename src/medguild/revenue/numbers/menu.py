"""Where the numbers stand in the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from medguild.foundation.ui.ports.menu import Area, MenuEntry, register
from medguild.revenue.remittances.permissions import RemittancesRight

register(
    MenuEntry(
        area=Area.REVENUE, label=_("Revenue numbers"), url_name="numbers:overview",
        permission=RemittancesRight.READ, order=90, icon="chart-line",
        keywords=_("kpi days in ar denial rate charge lag clean claim"),
    )
)  # fmt: skip
