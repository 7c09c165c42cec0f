"""Where work stands in the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from medguild.foundation.ui.ports.menu import Area, MenuEntry, register
from medguild.foundation.work.permissions import WorkRight

register(
    MenuEntry(
        area=Area.TODAY,
        label=_("My work"),
        url_name="work:mine",
        permission=WorkRight.READ,
        order=20,
        icon="checklist",
        shortcut="g w",
    )
)
register(
    MenuEntry(
        area=Area.TODAY,
        label=_("Hand-offs"),
        url_name="work:handoffs",
        permission=WorkRight.DO,
        order=21,
        icon="arrow-forward-up",
        shortcut="g h",
    )
)
register(
    MenuEntry(
        area=Area.TODAY,
        label=_("Open work"),
        url_name="work:new",
        permission=WorkRight.DO,
        order=22,
        icon="plus",
        in_menu=False,
    )
)
register(
    MenuEntry(
        area=Area.IMPROVE,
        label=_("Who owns what"),
        url_name="work:owners",
        permission=WorkRight.READ,
        order=20,
        icon="sitemap",
        shortcut="g o",
    )
)
