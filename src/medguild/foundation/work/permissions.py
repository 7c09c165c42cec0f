"""Rights of the work room."""

from __future__ import annotations

import enum

from medguild.foundation.access.permissions import EVERY_STAFF_ROLE, declare
from medguild.foundation.access.rules import Role


class WorkRight(enum.StrEnum):
    """READ: see items and who owns what. DO: take, do, hand over. ASSIGN: move others' work. MANAGE: set duties."""

    READ = "work.read"
    DO = "work.do"
    ASSIGN = "work.assign"
    MANAGE = "work.manage"


_ONLOOKERS = {Role.AUDITOR}
_LEADS = (Role.REVENUE_DIRECTOR, Role.COMPLIANCE_OFFICER, Role.MEDICAL_DIRECTOR)
_HEADS = (Role.PRACTICE_MANAGER, Role.ADMINISTRATOR, Role.PHYSICIAN_OWNER)

declare(
    WorkRight,
    {
        **{role: [WorkRight.READ, WorkRight.DO] for role in EVERY_STAFF_ROLE - _ONLOOKERS},
        **{role: [WorkRight.READ] for role in _ONLOOKERS},
        **{role: [WorkRight.READ, WorkRight.DO, WorkRight.ASSIGN] for role in _LEADS},
        **{role: list(WorkRight) for role in _HEADS},
    },
)
