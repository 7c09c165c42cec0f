"""Rights of the room."""

from __future__ import annotations

import enum

from medguild.foundation.access.permissions import declare
from medguild.foundation.access.rules import Role


class CoverageRight(enum.StrEnum):
    READ = "coverage.read"
    MANAGE = "coverage.manage"


_READERS = (
    Role.NURSE, Role.CLINICIAN, Role.CODER, Role.PAYMENT_POSTER, Role.MEDICAL_DIRECTOR, Role.PHYSICIAN_OWNER,
    Role.COMPLIANCE_OFFICER, Role.AUDITOR,
)  # fmt: skip
_KEEPERS = (
    Role.FRONT_DESK, Role.SCHEDULER, Role.MEDICAL_ASSISTANT, Role.REFERRAL_COORDINATOR, Role.BILLER,
    Role.REVENUE_DIRECTOR, Role.PRACTICE_MANAGER, Role.ADMINISTRATOR,
)  # fmt: skip
declare(
    CoverageRight,
    {
        **{role: [CoverageRight.READ] for role in _READERS},
        **{role: [CoverageRight.READ, CoverageRight.MANAGE] for role in _KEEPERS},
    },
)
