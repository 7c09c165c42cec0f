"""How the portal names those who may read a record."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from medguild.foundation.access.rules import Role

WHO: Mapping[str, str | Promise] = {Role.PATIENT: _("The patient"), Role.PROXY: _("Somebody who acts for the patient")}

# How staff may have checked who asks for a new password.
CHECKS: Mapping[str, str | Promise] = {
    "photo_id": _("Photo ID seen"),
    "known": _("Known in person, and gave the date of birth"),
    "called_back": _("Called back on the number on file, and gave date of birth and address"),
}
