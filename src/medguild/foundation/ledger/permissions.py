"""Who may read books, write in them by hand, and close a month."""

from __future__ import annotations

import enum

from medguild.foundation.access.permissions import declare
from medguild.foundation.access.rules import Role


class LedgerRight(enum.StrEnum):
    READ = "ledger.read"
    POST = "ledger.post"
    CLOSE = "ledger.close"


declare(
    LedgerRight,
    {
        Role.REVENUE_DIRECTOR: [LedgerRight.READ, LedgerRight.POST, LedgerRight.CLOSE],
        Role.PHYSICIAN_OWNER: [LedgerRight.READ, LedgerRight.CLOSE],
        Role.PRACTICE_MANAGER: [LedgerRight.READ],
        Role.PAYMENT_POSTER: [LedgerRight.READ, LedgerRight.POST],
        Role.BILLER: [LedgerRight.READ],
        Role.COMPLIANCE_OFFICER: [LedgerRight.READ],
        Role.AUDITOR: [LedgerRight.READ],
    },
)
