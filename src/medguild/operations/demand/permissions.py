"""The right to the numbers of access and the roles that carry it."""

from __future__ import annotations

import enum

from medguild.foundation.access.permissions import declare
from medguild.foundation.access.rules import Role


class DemandRight(enum.StrEnum):
    """Numbers of a site, without names of patients; the visits behind them need the right to the schedule."""

    READ = "demand.read"


_READ = [DemandRight.READ]

declare(
    DemandRight,
    dict.fromkeys(
        (
            Role.SCHEDULER,
            Role.PRACTICE_MANAGER,
            Role.ADMINISTRATOR,
            Role.MEDICAL_DIRECTOR,
            Role.PHYSICIAN_OWNER,
            Role.REVENUE_DIRECTOR,
            Role.AUDITOR,
        ),
        _READ,
    ),
)
