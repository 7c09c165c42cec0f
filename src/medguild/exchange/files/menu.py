"""Where the reading of files stands in the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from medguild.exchange.edi.permissions import EdiRight
from medguild.foundation.ui.ports.menu import Area, MenuEntry, register

register(
    MenuEntry(
        area=Area.REVENUE, label=_("Read an X12 file"), url_name="edi:inspect", permission=EdiRight.INSPECT, order=70,
        icon="file-search", keywords=_("835 837 edi inspect balance"),
    )
)  # fmt: skip
register(
    MenuEntry(
        area=Area.REVENUE, label=_("Files in quarantine"), url_name="edi:quarantine", permission=EdiRight.INSPECT,
        order=72, icon="file-alert", keywords=_("bad file unreadable x12"),
    )
)  # fmt: skip
