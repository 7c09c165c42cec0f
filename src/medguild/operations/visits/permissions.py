"""The rights of visits and the roles that carry them."""

from __future__ import annotations

import enum

from medguild.foundation.access.permissions import declare
from medguild.foundation.access.rules import Role


class VisitsRight(enum.StrEnum):
    """`READ` opens a visit, `MOVE` the flow board and its steps, `CHECK_IN` arrivals and the check-in list."""

    READ = "visits.read"
    MOVE = "visits.move"
    CHECK_IN = "visits.check_in"


_READ = [VisitsRight.READ]
_MOVE = [VisitsRight.READ, VisitsRight.MOVE]
_ALL = list(VisitsRight)

# HR and credentialing have no business with visits, an IPA's staff none with those of its members.
# Patients and proxies will see their visits through pages of their own, not through those of the staff.
declare(
    VisitsRight,
    {
        Role.FRONT_DESK: _ALL,
        Role.SCHEDULER: [VisitsRight.READ, VisitsRight.CHECK_IN],
        Role.MEDICAL_ASSISTANT: _ALL,
        Role.NURSE: _ALL,
        Role.CLINICIAN: _MOVE,
        Role.CODER: _READ,
        Role.BILLER: _READ,
        Role.PAYMENT_POSTER: _READ,
        Role.REFERRAL_COORDINATOR: _READ,
        Role.REVENUE_DIRECTOR: _READ,
        Role.PRACTICE_MANAGER: _ALL,
        Role.ADMINISTRATOR: _READ,
        Role.MEDICAL_DIRECTOR: _MOVE,
        Role.PHYSICIAN_OWNER: _MOVE,
        Role.COMPLIANCE_OFFICER: _READ,
        Role.AUDITOR: _READ,
        Role.HR: [],
        Role.CREDENTIALING_SPECIALIST: [],
        Role.IPA_STAFF: [],
        Role.PATIENT: [],
        Role.PROXY: [],
    },
    emergency=[VisitsRight.READ],
)
