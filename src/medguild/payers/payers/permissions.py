"""Rights of the room: who sees payers, who keeps them."""

from __future__ import annotations

import enum

from medguild.foundation.access.permissions import EVERY_STAFF_ROLE, declare
from medguild.foundation.access.rules import Role


class PayersRight(enum.StrEnum):
    READ = "payers.read"
    MANAGE = "payers.manage"


_KEEPERS = (Role.ADMINISTRATOR, Role.REVENUE_DIRECTOR, Role.BILLER)
declare(
    PayersRight,
    {
        **{role: [PayersRight.READ] for role in EVERY_STAFF_ROLE - {Role.HR, *_KEEPERS}},
        **{role: [PayersRight.READ, PayersRight.MANAGE] for role in _KEEPERS},
    },
)
