"""Rights of the room. IPA staff hold none of them: fees never cross."""

from __future__ import annotations

import enum

from medguild.foundation.access.permissions import declare
from medguild.foundation.access.rules import Role


class FeesRight(enum.StrEnum):
    READ = "fees.read"
    MANAGE = "fees.manage"


_READERS = (
    Role.BILLER, Role.CODER, Role.PAYMENT_POSTER, Role.PRACTICE_MANAGER, Role.PHYSICIAN_OWNER, Role.AUDITOR,
)  # fmt: skip
_KEEPERS = (Role.REVENUE_DIRECTOR, Role.ADMINISTRATOR)
declare(
    FeesRight,
    {
        **{role: [FeesRight.READ] for role in _READERS},
        **{role: [FeesRight.READ, FeesRight.MANAGE] for role in _KEEPERS},
    },
)
