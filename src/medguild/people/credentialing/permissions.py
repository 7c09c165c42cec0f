"""Rights of the room: who sees on what a clinician's practice rests, who keeps it."""

from __future__ import annotations

import enum

from medguild.foundation.access.permissions import declare
from medguild.foundation.access.rules import Role


class CredentialingRight(enum.StrEnum):
    READ = "credentialing.read"
    MANAGE = "credentialing.manage"


_KEEPERS = (Role.CREDENTIALING_SPECIALIST, Role.ADMINISTRATOR)
_READERS = (
    Role.PRACTICE_MANAGER, Role.MEDICAL_DIRECTOR, Role.PHYSICIAN_OWNER, Role.COMPLIANCE_OFFICER, Role.HR,
    Role.SCHEDULER, Role.IPA_STAFF, Role.AUDITOR, Role.REVENUE_DIRECTOR,
)  # fmt: skip
declare(
    CredentialingRight,
    {
        **{role: [CredentialingRight.READ] for role in _READERS},
        **{role: [CredentialingRight.READ, CredentialingRight.MANAGE] for role in _KEEPERS},
    },
)
