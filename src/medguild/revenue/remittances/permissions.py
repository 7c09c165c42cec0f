"""Rights of this room."""

from __future__ import annotations

import enum

from medguild.foundation.access.permissions import declare
from medguild.foundation.access.rules import Role


class RemittancesRight(enum.StrEnum):
    """`POST` takes files in, places what waits in suspense, and decides about what is quarantined or denied; `APPROVE`
    writes denials off above the limit."""

    READ = "remittances.read"
    POST = "remittances.post"
    APPROVE = "remittances.approve"


_POSTERS = (Role.PAYMENT_POSTER, Role.BILLER)
_READERS = (
    Role.PRACTICE_MANAGER, Role.PHYSICIAN_OWNER, Role.ADMINISTRATOR, Role.COMPLIANCE_OFFICER, Role.AUDITOR, Role.CODER,
)  # fmt: skip
declare(
    RemittancesRight,
    {
        **{role: [RemittancesRight.READ, RemittancesRight.POST] for role in _POSTERS},
        **{role: [RemittancesRight.READ] for role in _READERS},
        Role.REVENUE_DIRECTOR: list(RemittancesRight),
    },
)
