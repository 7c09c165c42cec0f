"""Pages of payments: the list, one payment, one claim of it, and taking a file in."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from medguild.foundation.access.guard import NOTED, guarded, note_reads
from medguild.foundation.access.limits import FILES_SENT, limited
from medguild.foundation.ui import tables
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.forms import form_status, refusals
from medguild.revenue.remittances import selectors, showing
from medguild.revenue.remittances.comparing import both_sides
from medguild.revenue.remittances.forms import PayeeForm, SetAsideForm, TwinForm, UploadForm
from medguild.revenue.remittances.importing import import_remittances
from medguild.revenue.remittances.permissions import RemittancesRight
from medguild.revenue.remittances.rules import WAITING, RemittanceStatus
from medguild.revenue.remittances.tables import AnswerTable, RemittanceTable
from medguild.revenue.remittances.words import CLAIM_STATUS, HOLDS, OUTCOME_TONES, OUTCOMES, STATUS, TONES, UNMATCHED


@guarded(RemittancesRight.READ)
def remittance_list(request: HttpRequest) -> HttpResponseBase:
    """All payments; what waits is told above them, each number with its rows."""
    actor = actor_of(request)
    numbers = [
        (_("In quarantine"), selectors.waiting(actor).count(), reverse("remittances:quarantine")),
        (_("Claims in suspense"), selectors.suspended_claims(actor).count(), reverse("remittances:suspense")),
        (_("Unknown payees"), selectors.unknown_payees(actor).count(), reverse("remittances:suspense")),
        (_("Open denials"), selectors.denials(actor).count(), reverse("remittances:denials")),
    ]
    context = {"numbers": numbers, "may_post": actor.may(RemittancesRight.POST)}
    rows = selectors.remittances(actor)
    return tables.table_response(request, RemittanceTable, rows, "remittances/list.html", context)


@guarded(RemittancesRight.READ, reads=NOTED)
def show(request: HttpRequest, remittance_id: UUID) -> HttpResponseBase:
    """One payment: from charge to payment, its claims, what stands beside them; or why it waits."""
    actor = actor_of(request)
    row = selectors.remittance_for(actor, remittance_id)
    may_post = actor.scope(RemittancesRight.POST)
    mine = may_post.everything or row.entity_id in may_post.units
    steps, chart = showing.waterfall(row)
    context = {
        "row": row,
        "status": STATUS[row.status],
        "tone": TONES[row.status],
        "hold": HOLDS.get(row.hold, ""),
        "posted": row.status == RemittanceStatus.POSTED,
        "waits": row.status in WAITING,
        "may_check": mine and row.status == RemittanceStatus.QUARANTINED,
        "set_aside": SetAsideForm() if mine and row.status in WAITING else None,
        "twin": TwinForm() if mine and row.status == RemittanceStatus.CONFLICT else None,
        "sides": both_sides(row) if row.status == RemittanceStatus.CONFLICT else None,
        "payee": PayeeForm(entities=selectors.entities_to_post(actor)) if mine and not row.payee_known else None,
        "steps": steps,
        "chart": chart,
        "others": showing.others_shown(row.provider_adjustments.all()),
        "moments": showing.moments_of(row),
    }
    rows = selectors.answers_of(actor, row.pk)
    return tables.table_response(request, AnswerTable, rows, "remittances/show.html", context)


@guarded(RemittancesRight.READ, reads=NOTED)
def claim(request: HttpRequest, remittance_id: UUID, claim_id: UUID) -> HttpResponse:
    """What a payment says of one claim, line by line, and where each amount went."""
    actor = actor_of(request)
    held, lines = selectors.answer_for(actor, remittance_id, claim_id)
    if held.claim is not None:
        note_reads(request, [held.claim.patient_id])
    context = {
        "held": held,
        "said": CLAIM_STATUS.get(held.claim_status, held.claim_status),
        "why": UNMATCHED.get(held.unmatched, "") if held.claim is None else "",
        "may_place": held.claim is None and held.remittance.payee_known and actor.may(RemittancesRight.POST),
        "lines": showing.lines_shown(held, lines),
    }
    return render(request, "remittances/claim.html", context)


@guarded(RemittancesRight.POST)
@require_http_methods(["GET", "POST"])
@limited(FILES_SENT)
def upload(request: HttpRequest) -> HttpResponse:
    """Take a file in, and say what became of each payment in it."""
    actor = actor_of(request)
    entities = selectors.entities_to_post(actor)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = UploadForm(*sent, entities=entities)
    found = None
    if form.is_valid():
        file = form.cleaned_data["file"]
        with refusals(form):
            found = import_remittances(
                content=file.read(), filename=file.name, by=actor, unit_id=UUID(form.cleaned_data["entity"])
            )
    outcomes = [
        (one, OUTCOMES[one.outcome], OUTCOME_TONES[one.outcome], HOLDS.get(one.hold, ""))
        for one in (found.remittances if found else ())
    ]
    context = {"form": form, "found": found, "outcomes": outcomes}
    return render(request, "remittances/upload.html", context, status=form_status(form))
