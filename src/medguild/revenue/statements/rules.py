"""What is put on a statement and when it is due. Pure; money is integer cents."""

from __future__ import annotations

import datetime as dt
import enum

from medguild.foundation.kernel.money import Cents


class Why(enum.StrEnum):
    """Why a patient owes something for a service, or does not."""

    NO_INSURANCE = "no_insurance"
    DEDUCTIBLE = "deductible"
    COINSURANCE = "coinsurance"
    COPAY = "copay"
    NOT_COVERED = "not_covered"
    AFTER_INSURANCE = "after_insurance"
    WAITING = "waiting"
    PAID = "paid"
    OVERPAID = "overpaid"
    NOTHING = "nothing"
    BROUGHT_FORWARD = "brought_forward"


# Claim adjustment reasons that say which kind of cost sharing it is (group PR); others count as not covered.
_SHARES = {"1": Why.DEDUCTIBLE, "2": Why.COINSURANCE, "3": Why.COPAY}


def share_reason(code: str) -> Why:
    """The plain reason of a patient-responsibility adjustment reason code (CARC)."""
    return _SHARES.get(code, Why.NOT_COVERED)


def insurance_paid(*, charged: Cents, pending: Cents, adjusted: Cents, share: Cents) -> Cents:
    """What payers have paid: the charge less what they still owe, what was written off, and the patient's share."""
    return charged - pending - adjusted - share


def standing_reason(*, insured: bool, pending: Cents, share: Cents, left: Cents) -> Why:
    """The reason that the money alone tells; a remittance may tell it better."""
    if left < 0:
        return Why.OVERPAID
    if share <= 0:
        return Why.WAITING if pending > 0 else Why.NOTHING
    if left == 0:
        return Why.PAID
    return Why.AFTER_INSURANCE if insured else Why.NO_INSURANCE


def is_owed_enough(owes: Cents, minimum: Cents) -> bool:
    """A statement is made only when something is owed, and at least the minimum."""
    return owes > 0 and owes >= minimum


def due_on(made_on: dt.date, days: int) -> dt.date:
    return made_on + dt.timedelta(days=days)


def statement_number(count: int) -> str:
    return f"S{count:08d}"
