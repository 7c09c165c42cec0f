"""Rights of the room."""

from __future__ import annotations

import enum

from medguild.foundation.access.permissions import declare
from medguild.foundation.access.rules import Role


class AccountsRight(enum.StrEnum):
    READ = "accounts.read"
    MANAGE = "accounts.manage"


_READERS = (
    Role.SCHEDULER, Role.CODER, Role.PHYSICIAN_OWNER, Role.COMPLIANCE_OFFICER, Role.AUDITOR, Role.MEDICAL_ASSISTANT,
    Role.REFERRAL_COORDINATOR,
)  # fmt: skip
_KEEPERS = (
    Role.FRONT_DESK, Role.BILLER, Role.PAYMENT_POSTER, Role.REVENUE_DIRECTOR, Role.PRACTICE_MANAGER, Role.ADMINISTRATOR,
)  # fmt: skip
declare(
    AccountsRight,
    {
        **{role: [AccountsRight.READ] for role in _READERS},
        **{role: [AccountsRight.READ, AccountsRight.MANAGE] for role in _KEEPERS},
    },
)
