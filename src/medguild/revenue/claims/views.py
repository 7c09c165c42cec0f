"""Pages of claims: the list, one claim with what the edits found, and the files that were sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from medguild.foundation.access.guard import NOTED, guarded, note_reads
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.foundation.ui import tables
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.forms import form_status, refusals
from medguild.foundation.ui.toasts import toast
from medguild.revenue.claims import correcting, export, selectors, services
from medguild.revenue.claims.forms import CorrectForm
from medguild.revenue.claims.models import Claim
from medguild.revenue.claims.permissions import ClaimsRight
from medguild.revenue.claims.ports import panels_of
from medguild.revenue.claims.rules import ADJUDICATED, ClaimStatus, Frequency
from medguild.revenue.claims.showing import moments_of, place_of
from medguild.revenue.claims.tables import ClaimTable, FileTable
from medguild.revenue.claims.words import FINDINGS, FREQUENCIES, STATUS, TONES


@guarded(ClaimsRight.READ, reads=NOTED)
def claim_list(request: HttpRequest) -> HttpResponseBase:
    """All claims by state; each number leads to the rows behind it."""
    actor = actor_of(request)
    counts = selectors.counts_by_status(actor)
    numbers: list[tuple[Any, int, str]] = [
        (STATUS[status], counts.get(status, 0), f"{reverse('claims:list')}?status={status}")
        for status in (ClaimStatus.EDIT_FAILED, ClaimStatus.READY, ClaimStatus.SENT)
    ]
    denied = selectors.with_open_denial(selectors.claims(actor)).count()
    numbers.append((_("Denied, to decide"), denied, f"{reverse('claims:list')}?denial=on"))
    context = {
        "numbers": numbers,
        "may_edit": actor.may(ClaimsRight.EDIT),
        "may_send": actor.may(ClaimsRight.SEND),
        "ready": counts.get(ClaimStatus.READY, 0),
    }
    rows = selectors.claims(actor)
    return tables.table_response(request, ClaimTable, rows, "claims/list.html", context)


@guarded(ClaimsRight.READ)
def file_list(request: HttpRequest) -> HttpResponseBase:
    return tables.table_response(request, FileTable, selectors.files(actor_of(request)), "claims/files.html", {})


@guarded(ClaimsRight.READ, reads=NOTED)
def show(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    claim = selectors.claim_for(actor, claim_id)
    note_reads(request, [claim.patient_id])
    return render(request, "claims/show.html", _context(actor, claim))


def _context(actor: Actor, claim: Claim) -> dict[str, Any]:
    may_edit = actor.may(ClaimsRight.EDIT)
    replacement = selectors.replacement_of(claim.pk)
    may_succeed = (
        may_edit and claim.status in ADJUDICATED and bool(claim.payer_control) and replacement is None
        and claim.frequency != Frequency.VOID
    )  # fmt: skip
    return {
        "claim": claim,
        "status": STATUS[claim.status],
        "tone": TONES[claim.status],
        "findings": [
            (finding, FINDINGS.get(finding.rule, finding.rule), *place_of(actor, claim, finding))
            for finding in claim.findings.all()
        ],
        "lines": claim.lines.all(),
        "moments": moments_of(claim),
        "panels": panels_of(actor, claim),
        "replacement": replacement,
        "may_check": may_edit and claim.is_open,
        "may_void": may_edit and claim.is_open,
        "may_send": actor.may(ClaimsRight.SEND) and claim.status == ClaimStatus.READY,
        "may_replace": may_succeed,
        "may_cancel": may_succeed,
        "may_correct": may_edit and claim.is_open,
        "may_free": may_edit
        and claim.frequency == Frequency.VOID
        and not claim.is_open
        and any(line.live for line in claim.lines.all()),
        "frequency": FREQUENCIES[claim.frequency],
    }


@guarded(ClaimsRight.EDIT)
@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """Put all ready charges of one's sites on claims."""
    actor = actor_of(request)
    scope = actor.scope(ClaimsRight.EDIT)
    made = services.make_claims(by=actor, unit_ids=None if scope.everything else scope.units)
    toast(request, ngettext("%(n)s claim made.", "%(n)s claims made.", len(made)) % {"n": len(made)})
    return redirect("claims:list")


