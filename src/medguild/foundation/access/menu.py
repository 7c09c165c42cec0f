"""Where access and the log stand in the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from medguild.foundation.access.permissions import AccessRight, EventRight
from medguild.foundation.ui.ports.menu import Area, MenuEntry, register

MANAGE = AccessRight.MANAGE_USERS
for _entry in (
    MenuEntry(Area.SETTINGS, _("Users"), "access:users", MANAGE, order=30, icon="users"),
    MenuEntry(Area.SETTINGS, _("Roles and rights"), "access:rights", MANAGE, order=31, icon="key"),
    MenuEntry(Area.SETTINGS, _("API tokens"), "access:tokens", MANAGE, order=32, icon="plug"),
    MenuEntry(
        Area.SETTINGS, _("Invite somebody"), "access:invite", MANAGE, order=33, icon="user-plus", in_menu=False
    ),
    MenuEntry(Area.SETTINGS, _("My access"), "access:own", None, order=90, icon="user"),
    MenuEntry(
        Area.COMPLIANCE, _("Emergency accesses"), "access:reviews", AccessRight.REVIEW, order=10, icon="alert-triangle"
    ),
    MenuEntry(Area.COMPLIANCE, _("Event log"), "access:audit", EventRight.READ, order=20, icon="history"),
):  # fmt: skip
    register(_entry)
