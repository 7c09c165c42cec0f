"""Where credentials stand in the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from medguild.foundation.ui.ports.menu import Area, MenuEntry, register
from medguild.people.credentialing.permissions import CredentialingRight

register(
    MenuEntry(
        area=Area.PEOPLE,
        label=_("Credentials"),
        url_name="credentialing:list",
        permission=CredentialingRight.READ,
        order=40,
        icon="certificate",
    )
)
