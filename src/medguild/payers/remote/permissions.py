"""Rights of the room: everybody who sees payers reads the rules; who keeps them."""

from __future__ import annotations

import enum

from medguild.foundation.access.permissions import declare
from medguild.foundation.access.rules import Role


class RemoteRight(enum.StrEnum):
    MANAGE = "remote_rules.manage"


declare(
    RemoteRight,
    {role: [RemoteRight.MANAGE] for role in (Role.ADMINISTRATOR, Role.REVENUE_DIRECTOR, Role.CODER, Role.BILLER)},
)
