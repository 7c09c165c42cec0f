"""Who may have files read, and who decides what becomes of bad ones."""

from __future__ import annotations

import enum

from medguild.foundation.access.permissions import declare
from medguild.foundation.access.rules import Role


class EdiRight(enum.StrEnum):
    """`INSPECT` reads files and sees those in quarantine; `DECIDE` keeps bad ones, discards or imports them."""

    INSPECT = "edi.inspect"
    DECIDE = "edi.decide"


_HOLDERS = (Role.BILLER, Role.PAYMENT_POSTER, Role.REVENUE_DIRECTOR)
_READERS = (Role.CODER, Role.ADMINISTRATOR, Role.AUDITOR)
declare(
    EdiRight,
    {**{role: list(EdiRight) for role in _HOLDERS}, **{role: [EdiRight.INSPECT] for role in _READERS}},
)
