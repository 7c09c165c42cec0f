"""Menu entry of people on their own record, and the button by which staff let them in."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from medguild.experience.portal.permissions import PortalRight
from medguild.foundation.ui.ports import menu
from medguild.patients.identity.ports import PatientAct, acts

menu.register(
    menu.MenuEntry(
        area=menu.Area.TODAY, label=_("My record"), url_name="portal:home", permission=PortalRight.READ, order=5,
        icon="user", shortcut="g y", keywords=_("appointments statements who may see"),
    )
)  # fmt: skip
acts.register(
    "portal.access",
    PatientAct(label=_("Online access"), url_name="portal:access", right=PortalRight.GIVE, icon="key", order=80),
)