@guarded(ClaimsRight.SEND)
@require_POST
def send(request: HttpRequest) -> HttpResponse:
    """Write the ready claims, or the one named, as 837P files."""
    chosen = request.POST.get("claim")
    try:
        written = export.export_claims(by=actor_of(request), claim_ids=[UUID(chosen)] if chosen else None)
    except (Refusal, ValueError) as error:
        toast(request, getattr(error, "message", _("This claim does not exist.")), tone="bad")
        return redirect("claims:list")
    count = sum(one.file.claim_count for one in written)
    if not count:
        toast(request, _("There is nothing to send: no claim is ready."), tone="info")
        return redirect("claims:list")
    toast(request, ngettext("%(n)s claim sent.", "%(n)s claims sent.", count) % {"n": count})
    return redirect("claims:files")


@guarded(ClaimsRight.EDIT, reads=NOTED)
@require_POST
def check(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    return _act(request, claim_id, lambda claim, by: services.check_claim(claim=claim, by=by), _("Checked again."))


@guarded(ClaimsRight.EDIT, reads=NOTED)
@require_POST
def authorize(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    number = request.POST.get("prior_authorization", "")
    return _act(
        request,
        claim_id,
        lambda claim, by: services.authorize_claim(claim=claim, prior_authorization=number, by=by),
        _("Approval number saved."),
    )


@guarded(ClaimsRight.EDIT, reads=NOTED)
@require_POST
def void(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    return _act(
        request, claim_id, lambda claim, by: services.void_claim(claim=claim, by=by), _("The claim was taken back.")
    )


@guarded(ClaimsRight.EDIT, reads=NOTED)
@require_POST
def replace(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    return _act(
        request,
        claim_id,
        lambda claim, by: correcting.replace_claim(claim=claim, by=by),
        _("A replacement was made; check and send it."),
    )


@guarded(ClaimsRight.EDIT, reads=NOTED)
@require_POST
def cancel(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    return _act(
        request,
        claim_id,
        lambda claim, by: correcting.cancel_claim(claim=claim, by=by),
        _("A void was made; send it, then free its charges."),
    )


@guarded(ClaimsRight.EDIT, reads=NOTED)
@require_POST
def free(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    return _act(
        request, claim_id, lambda claim, by: correcting.free_charges(claim=claim, by=by), _("The charges wait again.")
    )


@guarded(ClaimsRight.EDIT, reads=NOTED)
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    """Change diagnoses, modifiers and pointers of a claim before it is sent."""
    actor = actor_of(request)
    claim = selectors.claim_for(actor, claim_id, ClaimsRight.EDIT)
    note_reads(request, [claim.patient_id])
    form = CorrectForm(request.POST or None, claim=claim)
    if form.is_valid():
        with refusals(form):
            correcting.correct_claim(claim=claim, by=actor, **form.corrections())
            toast(request, _("Corrected and checked again."))
            return redirect("claims:show", claim.pk)
    return render(request, "claims/correct.html", {"claim": claim, "form": form}, status=form_status(form))


def _act(request: HttpRequest, claim_id: UUID, act: Callable[[Claim, Actor], Claim], done: str) -> HttpResponse:
    actor = actor_of(request)
    claim = selectors.claim_for(actor, claim_id, ClaimsRight.EDIT)
    note_reads(request, [claim.patient_id])
    try:
        result = act(claim, actor)
        toast(request, done)
        return redirect("claims:show", result.pk)
    except NotVisible:
        raise
    except Refusal as refusal:
        toast(request, refusal.message, tone="bad")
        return redirect("claims:show", claim_id)
