"""The rights of scheduling and the roles that carry them."""

from __future__ import annotations

import enum

from medguild.foundation.access.permissions import declare
from medguild.foundation.access.rules import Role


class SchedulingRight(enum.StrEnum):
    READ = "scheduling.read"
    BOOK = "scheduling.book"
    OVERBOOK = "scheduling.overbook"
    TEMPLATES = "scheduling.templates"
    WAIVE = "scheduling.waive"


_READ = [SchedulingRight.READ]
_BOOK = [*_READ, SchedulingRight.BOOK]
_OVERBOOK = [*_BOOK, SchedulingRight.OVERBOOK]
_ALL = list(SchedulingRight)

# HR and credentialing have no business with patients' visits; an IPA's own staff sees members' visits in no way.
declare(
    SchedulingRight,
    {
        Role.FRONT_DESK: _OVERBOOK,
        Role.SCHEDULER: _OVERBOOK,
        Role.MEDICAL_ASSISTANT: _BOOK,
        Role.NURSE: _BOOK,
        Role.CLINICIAN: _OVERBOOK,
        Role.REFERRAL_COORDINATOR: _BOOK,
        Role.CODER: _READ,
        Role.BILLER: _READ,
        Role.PAYMENT_POSTER: _READ,
        Role.REVENUE_DIRECTOR: [*_READ, SchedulingRight.WAIVE],
        Role.PRACTICE_MANAGER: _ALL,
        Role.ADMINISTRATOR: [*_READ, SchedulingRight.TEMPLATES],
        Role.MEDICAL_DIRECTOR: _ALL,
        Role.PHYSICIAN_OWNER: _ALL,
        Role.COMPLIANCE_OFFICER: _READ,
        Role.AUDITOR: _READ,
    },
)
