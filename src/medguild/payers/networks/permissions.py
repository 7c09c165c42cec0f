"""Rights of the room: everybody who sees payers may ask; who keeps the lists of networks."""

from __future__ import annotations

import enum

from medguild.foundation.access.permissions import declare
from medguild.foundation.access.rules import Role


class NetworksRight(enum.StrEnum):
    MANAGE = "networks.manage"


declare(
    NetworksRight,
    {
        role: [NetworksRight.MANAGE]
        for role in (Role.ADMINISTRATOR, Role.REVENUE_DIRECTOR, Role.CREDENTIALING_SPECIALIST)
    },
)
