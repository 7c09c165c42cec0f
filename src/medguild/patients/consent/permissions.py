"""Rights of the room."""

from __future__ import annotations

import enum

from medguild.foundation.access.permissions import declare
from medguild.foundation.access.rules import Role


class ConsentRight(enum.StrEnum):
    READ = "consent.read"
    RECORD = "consent.record"


_READERS = (Role.BILLER, Role.MEDICAL_DIRECTOR, Role.PHYSICIAN_OWNER, Role.COMPLIANCE_OFFICER, Role.AUDITOR)
_KEEPERS = (
    Role.FRONT_DESK, Role.SCHEDULER, Role.MEDICAL_ASSISTANT, Role.NURSE, Role.CLINICIAN, Role.REFERRAL_COORDINATOR,
    Role.PRACTICE_MANAGER, Role.ADMINISTRATOR,
)  # fmt: skip
declare(
    ConsentRight,
    {
        **{role: [ConsentRight.READ] for role in _READERS},
        **{role: [ConsentRight.READ, ConsentRight.RECORD] for role in _KEEPERS},
    },
)
