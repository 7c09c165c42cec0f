"""Rights of the portal: people on their own record, and staff who let them in."""

from __future__ import annotations

import enum

from medguild.foundation.access.permissions import declare
from medguild.foundation.access.rules import Role


class PortalRight(enum.StrEnum):
    READ = "portal.read"
    ASK = "portal.ask"
    GIVE = "portal.give"


declare(
    PortalRight,
    {
        **{role: [PortalRight.READ, PortalRight.ASK] for role in (Role.PATIENT, Role.PROXY)},
        **{
            role: [PortalRight.GIVE]
            for role in (Role.FRONT_DESK, Role.MEDICAL_ASSISTANT, Role.PRACTICE_MANAGER, Role.ADMINISTRATOR)
        },
    },
)
