"""Rights of this room."""

from __future__ import annotations

import enum

from medguild.foundation.access.permissions import declare
from medguild.foundation.access.rules import Role


class ChargesRight(enum.StrEnum):
    READ = "charges.read"
    EDIT = "charges.edit"


_READERS = (
    Role.CODER, Role.BILLER, Role.PAYMENT_POSTER, Role.REVENUE_DIRECTOR, Role.PRACTICE_MANAGER, Role.ADMINISTRATOR,
    Role.PHYSICIAN_OWNER, Role.COMPLIANCE_OFFICER, Role.AUDITOR, Role.CLINICIAN,
)  # fmt: skip
_EDITORS = (Role.CODER, Role.BILLER, Role.REVENUE_DIRECTOR)

declare(
    ChargesRight,
    {role: [ChargesRight.READ, *([ChargesRight.EDIT] if role in _EDITORS else [])] for role in _READERS},
)
