"""States of a charge and why one is held. Pure."""

from __future__ import annotations

import enum

from medguild.foundation.kernel.money import Cents


class ChargeStatus(enum.StrEnum):
    HELD = "held"
    READY = "ready"
    BILLED = "billed"
    VOID = "void"


class HoldReason(enum.StrEnum):
    """What must be mended before the charge goes on."""

    NO_FEE = "no_fee"
    NO_ACCOUNT = "no_account"


TRANSITIONS: frozenset[tuple[ChargeStatus, ChargeStatus]] = frozenset(
    {
        (ChargeStatus.HELD, ChargeStatus.READY),
        (ChargeStatus.HELD, ChargeStatus.VOID),
        (ChargeStatus.READY, ChargeStatus.BILLED),
        (ChargeStatus.READY, ChargeStatus.VOID),
        (ChargeStatus.BILLED, ChargeStatus.READY),  # the claim was taken back before it was sent
        (ChargeStatus.BILLED, ChargeStatus.VOID),
    }
)


def may_move(before: str, after: str) -> bool:
    return (before, after) in TRANSITIONS


def extended(unit_price: Cents, units: int) -> Cents:
    """The amount of a line: price times units."""
    return unit_price * units
