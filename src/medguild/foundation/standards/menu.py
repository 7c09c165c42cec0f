"""Where the standards stand in the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from medguild.foundation.standards.permissions import StandardRight
from medguild.foundation.ui.ports.menu import Area, MenuEntry, register

register(
    MenuEntry(
        area=Area.IMPROVE,
        label=_("Standards"),
        url_name="standards:list",
        permission=StandardRight.READ,
        order=30,
        icon="adjustments",
    )
)
register(
    MenuEntry(
        area=Area.IMPROVE,
        label=_("Variation map"),
        url_name="standards:map",
        permission=StandardRight.READ,
        order=31,
        icon="table",
    )
)
register(
    MenuEntry(
        area=Area.IMPROVE,
        label=_("Deviations"),
        url_name="standards:deviations",
        permission=StandardRight.READ,
        order=32,
        icon="git-branch",
    )
)
register(
    MenuEntry(
        area=Area.IMPROVE,
        label=_("Workflows"),
        url_name="standards:workflows",
        permission=StandardRight.READ,
        order=33,
        icon="file-text",
    )
)
