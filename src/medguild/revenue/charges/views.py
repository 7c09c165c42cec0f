"""Pages of charges: the list, one charge, and visits that were not charged."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from medguild.foundation.access.guard import NOTED, guarded, note_reads
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.foundation.ui import tables
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.toasts import toast
from medguild.operations.chart.selectors import visits_without_charge
from medguild.revenue.charges import selectors, services
from medguild.revenue.charges.models import Charge
from medguild.revenue.charges.permissions import ChargesRight
from medguild.revenue.charges.rules import ChargeStatus
from medguild.revenue.charges.tables import ChargeTable, MissingTable
from medguild.revenue.charges.words import HOLDS, STATUS, TONES


@guarded(ChargesRight.READ, reads=NOTED)
def charge_list(request: HttpRequest) -> HttpResponseBase:
    rows = selectors.charges(actor_of(request))
    return tables.table_response(request, ChargeTable, rows, "charges/list.html", {})


@guarded(ChargesRight.READ, reads=NOTED)
def missing(request: HttpRequest) -> HttpResponseBase:
    """Visits that left and were not charged, oldest first."""
    rows = visits_without_charge(actor_of(request), right=ChargesRight.READ)
    rows = rows.select_related("patient", "clinician__person", "site__site")
    return tables.table_response(request, MissingTable, rows, "charges/missing.html", {})


@guarded(ChargesRight.READ, reads=NOTED)
def show(request: HttpRequest, charge_id: UUID) -> HttpResponse:
    charge = selectors.charge_for_id(actor_of(request), charge_id)
    note_reads(request, [charge.patient_id])
    may_edit = actor_of(request).may(ChargesRight.EDIT)
    return render(
        request,
        "charges/show.html",
        {
            "charge": charge,
            "status": STATUS[charge.status],
            "tone": TONES[charge.status],
            "hold": HOLDS.get(charge.hold_reason),
            "claim_lines": charge.claim_lines.unscoped("the charge is visible").select_related("claim"),
            "may_release": may_edit and charge.status == ChargeStatus.HELD,
            "may_void": may_edit and charge.status in (ChargeStatus.HELD, ChargeStatus.READY),
        },
    )


@guarded(ChargesRight.EDIT, reads=NOTED)
@require_POST
def release(request: HttpRequest, charge_id: UUID) -> HttpResponse:
    charge = _to_edit(request, charge_id)
    try:
        services.release_charge(charge=charge, by=actor_of(request))
        toast(request, _("The charge goes on."))
    except NotVisible:
        raise
    except Refusal as refusal:
        toast(request, refusal.message, tone="bad")
    return redirect("charges:show", charge_id)


@guarded(ChargesRight.EDIT, reads=NOTED)
@require_POST
def void(request: HttpRequest, charge_id: UUID) -> HttpResponse:
    charge = _to_edit(request, charge_id)
    try:
        services.void_charge(charge=charge, reason=request.POST.get("reason", ""), by=actor_of(request))
        toast(request, _("The charge was taken back."))
    except NotVisible:
        raise
    except Refusal as refusal:
        toast(request, refusal.message, tone="bad")
    return redirect("charges:show", charge_id)


def _to_edit(request: HttpRequest, charge_id: UUID) -> Charge:
    charge = selectors.charge_for_id(actor_of(request), charge_id, ChargesRight.EDIT)
    note_reads(request, [charge.patient_id])
    return charge
