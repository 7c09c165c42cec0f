"""Rights of this room."""

from __future__ import annotations

import enum

from medguild.foundation.access.permissions import declare
from medguild.foundation.access.rules import Role


class RemittancesRight(enum.StrEnum):
    """`POST` takes files in, places what waits in suspense, and decides about what is quarantined or denied; `APPROVE`
    writes denials off above the limit. `DESK` sees of a denial what its owner outside the billing office needs: who,
    which payer, which day, and why in words; of payments nothing."""

    READ = "remittances.read"
    POST = "remittances.post"
    APPROVE = "remittances.approve"
    DESK = "remittances.desk"


_POSTERS = (Role.PAYMENT_POSTER, Role.BILLER)
_READERS = (
    Role.PRACTICE_MANAGER, Role.PHYSICIAN_OWNER, Role.ADMINISTRATOR, Role.COMPLIANCE_OFFICER, Role.AUDITOR, Role.CODER,
)  # fmt: skip
_AT_THE_DESK = (Role.FRONT_DESK, Role.REFERRAL_COORDINATOR, Role.CREDENTIALING_SPECIALIST)
declare(
    RemittancesRight,
    {
        **{role: [RemittancesRight.READ, RemittancesRight.POST] for role in _POSTERS},
        **{role: [RemittancesRight.READ] for role in _READERS},
        **{role: [RemittancesRight.DESK] for role in _AT_THE_DESK},
        Role.REVENUE_DIRECTOR: [RemittancesRight.READ, RemittancesRight.POST, RemittancesRight.APPROVE],
    },
)
