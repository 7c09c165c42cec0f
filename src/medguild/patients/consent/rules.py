"""What patients are asked for. Pure."""

from __future__ import annotations

import enum


class ConsentKind(enum.StrEnum):
    TREATMENT = "treatment"
    PRIVACY_NOTICE = "privacy_notice"
    COMMUNICATION = "communication"
    SHARING = "sharing"


class Decision(enum.StrEnum):
    GIVEN = "given"
    REFUSED = "refused"


# Without these a check-in is not complete.
NEEDED_AT_CHECK_IN = (ConsentKind.TREATMENT, ConsentKind.PRIVACY_NOTICE)
