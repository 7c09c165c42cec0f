"""What states and reasons of charges are called."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from medguild.revenue.charges.rules import ChargeStatus, HoldReason

STATUS: dict[str, Promise] = {
    ChargeStatus.HELD: _("Held back"),
    ChargeStatus.READY: _("Ready"),
    ChargeStatus.BILLED: _("On a claim"),
    ChargeStatus.VOID: _("Taken back"),
}
TONES: dict[str, str] = {
    ChargeStatus.HELD: "bad",
    ChargeStatus.READY: "info",
    ChargeStatus.BILLED: "ok",
    ChargeStatus.VOID: "neutral",
}
INSURED, SELF_PAY = "insured", "self"
PAYER: dict[str, Promise] = {INSURED: _("An insurer"), SELF_PAY: _("The patient")}
HOLDS: dict[str, Promise] = {
    HoldReason.NO_FEE: _("The fee schedule has no fee for this code. Add it, then release the charge."),
    HoldReason.NO_ACCOUNT: _("The patient has no account at this entity. Open one, then release the charge."),
}
