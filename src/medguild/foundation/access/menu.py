"""Where access and the log stand in the menu."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from medguild.foundation.access.permissions import AccessRight, EventRight
from medguild.foundation.access.words import role_words
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.ui.ports.header import Identity, tell_identity
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


@tell_identity
def who(request: HttpRequest, actor: Actor) -> Identity:
    """The roles in the words and the language of the reader."""
    return Identity(actor.label, ", ".join(sorted(str(role_words(role)) for role in actor.roles)))
