"""Pages of what waits: quarantine, suspense, denials; and the decisions about them."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from medguild.foundation.access.guard import NOTED, guarded, note_reads
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.foundation.ui import tables
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.forms import form_status, refusals
from medguild.foundation.ui.toasts import toast
from medguild.revenue.remittances import releasing, selectors, showing
from medguild.revenue.remittances.forms import PayeeForm, PlaceForm, SetAsideForm, TwinForm
from medguild.revenue.remittances.permissions import RemittancesRight
from medguild.revenue.remittances.rules import RemittanceStatus
from medguild.revenue.remittances.tables import DenialTable, PayeeTable, SuspenseTable, WaitingTable
from medguild.revenue.remittances.words import HOLDS, UNMATCHED


@guarded(RemittancesRight.READ)
def quarantine(request: HttpRequest) -> HttpResponseBase:
    rows = selectors.waiting(actor_of(request))
    return tables.table_response(request, WaitingTable, rows, "remittances/quarantine.html", {})


@guarded(RemittancesRight.POST)
@require_POST
def check_again(request: HttpRequest, remittance_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    row = selectors.remittance_for(actor, remittance_id, RemittancesRight.POST)
    try:
        row = releasing.check_again(remittance=row, by=actor)
    except NotVisible:
        raise
    except Refusal as refusal:
        toast(request, refusal.message, tone="bad")
        return redirect("remittances:show", remittance_id)
    if row.status == RemittanceStatus.POSTED:
        toast(request, _("Posted."))
    else:
        toast(request, str(HOLDS[row.hold]), tone="warn")
    return redirect("remittances:show", remittance_id)


@guarded(RemittancesRight.POST)
@require_POST
def post_twin(request: HttpRequest, remittance_id: UUID) -> HttpResponse:
    """A person says that a payment with the key of another one is one of its own."""
    actor = actor_of(request)
    row = selectors.remittance_for(actor, remittance_id, RemittancesRight.POST)
    form = TwinForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        releasing.post_twin(remittance=row, reason=reason, by=actor)
        toast(request, _("Posted."))
    except NotVisible:
        raise
    except Refusal as refusal:
        toast(request, refusal.message, tone="bad")
    return redirect("remittances:show", remittance_id)


@guarded(RemittancesRight.POST)
@require_POST
def set_aside(request: HttpRequest, remittance_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    row = selectors.remittance_for(actor, remittance_id, RemittancesRight.POST)
    form = SetAsideForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        releasing.set_aside(remittance=row, reason=reason, by=actor)
        toast(request, _("Set aside; nothing of it was posted."))
    except NotVisible:
        raise
    except Refusal as refusal:
        toast(request, refusal.message, tone="bad")
    return redirect("remittances:show", remittance_id)


@guarded(RemittancesRight.POST)
@require_POST
def place_payee(request: HttpRequest, remittance_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    row = selectors.remittance_for(actor, remittance_id, RemittancesRight.POST)
    form = PayeeForm(request.POST, entities=selectors.entities_to_post(actor))
    if not form.is_valid():
        toast(request, _("Choose a legal entity."), tone="bad")
        return redirect("remittances:show", remittance_id)
    try:
        releasing.place_payee(remittance=row, entity_id=UUID(form.cleaned_data["entity"]), by=actor)
        toast(request, _("The payment is posted where it belongs."))
    except NotVisible:
        raise
    except Refusal as refusal:
        toast(request, refusal.message, tone="bad")
    return redirect("remittances:show", remittance_id)


@guarded(RemittancesRight.READ)
def suspense(request: HttpRequest) -> HttpResponseBase:
    """Money that was received and waits: claims that were not found, payments of unknown payees."""
    actor = actor_of(request)
    payees = tables.build(request, PayeeTable, selectors.unknown_payees(actor), prefix="p-")
    rows = selectors.suspended_claims(actor)
    return tables.table_response(request, SuspenseTable, rows, "remittances/suspense.html", {"payees": payees})


@guarded(RemittancesRight.POST, reads=NOTED)
@require_http_methods(["GET", "POST"])
def place(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    """Say to which claim money in suspense belongs; it is posted there at once."""
    actor = actor_of(request)
    held = selectors.suspended_claim(actor, claim_id)
    form = PlaceForm(request.POST or None)
    if form.is_valid():
        with refusals(form):
            releasing.place_claim(suspended=held, number=form.cleaned_data["number"], by=actor)
            toast(request, _("Posted to the claim."))
            return redirect("remittances:claim", held.remittance_id, held.pk)
    found = selectors.candidates(actor, held) if held.remittance.payee_known else []
    note_reads(request, [claim.patient_id for claim in found])
    context = {"form": form, "held": held, "why": UNMATCHED.get(held.unmatched, ""), "candidates": found}
    return render(request, "remittances/place.html", context, status=form_status(form))


@guarded(RemittancesRight.READ, reads=NOTED)
def denials(request: HttpRequest) -> HttpResponseBase:
    """Open denials by category and payer, and the single ones with the work that was opened for them."""
    actor = actor_of(request)
    rows = selectors.denials(actor)
    payers, lines = showing.denial_lines(selectors.denial_matrix(actor))
    request.denial_work = selectors.work_by_source(  # type: ignore[attr-defined]
        actor, rows.values_list("source", flat=True)[:2_000]
    )
    context = {"payers": payers, "lines": lines}
    return tables.table_response(request, DenialTable, rows, "remittances/denials.html", context)
