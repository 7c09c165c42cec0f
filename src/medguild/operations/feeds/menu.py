"""Where calendars to subscribe to stand in the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from medguild.foundation.ui.ports.menu import Area, MenuEntry, register
from medguild.operations.feeds.permissions import FeedsRight

register(
    MenuEntry(
        area=Area.OPERATIONS, label=_("My calendar elsewhere"), url_name="feeds:mine", permission=FeedsRight.OWN,
        order=15, icon="device-mobile", keywords=_("subscribe ical ics telephone outlook"),
    )
)  # fmt: skip
