"""Plain words for what happened to a charge."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from medguild.foundation.ledger.rules import Chart
from medguild.revenue.statements.rules import Why

# What a patient is told; never the codes.
ADJUSTMENTS: dict[str, Promise] = {
    Chart.CONTRACTUAL: _("Discount agreed with your insurance"),
    Chart.PAYER_REDUCTION: _("Reduced by your insurance; you do not pay this"),
    Chart.WITHHOLD: _("Held back by your insurance; you do not pay this"),
    Chart.INTEREST: _("Interest from your insurance"),
    Chart.DENIAL_WRITE_OFF: _("Not paid by your insurance; we do not ask you for it"),
    Chart.SMALL_BALANCE: _("Small balance that we do not collect"),
    Chart.BAD_DEBT: _("Written off"),
    Chart.ASSISTANCE: _("Financial help"),
}
WHY: dict[str, Promise] = {
    Why.NO_INSURANCE: _("No insurance was on file for this day."),
    Why.DEDUCTIBLE: _("Deductible: your plan asks you to pay this part before it begins to pay."),
    Why.COINSURANCE: _("Co-insurance: your plan leaves you a share of the price."),
    Why.COPAY: _("Co-pay: a fixed amount that your plan asks for each visit."),
    Why.NOT_COVERED: _("Your plan does not cover this and says that you pay it."),
    Why.AFTER_INSURANCE: _("What your insurance left for you to pay."),
    Why.WAITING: _("We are waiting for your insurance; nothing to pay yet."),
    Why.PAID: _("Paid in full."),
    Why.OVERPAID: _("More was paid than is owed; we will use it for other services or pay it back."),
    Why.NOTHING: _("Nothing to pay."),
    Why.BROUGHT_FORWARD: _("Balance from before."),
}
TONES: dict[str, str] = {
    Why.WAITING: "busy",
    Why.PAID: "ok",
    Why.NOTHING: "ok",
    Why.OVERPAID: "info",
}
OWED_TONE = "warn"
STATES: dict[str, Promise] = {
    Why.WAITING: _("With the insurance"),
    Why.PAID: _("Paid"),
    Why.NOTHING: _("Settled"),
    Why.OVERPAID: _("Credit"),
}
OWED = _("To pay")
