"""Words of the room."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from medguild.foundation.organization.rules import ClinicianKind
from medguild.people.credentialing.rules import CredentialKind, PrivilegeStanding

CREDENTIALS: Mapping[str, Promise | str] = {
    CredentialKind.LICENCE.value: _("Licence"),
    CredentialKind.COMPACT.value: _("Compact"),
    CredentialKind.TELEHEALTH.value: _("Telehealth registration"),
    CredentialKind.PRIVILEGE.value: _("Privilege"),
}
STANDINGS: list[tuple[str, Promise | str]] = [
    (PrivilegeStanding.FULL.value, _("Full")),
    (PrivilegeStanding.PROVISIONAL.value, _("Provisional")),
    (PrivilegeStanding.SUSPENDED.value, _("Suspended")),
]
STANDING_TONES = {"full": "ok", "provisional": "warn", "suspended": "bad"}
CLINICIAN_KINDS: list[tuple[str, Promise | str]] = [
    (ClinicianKind.PHYSICIAN.value, _("Physician")),
    (ClinicianKind.NURSE_PRACTITIONER.value, _("Nurse practitioner")),
    (ClinicianKind.PHYSICIAN_ASSISTANT.value, _("Physician assistant")),
    (ClinicianKind.OTHER.value, _("Other clinician")),
]
