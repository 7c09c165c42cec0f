"""Rights of this room."""

from __future__ import annotations

import enum

from medguild.foundation.access.permissions import declare
from medguild.foundation.access.rules import Role


class ClaimsRight(enum.StrEnum):
    READ = "claims.read"
    EDIT = "claims.edit"
    SEND = "claims.send"


_ALL = [ClaimsRight.READ, ClaimsRight.EDIT, ClaimsRight.SEND]
declare(
    ClaimsRight,
    {
        Role.BILLER: _ALL,
        Role.REVENUE_DIRECTOR: _ALL,
        Role.CODER: [ClaimsRight.READ, ClaimsRight.EDIT],
        Role.PAYMENT_POSTER: [ClaimsRight.READ],
        Role.PRACTICE_MANAGER: [ClaimsRight.READ],
        Role.ADMINISTRATOR: [ClaimsRight.READ],
        Role.PHYSICIAN_OWNER: [ClaimsRight.READ],
        Role.COMPLIANCE_OFFICER: [ClaimsRight.READ],
        Role.AUDITOR: [ClaimsRight.READ],
    },
)
