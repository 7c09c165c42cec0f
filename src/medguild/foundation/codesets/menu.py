"""Where code sets stand in the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from medguild.foundation.codesets.rights import CodeSetRight
from medguild.foundation.ui.ports.menu import Area, MenuEntry, register

register(
    MenuEntry(
        area=Area.SETTINGS,
        label=_("Code sets"),
        url_name="codesets:index",
        permission=CodeSetRight.MANAGE,
        order=60,
        icon="database",
        keywords=_("CPT HCPCS ICD-10 diagnoses procedures import"),
    )
)
