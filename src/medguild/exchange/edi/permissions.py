"""Who may have files read."""

from __future__ import annotations

import enum

from medguild.foundation.access.permissions import declare
from medguild.foundation.access.rules import Role


class EdiRight(enum.StrEnum):
    INSPECT = "edi.inspect"


_HOLDERS = (
    Role.BILLER, Role.CODER, Role.PAYMENT_POSTER, Role.REVENUE_DIRECTOR, Role.ADMINISTRATOR, Role.AUDITOR,
)  # fmt: skip
declare(EdiRight, {role: [EdiRight.INSPECT] for role in _HOLDERS})
