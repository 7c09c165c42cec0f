"""The rights of charts and the roles that carry them."""

from __future__ import annotations

import enum

from medguild.foundation.access.permissions import declare
from medguild.foundation.access.rules import Role


class ChartRight(enum.StrEnum):
    """`READ` opens the text of notes (in the whole sharing circle), `CODES` only diagnoses and services."""

    READ = "chart.read"
    WRITE = "chart.write"
    SIGN = "chart.sign"
    CODES = "chart.codes"


_ALL = list(ChartRight)
_WRITE = [ChartRight.READ, ChartRight.WRITE, ChartRight.CODES]
_READ = [ChartRight.READ, ChartRight.CODES]
_CODES = [ChartRight.CODES]

# The text of a note is for those who treat and those who audit care. Whoever bills sees what was diagnosed and done.
declare(
    ChartRight,
    {
        Role.CLINICIAN: _ALL,
        Role.PHYSICIAN_OWNER: _ALL,
        Role.MEDICAL_DIRECTOR: [*_READ, ChartRight.SIGN],
        Role.NURSE: _WRITE,
        Role.MEDICAL_ASSISTANT: _WRITE,
        Role.AUDITOR: _READ,
        Role.CODER: _CODES,
        Role.BILLER: _CODES,
        Role.REVENUE_DIRECTOR: _CODES,
        Role.REFERRAL_COORDINATOR: _CODES,
        Role.COMPLIANCE_OFFICER: _CODES,
        Role.PRACTICE_MANAGER: _CODES,
        Role.FRONT_DESK: [],
        Role.SCHEDULER: [],
        Role.PAYMENT_POSTER: [],
        Role.ADMINISTRATOR: [],
        Role.HR: [],
        Role.CREDENTIALING_SPECIALIST: [],
        Role.IPA_STAFF: [],
        Role.PATIENT: [],
        Role.PROXY: [],
    },
    emergency=[ChartRight.READ, ChartRight.CODES],
)
