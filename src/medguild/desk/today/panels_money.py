"""Panels of money: claims by state, what is not billed yet, the director's numbers."""

from __future__ import annotations

import datetime as dt

from django.db.models import Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from medguild.desk.today.parts import Number, Panel, shown
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import day_of
from medguild.foundation.kernel.money import dollars
from medguild.operations.chart.selectors import visits_without_charge
from medguild.revenue.charges.permissions import ChargesRight
from medguild.revenue.charges.rules import ChargeStatus
from medguild.revenue.charges.selectors import charges
from medguild.revenue.claims.rules import ClaimStatus
from medguild.revenue.claims.selectors import claims as all_claims
from medguild.revenue.claims.selectors import counts_by_status, with_open_denial
from medguild.revenue.claims.words import STATUS
from medguild.revenue.numbers.measures import days_in_ar, initial_denial_rate, recent
from medguild.revenue.remittances.selectors import denials, suspended_claims, unknown_payees, waiting


def claims(actor: Actor, at: dt.datetime) -> Panel:
    """Claims to mend, to send, at the payer, and with a denial that nobody has decided about."""
    counts, href = counts_by_status(actor), reverse("claims:list")
    states = (ClaimStatus.EDIT_FAILED, ClaimStatus.READY, ClaimStatus.SENT)
    return Panel(
        "claims", _("Claims"), "file-invoice", href,
        numbers=[
            *(Number(STATUS[state], shown(counts.get(state, 0)), f"{href}?status={state}") for state in states),
            Number(_("Denied, to decide"), shown(with_open_denial(all_claims(actor)).count()), f"{href}?denial=on",
                   hint=_("Claims of which a payer refused something, neither sent again, written off nor asked of the"
                          " patient yet.")),
        ],
    )  # fmt: skip


def unbilled(actor: Actor, at: dt.datetime) -> Panel:
    """Services that have not reached a payer, by cause."""
    href = reverse("charges:list")
    held = charges(actor).filter(status=ChargeStatus.HELD)
    ready = charges(actor).filter(status=ChargeStatus.READY, coverage__isnull=False)
    waiting = ready.aggregate(total=Sum("amount"))["total"] or 0
    missing = visits_without_charge(actor, right=ChargesRight.READ).count()
    return Panel(
        "unbilled", _("Not billed yet"), "receipt-off", href,
        numbers=[
            Number(_("Visits without charge"), shown(missing), reverse("charges:missing")),
            Number(_("Charges held back"), shown(held.count()), f"{href}?status={ChargeStatus.HELD}"),
            Number(_("Ready, on no claim"), dollars(waiting), f"{href}?status={ChargeStatus.READY}&payer=insured"),
        ],
    )  # fmt: skip


def money(actor: Actor, at: dt.datetime) -> Panel:
    """Days in A/R and first-pass denials, with what waits for a decision."""
    today = day_of(at)
    days = days_in_ar(actor, as_of=today)
    denials = initial_denial_rate(actor, **recent(at))
    return Panel(
        "money", _("Money"), "chart-line", reverse("remittances:list"),
        numbers=[
            Number(_("Days in A/R"), shown(days.days), reverse("numbers:rows", args=["receivable"]), unit=_("days"),
                   hint=_("Debit A/R per average daily gross charges of three months; credits stand apart.")),
            Number(_("Owed to the group"), dollars(days.debits), reverse("statements:list")),
            Number(_("Denied at first, 90 days"), shown(denials.claims.percent),
                   reverse("numbers:rows", args=["denials"]), unit="%",
                   hint=_("Claims denied whole at their first decision, of all decided for the first time.")),
            Number(_("Payments in quarantine"), shown(waiting(actor).count()), reverse("remittances:quarantine")),
        ],
    )  # fmt: skip


def posting(actor: Actor, at: dt.datetime) -> Panel:
    """What payers have said that waits for a person: quarantine, money without a home, denials."""
    refused = denials(actor)
    amount = refused.aggregate(sum=Sum("amount"))["sum"] or 0
    suspended = suspended_claims(actor).count()
    suspense, href = reverse("remittances:suspense"), reverse("remittances:denials")
    return Panel(
        "posting", _("Answers of payers"), "cash", reverse("remittances:list"),
        numbers=[
            Number(_("Payments in quarantine"), shown(waiting(actor).count()), reverse("remittances:quarantine")),
            Number(_("Claims not found"), shown(suspended), suspense),
            Number(_("Payees not known"), shown(unknown_payees(actor).count()), suspense),
            Number(_("Lines denied, open"), shown(refused.count()), href),
            Number(_("Denied, open"), dollars(amount), href),
        ],
    )  # fmt: skip
