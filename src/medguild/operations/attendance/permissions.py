"""The rights of attendance and the roles that carry them."""

from __future__ import annotations

import enum

from medguild.foundation.access.permissions import declare
from medguild.foundation.access.rules import Role


class AttendanceRight(enum.StrEnum):
    """`READ` opens rates, sessions and the probability of a visit with its reasons; `AUDIT` the report by group of
    patients; `TRAIN` asks for a new version."""

    READ = "attendance.read"
    AUDIT = "attendance.audit"
    TRAIN = "attendance.train"


_READ = [AttendanceRight.READ]
_AUDIT = [*_READ, AttendanceRight.AUDIT]
_ALL = list(AttendanceRight)

# Patients and billing have no business with a probability; who audits fairness need not train.
declare(
    AttendanceRight,
    {
        Role.FRONT_DESK: _READ,
        Role.SCHEDULER: _READ,
        Role.CLINICIAN: _READ,
        Role.PRACTICE_MANAGER: _ALL,
        Role.ADMINISTRATOR: [*_READ, AttendanceRight.TRAIN],
        Role.MEDICAL_DIRECTOR: _ALL,
        Role.PHYSICIAN_OWNER: _AUDIT,
        Role.COMPLIANCE_OFFICER: _AUDIT,
        Role.AUDITOR: _AUDIT,
    },
)
