"""Where calls stand in the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from medguild.foundation.ui.ports.menu import Area, MenuEntry, register
from medguild.operations.calls.permissions import CallsRight

register(
    MenuEntry(
        area=Area.OPERATIONS, label=_("Calls"), url_name="calls:numbers", permission=CallsRight.READ, order=70,
        icon="phone", keywords=_("telephone hold abandoned speed of answer volume"),
    )
)  # fmt: skip
register(
    MenuEntry(
        area=Area.OPERATIONS, label=_("Call-backs"), url_name="calls:call_backs", permission=CallsRight.READ, order=70,
        icon="phone-call", keywords=_("telephone missed promise"),
    )
)  # fmt: skip
register(
    MenuEntry(
        area=Area.OPERATIONS, label=_("Long waits on the telephone"), url_name="calls:alerts",
        permission=CallsRight.READ, order=71, icon="phone-off", in_menu=False, keywords=_("hold alert"),
    )
)  # fmt: skip
register(
    MenuEntry(
        area=Area.OPERATIONS, label=_("List of calls"), url_name="calls:list", permission=CallsRight.READ, order=71,
        icon="phone-incoming", in_menu=False, keywords=_("telephone log"),
    )
)  # fmt: skip
register(
    MenuEntry(
        area=Area.OPERATIONS, label=_("Write down a call"), url_name="calls:add", permission=CallsRight.LOG, order=72,
        icon="phone-call", in_menu=False,
    )
)  # fmt: skip
register(
    MenuEntry(
        area=Area.OPERATIONS, label=_("Import calls"), url_name="calls:import", permission=CallsRight.IMPORT, order=73,
        icon="file-import", in_menu=False, keywords=_("csv telephone system"),
    )
)  # fmt: skip
