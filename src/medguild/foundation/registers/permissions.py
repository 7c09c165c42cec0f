"""Rights of the registers kept in this room."""

from __future__ import annotations

import enum

from medguild.foundation.access.permissions import EVERY_STAFF_ROLE, declare
from medguild.foundation.access.rules import Role


class RegulationRight(enum.StrEnum):
    READ = "regulations.read"
    MANAGE = "regulations.manage"


class TechnologyRight(enum.StrEnum):
    READ = "technology.read"
    MANAGE = "technology.manage"


declare(
    RegulationRight,
    {
        **{
            role: [RegulationRight.READ]
            for role in (
                Role.PRACTICE_MANAGER,
                Role.REVENUE_DIRECTOR,
                Role.MEDICAL_DIRECTOR,
                Role.PHYSICIAN_OWNER,
                Role.CREDENTIALING_SPECIALIST,
                Role.HR,
                Role.IPA_STAFF,
                Role.AUDITOR,
            )
        },
        Role.COMPLIANCE_OFFICER: list(RegulationRight),
        Role.ADMINISTRATOR: list(RegulationRight),
    },
)
declare(
    TechnologyRight,
    {
        **{role: [TechnologyRight.READ] for role in EVERY_STAFF_ROLE},
        **{
            role: list(TechnologyRight)
            for role in (
                Role.ADMINISTRATOR,
                Role.PRACTICE_MANAGER,
                Role.MEDICAL_DIRECTOR,
                Role.PHYSICIAN_OWNER,
                Role.COMPLIANCE_OFFICER,
            )
        },
    },
)
