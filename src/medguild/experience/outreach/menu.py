"""Where messages stand in the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from medguild.experience.outreach.permissions import OutreachRight
from medguild.foundation.ui.ports.menu import Area, MenuEntry, register

register(
    MenuEntry(
        area=Area.EXPERIENCE,
        label=_("Messages sent"),
        url_name="outreach:list",
        permission=OutreachRight.READ,
        order=30,
        icon="message",
        keywords=_("reminder text e-mail confirmation"),
    )
)
