"""Today stands first in the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from medguild.foundation.ui.ports.menu import Area, MenuEntry, register

register(
    MenuEntry(
        area=Area.TODAY, label=_("Today"), url_name="today:home", permission=None, order=0, icon="home", shortcut="g t"
    )
)
