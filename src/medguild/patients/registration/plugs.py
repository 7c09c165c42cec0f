"""Registration in the palette."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from medguild.foundation.ui.ports.menu import Area, MenuEntry, register
from medguild.patients.identity.permissions import PatientsRight

register(
    MenuEntry(
        area=Area.OPERATIONS,
        label=_("Register a patient"),
        url_name="patients:register",
        permission=PatientsRight.REGISTER,
        order=11,
        icon="user-plus",
        shortcut="n p",
        in_menu=False,
        keywords=_("new patient"),
    )
)
