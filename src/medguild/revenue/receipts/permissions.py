"""Rights of this room."""

from __future__ import annotations

import enum

from medguild.foundation.access.permissions import declare
from medguild.foundation.access.rules import Role


class ReceiptsRight(enum.StrEnum):
    """`TAKE` takes money into an own drawer, `CLOSE` looks after the drawers of others at the end of the day."""

    READ = "receipts.read"
    TAKE = "receipts.take"
    CLOSE = "receipts.close"


_READ = [ReceiptsRight.READ]
_TAKE = [ReceiptsRight.READ, ReceiptsRight.TAKE]
_ALL = list(ReceiptsRight)
declare(
    ReceiptsRight,
    {
        Role.FRONT_DESK: _TAKE,
        Role.BILLER: _TAKE,
        Role.PAYMENT_POSTER: _TAKE,
        Role.PRACTICE_MANAGER: _ALL,
        Role.REVENUE_DIRECTOR: _ALL,
        Role.ADMINISTRATOR: _READ,
        Role.PHYSICIAN_OWNER: _READ,
        Role.COMPLIANCE_OFFICER: _READ,
        Role.AUDITOR: _READ,
        Role.PATIENT: _READ,
        Role.PROXY: _READ,
    },
)
