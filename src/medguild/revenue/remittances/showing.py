"""What the pages draw: the way from the charge to the payment, and where each amount of a line went."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from medguild.foundation.codesets.rules import System
from medguild.foundation.codesets.selectors import lookup_many
from medguild.foundation.events.actors import who
from medguild.foundation.events.ports import event_types
from medguild.foundation.events.selectors import timeline
from medguild.foundation.kernel.money import Cents, dollars
from medguild.foundation.ui.parts import Chart, Moment, Series
from medguild.revenue.remittances.models import Denial, ProviderAdjustment, Remittance, RemittanceClaim, RemittanceLine
from medguild.revenue.remittances.posting import subject_of
from medguild.revenue.remittances.selectors import DenialCell, adjusted_by_effect
from medguild.revenue.remittances.words import CATEGORIES, EFFECTS, PROVIDER_REASONS

_Step = tuple[str, Cents, str]


def waterfall(row: Remittance) -> tuple[list[_Step], Chart]:
    """From what was charged to what was paid: each step with its rows, as numbers and as a chart."""
    page = reverse("remittances:show", args=[row.pk])
    totals = adjusted_by_effect(row.pk)
    steps: list[_Step] = [(_("Charged"), totals.pop("charge", 0), page)]
    steps += [
        (str(EFFECTS.get(effect, _("In suspense, not yet judged"))), -amount, f"{page}?{_rows(effect)}")
        for effect, amount in sorted(totals.items(), key=lambda one: -abs(one[1]))
    ]
    sums = [0, len(steps)]
    steps.append((_("Paid on claims"), row.claim_total, page))
    if row.provider_total:
        steps.append((_("Beside the claims"), -row.provider_total, f"{page}#beside"))
    sums.append(len(steps))
    steps.append((_("Payment"), row.amount, page))
    chart = Chart(
        key="waterfall",
        title=_("From charge to payment"),
        kind="waterfall",
        categories=[name for name, _amount, _href in steps],
        series=[Series(_("Amount"), [amount / 100 for _name, amount, _href in steps])],
        unit="$",
        totals=sums,
        hrefs=[href for _name, _amount, href in steps],
        summary=_("Claims %(claims)s less %(other)s beside them is %(payment)s.")
        % {
            "claims": dollars(row.claim_total), "other": dollars(row.provider_total), "payment": dollars(row.amount),
        },
    )  # fmt: skip
    return steps, chart


def _rows(effect: str) -> str:
    """The filter of the claims table that shows the rows behind an effect."""
    shown = {"denied": "denied=on", "patient": "shared=on", "next_payer": "shared=on", "": "state=suspense"}
    return shown.get(effect, "")


@dataclass(frozen=True, slots=True)
class ReasonShown:
    """An adjustment in words: code, what it means, how much, where it went."""

    code: str
    label: str
    amount: Cents
    effect: str | Promise
    denial: bool


@dataclass(frozen=True, slots=True)
class LineShown:
    line: RemittanceLine
    reasons: Sequence[ReasonShown]
    remarks: Sequence[tuple[str, str]]


def lines_shown(held: RemittanceClaim, lines: Sequence[RemittanceLine]) -> list[LineShown]:
    """Lines with their reasons and remarks in words."""
    on = held.adjudicated_on
    reasons = lookup_many(System.CARC, {one["reason"] for line in lines for one in line.adjustments}, on)
    remarks = lookup_many(System.RARC, {code for line in lines for code in line.remarks}, on)
    return [
        LineShown(
            line,
            [_reason(one, reasons) for one in line.adjustments],
            [(code, remarks[code].label if code in remarks else "") for code in line.remarks],
        )
        for line in lines
    ]


@dataclass(frozen=True, slots=True)
class RefusedShown:
    """A refused amount in words, with the remarks of its line."""

    row: Denial
    words: str
    remarks: Sequence[tuple[str, str]]


def refused_lines(rows: Sequence[Denial]) -> list[RefusedShown]:
    """Denials of one case with reasons and remarks in words."""
    on = rows[0].remittance_claim.adjudicated_on
    reasons = lookup_many(System.CARC, {row.reason for row in rows}, on)
    remarks = lookup_many(System.RARC, {code for row in rows for code in row.line.remarks}, on)
    return [
        RefusedShown(
            row,
            reasons[row.reason].label if row.reason in reasons else "",
            [(code, remarks[code].label if code in remarks else "") for code in row.line.remarks],
        )
        for row in rows
    ]


def _reason(one: dict[str, Any], known: Any) -> ReasonShown:
    found = known.get(one["reason"])
    effect = EFFECTS.get(one.get("effect", ""), _("Waits in suspense"))
    return ReasonShown(
        f"{one['group']}-{one['reason']}", found.label if found else "", one["amount"], effect, bool(one.get("denial"))
    )


@dataclass(frozen=True, slots=True)
class DenialLine:
    """A category with its total and its cells by payer; a cell without denials is None."""

    label: str | Promise
    total: Cents
    href: str
    cells: Sequence[tuple[DenialCell | None, str]]


def denial_lines(cells: Sequence[DenialCell]) -> tuple[list[tuple[str, UUID]], list[DenialLine]]:
    """The table of denials: payers by name, and categories by what is refused under them."""
    page = reverse("remittances:denials")
    payers = sorted({(cell.payer, cell.payer_id) for cell in cells})
    by_place = {(cell.category, cell.payer_id): cell for cell in cells}
    lines = [
        DenialLine(
            CATEGORIES.get(category, category),
            sum(cell.total for cell in cells if cell.category == category),
            f"{page}?category={category}",
            [
                (by_place.get((category, payer_id)), f"{page}?category={category}&payer={payer_id}")
                for _name, payer_id in payers
            ],
        )
        for category in dict.fromkeys(cell.category for cell in cells)
    ]
    return payers, sorted(lines, key=lambda line: -line.total)


def others_shown(rows: Iterable[ProviderAdjustment]) -> list[tuple[ProviderAdjustment, Any]]:
    return [(row, PROVIDER_REASONS.get(row.reason, row.reason)) for row in rows]


def moments_of(row: Remittance) -> list[Moment]:
    """Newest first: what happened to the remittance."""
    return [
        Moment(
            what=str(event_types.get(event.type).label),
            at=event.occurred_at,
            who=who(event),
            icon=event_types.get(event.type).icon,
        )
        for event in timeline(subjects=[subject_of(row)])
    ]
