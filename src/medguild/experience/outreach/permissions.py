"""Rights of the room."""

from __future__ import annotations

import enum

from medguild.foundation.access.permissions import declare
from medguild.foundation.access.rules import Role


class OutreachRight(enum.StrEnum):
    READ = "outreach.read"
    REPLIES = "outreach.replies"


_READERS = (
    Role.FRONT_DESK, Role.SCHEDULER, Role.MEDICAL_ASSISTANT, Role.NURSE, Role.REFERRAL_COORDINATOR,
    Role.MEDICAL_DIRECTOR, Role.PHYSICIAN_OWNER, Role.COMPLIANCE_OFFICER, Role.AUDITOR,
)  # fmt: skip
declare(
    OutreachRight,
    {
        **{role: [OutreachRight.READ] for role in _READERS},
        Role.PRACTICE_MANAGER: list(OutreachRight),
        Role.ADMINISTRATOR: [OutreachRight.REPLIES],
    },
)
