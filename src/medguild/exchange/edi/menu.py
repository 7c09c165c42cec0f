"""Where the reading of files stands in the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from medguild.exchange.edi.permissions import EdiRight
from medguild.foundation.ui.ports.menu import Area, MenuEntry, register

register(
    MenuEntry(
        area=Area.REVENUE,
        label=_("Read an X12 file"),
        url_name="edi:inspect",
        permission=EdiRight.INSPECT,
        order=70,
        icon="file-search",
        keywords=_("835 837 edi inspect balance"),
    )
)
