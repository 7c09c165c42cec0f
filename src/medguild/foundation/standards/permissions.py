"""Rights of the standards room."""

from __future__ import annotations

import enum

from medguild.foundation.access.permissions import EVERY_STAFF_ROLE, declare
from medguild.foundation.access.rules import Role


class StandardRight(enum.StrEnum):
    READ = "standards.read"
    MANAGE = "standards.manage"
    PROPOSE = "standards.propose"
    APPROVE = "standards.approve"


_LEADS = (Role.PRACTICE_MANAGER, Role.REVENUE_DIRECTOR, Role.COMPLIANCE_OFFICER, Role.CLINICIAN)
_HEADS = (Role.MEDICAL_DIRECTOR, Role.PHYSICIAN_OWNER, Role.ADMINISTRATOR)

declare(
    StandardRight,
    {
        **{role: [StandardRight.READ] for role in EVERY_STAFF_ROLE},
        **{role: [StandardRight.READ, StandardRight.PROPOSE] for role in _LEADS},
        Role.PRACTICE_MANAGER: [StandardRight.READ, StandardRight.PROPOSE, StandardRight.MANAGE],
        **{role: list(StandardRight) for role in _HEADS},
    },
)
