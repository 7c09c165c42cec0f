"""The page of one denial, and the decisions about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from medguild.foundation.access.demand import holds_at
from medguild.foundation.access.guard import NOTED, guarded, note_reads
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import today
from medguild.foundation.kernel.errors import NotAllowed, NotVisible, Refusal
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.toasts import toast
from medguild.revenue.claims.models import Claim
from medguild.revenue.claims.permissions import ClaimsRight
from medguild.revenue.claims.rules import ADJUDICATED
from medguild.revenue.claims.selectors import replacement_of
from medguild.revenue.remittances import denials, selectors, showing
from medguild.revenue.remittances.denials import Case
from medguild.revenue.remittances.forms import CoverForm, DenialForm
from medguild.revenue.remittances.models import Denial
from medguild.revenue.remittances.permissions import RemittancesRight
from medguild.revenue.remittances.rebilling import bill_other_cover, covers_for, why_not
from medguild.revenue.remittances.words import CATEGORIES, DENIAL_OUTCOMES, FIRST_STEP, FIRST_STEPS
from medguild.revenue.remittances.work import HANDLED_AT_THE_DESK


@guarded(RemittancesRight.READ, reads=NOTED)
@require_GET
def show(request: HttpRequest, denial_id: UUID) -> HttpResponse:
    """What was refused and why in words, what the payer still owes of it, and what can be done."""
    actor = actor_of(request)
    rows = selectors.denial_for(actor, denial_id)
    case = denials.case_of(rows)
    note_reads(request, [case.claim.patient_id])
    first = rows[0]
    return render(
        request,
        "remittances/denial.html",
        {
            "row": first,
            "case": case,
            "claim": case.claim,
            "category": CATEGORIES.get(first.category, first.category),
            "step": FIRST_STEPS.get(first.category, FIRST_STEP),
            "shown": showing.refused_lines(rows),
            "outcome": DENIAL_OUTCOMES.get(first.outcome, ""),
            "work": selectors.work_by_source(actor, [case.source]).get(case.source),
            **_choices(actor, case),
        },
    )


def _choices(actor: Actor, case: Case) -> dict[str, Any]:
    claim = case.claim
    may_post = holds_at(actor, RemittancesRight.POST, claim.entity_id) and not case.is_settled
    open_money = case.open_cents > 0
    replacement = replacement_of(claim.pk)
    may_rebill = may_post and why_not(claim) is None
    return {
        "form": DenialForm(),
        "cover_form": CoverForm(covers=covers_for(claim)) if may_rebill else None,
        "cover_first": case.rows[0].category in HANDLED_AT_THE_DESK,
        "replacement": replacement,
        "may_replace": (
            not case.is_settled and replacement is None and claim.status in ADJUDICATED and bool(claim.payer_control)
            and actor.may(ClaimsRight.EDIT)
        ),
        "no_control": not claim.payer_control and replacement is None and not case.is_settled,
        "may_write_off": may_post and open_money and denials.may_write_off(actor, case, on=today()),
        "may_ask": may_post and open_money and not denials.may_write_off(actor, case, on=today()),
        "may_bill": may_post and denials.may_bill_patient(case),
        "may_close": may_post and not open_money,
    }  # fmt: skip


@guarded(RemittancesRight.POST)
@require_POST
def write_off(request: HttpRequest, denial_id: UUID) -> HttpResponse:
    return _decide(request, denial_id, denials.write_off, _("Written off."))


@guarded(RemittancesRight.POST)
@require_POST
def ask_write_off(request: HttpRequest, denial_id: UUID) -> HttpResponse:
    return _decide(request, denial_id, denials.ask_write_off, _("The approval is asked for."))


@guarded(RemittancesRight.POST)
@require_POST
def bill_patient(request: HttpRequest, denial_id: UUID) -> HttpResponse:
    return _decide(request, denial_id, denials.bill_patient, _("The patient owes it now."))


@guarded(RemittancesRight.POST)
@require_POST
def close(request: HttpRequest, denial_id: UUID) -> HttpResponse:
    return _decide(request, denial_id, denials.close, _("The denial is closed."))


@guarded(RemittancesRight.POST)
@require_POST
def other_cover(request: HttpRequest, denial_id: UUID) -> HttpResponse:
    """Bill the claim under another coverage of the patient."""
    actor = actor_of(request)
    (first, *_rest) = selectors.denial_for(actor, denial_id)
    note_reads(request, [first.claim.patient_id])
    fresh = bill_cover(request, first)
    return redirect("claims:show", fresh.pk) if fresh else redirect("remittances:denial", first.pk)


def bill_cover(request: HttpRequest, denial: Denial) -> Claim | None:
    """Act on the form of another coverage, and say what came of it; the new claim where one was made."""
    form = CoverForm(request.POST, covers=covers_for(denial.claim))
    if not form.is_valid():
        toast(request, _("Choose a cover that held on the day of service."), tone="bad")
        return None
    try:
        fresh = bill_other_cover(denial=denial, coverage=form.chosen(), by=actor_of(request))
    except (NotVisible, NotAllowed):
        raise
    except Refusal as refusal:
        toast(request, refusal.message, tone="bad")
        return None
    if fresh is None:
        toast(request, _("The charges wait: there is no billing identity for this payer yet."), tone="warn")
    else:
        toast(request, _("Claim %(number)s was made for the other cover.") % {"number": fresh.number})
    return fresh


def _decide(request: HttpRequest, denial_id: UUID, act: Callable[..., Case], done: str) -> HttpResponse:
    actor = actor_of(request)
    (first, *_rest) = selectors.denial_for(actor, denial_id)
    note_reads(request, [first.claim.patient_id])
    form = DenialForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        act(denial=first, reason=reason, by=actor)
        toast(request, done)
    except (NotVisible, NotAllowed):
        raise
    except Refusal as refusal:
        toast(request, refusal.message, tone="bad")
    return redirect("remittances:denial", first.pk)
