"""The right to one's own calendar elsewhere."""

from __future__ import annotations

import enum

from medguild.foundation.access.permissions import declare
from medguild.foundation.access.rules import Role


class FeedsRight(enum.StrEnum):
    """`OWN` lets a clinician subscribe to their own calendar."""

    OWN = "feeds.own"


declare(
    FeedsRight,
    {role: [FeedsRight.OWN] for role in (Role.CLINICIAN, Role.MEDICAL_DIRECTOR, Role.PHYSICIAN_OWNER)},
)
