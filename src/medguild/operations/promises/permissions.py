"""The rights of promises and the roles that carry them."""

from __future__ import annotations

import enum

from medguild.foundation.access.permissions import declare
from medguild.foundation.access.rules import Role


class PromisesRight(enum.StrEnum):
    """`READ` opens what came in and what was promised; `MAKE` writes both down and answers."""

    READ = "promises.read"
    MAKE = "promises.make"


_BOTH = list(PromisesRight)
declare(
    PromisesRight,
    {
        Role.FRONT_DESK: _BOTH,
        Role.SCHEDULER: _BOTH,
        Role.MEDICAL_ASSISTANT: _BOTH,
        Role.NURSE: _BOTH,
        Role.CLINICIAN: _BOTH,
        Role.REFERRAL_COORDINATOR: _BOTH,
        Role.PRACTICE_MANAGER: _BOTH,
        Role.MEDICAL_DIRECTOR: _BOTH,
        Role.PHYSICIAN_OWNER: _BOTH,
        Role.AUDITOR: [PromisesRight.READ],
    },
)
