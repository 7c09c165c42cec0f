"""A denial as its owner outside the billing office sees it: who, which payer, which day, why; of payments nothing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from medguild.foundation.access.guard import NOTED, guarded, note_reads
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.errors import NotVisible
from medguild.foundation.ui.attributes import actor_of
from medguild.patients.coverage.permissions import CoverageRight
from medguild.revenue.remittances import selectors, showing
from medguild.revenue.remittances.forms import CoverForm
from medguild.revenue.remittances.models import Denial
from medguild.revenue.remittances.permissions import RemittancesRight
from medguild.revenue.remittances.rebilling import covers_for, why_not
from medguild.revenue.remittances.views_denials import bill_cover
from medguild.revenue.remittances.words import CATEGORIES, DENIAL_OUTCOMES, FIRST_STEP, FIRST_STEPS
from medguild.revenue.remittances.work import HANDLED_AT_THE_DESK


@guarded(RemittancesRight.DESK, reads=NOTED)
@require_GET
def show(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    """What of this claim was refused that one's own role answers, what usually helps, and which cover held that day."""
    actor = actor_of(request)
    rows = _denials(actor, claim_id)
    claim = rows[0].claim
    note_reads(request, [claim.patient_id])
    covers = covers_for(claim)
    open_one, refusal = _to_rebill(rows), why_not(claim)
    may_bill = open_one is not None and refusal is None
    work = selectors.work_by_source(actor, {row.source for row in rows})
    context = {
        "claim": claim,
        "cases": [_shown(own, work) for own in _by_source(rows).values()],
        "covers": covers,
        "form": CoverForm(covers=covers) if may_bill and covers else None,
        "may_bill": may_bill,
        "why_not": refusal.message if refusal and open_one else "",
        "may_add": actor.may(CoverageRight.MANAGE),
    }
    return render(request, "remittances/desk.html", context)


@guarded(RemittancesRight.DESK, reads=NOTED)
@require_POST
def other_cover(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    """The desk found the cover that held: the claim goes there."""
    rows = _denials(actor_of(request), claim_id)
    note_reads(request, [rows[0].claim.patient_id])
    denial = _to_rebill(rows)
    if denial is None:
        raise NotVisible
    bill_cover(request, denial)
    return redirect("remittances:desk", claim_id)


def _denials(actor: Actor, claim_id: UUID) -> list[Denial]:
    found = list(selectors.desk_denials(actor, [claim_id]))
    if not found:
        raise NotVisible
    return found


def _to_rebill(rows: list[Denial]) -> Denial | None:
    return next((row for row in rows if row.settled_at is None and row.category in HANDLED_AT_THE_DESK), None)


def _by_source(rows: list[Denial]) -> dict[str, list[Denial]]:
    found: dict[str, list[Denial]] = {}
    for row in rows:
        found.setdefault(row.source, []).append(row)
    return found


def _shown(rows: list[Denial], work: dict[str, Any]) -> dict[str, Any]:
    first = rows[0]
    return {
        "category": CATEGORIES.get(first.category, first.category),
        "step": FIRST_STEPS.get(first.category, FIRST_STEP),
        "reasons": {f"{one.row.group}-{one.row.reason}": one for one in showing.refused_lines(rows)}.items(),
        "settled": first.settled_at is not None,
        "outcome": DENIAL_OUTCOMES.get(first.outcome, ""),
        "work": work.get(first.source),
    }
