"""Rights of this room. A guarantor reads the own account through the patient's role."""

from __future__ import annotations

import enum

from medguild.foundation.access.permissions import declare
from medguild.foundation.access.rules import Role


class StatementsRight(enum.StrEnum):
    READ = "statements.read"
    SEND = "statements.send"


_READERS = (
    Role.FRONT_DESK, Role.ADMINISTRATOR, Role.PHYSICIAN_OWNER, Role.COMPLIANCE_OFFICER, Role.AUDITOR, Role.PATIENT,
    Role.PROXY,
)  # fmt: skip
_SENDERS = (Role.BILLER, Role.PAYMENT_POSTER, Role.REVENUE_DIRECTOR, Role.PRACTICE_MANAGER)
declare(
    StatementsRight,
    {
        **{role: [StatementsRight.READ] for role in _READERS},
        **{role: list(StatementsRight) for role in _SENDERS},
    },
)
