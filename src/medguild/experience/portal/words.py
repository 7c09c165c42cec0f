"""How the portal names those who may read a record."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from medguild.foundation.access.rules import Role

WHO: Mapping[str, str | Promise] = {Role.PATIENT: _("The patient"), Role.PROXY: _("Somebody who acts for the patient")}
