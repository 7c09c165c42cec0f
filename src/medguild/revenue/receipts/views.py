"""Pages of receipts: the list, one receipt, taking a payment."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from medguild.foundation.access.guard import NOTED, guarded, note_reads
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.foundation.kernel.ids import new_id
from medguild.foundation.kernel.money import Cents, dollars
from medguild.foundation.ledger.selectors import balances_of
from medguild.foundation.organization.selectors import sites_visible
from medguild.foundation.ui import tables
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.forms import form_status, refusals
from medguild.foundation.ui.toasts import toast
from medguild.operations.scheduling.sites import usual_site
from medguild.operations.visits.permissions import VisitsRight
from medguild.operations.visits.selectors import ref_of, visit_for
from medguild.patients.accounts.models import GuarantorAccount
from medguild.patients.accounts.permissions import AccountsRight
from medguild.patients.accounts.selectors import account, accounts_of, members_of
from medguild.patients.identity.models import Patient
from medguild.patients.identity.selectors import patient as visible_patient
from medguild.revenue.receipts import selectors, services
from medguild.revenue.receipts.forms import PaymentForm, VisitPaymentForm, VoidForm
from medguild.revenue.receipts.models import Receipt
from medguild.revenue.receipts.permissions import ReceiptsRight
from medguild.revenue.receipts.rules import DrawerStatus, Purpose
from medguild.revenue.receipts.scope import accounts_in_scope
from medguild.revenue.receipts.selectors import accounts_on, site_for
from medguild.revenue.receipts.showing import receipt_pdf, settled_shares
from medguild.revenue.receipts.tables import ReceiptTable
from medguild.revenue.receipts.words import METHODS, PURPOSES


@guarded(ReceiptsRight.READ, reads=NOTED)
@require_GET
def receipt_list(request: HttpRequest) -> HttpResponseBase:
    return tables.table_response(request, ReceiptTable, selectors.receipts(actor_of(request)), "receipts/list.html", {})


def _receipt(request: HttpRequest, receipt_id: UUID, right: str = ReceiptsRight.READ) -> Receipt:
    receipt = selectors.receipt_for(actor_of(request), receipt_id, right)
    note_reads(request, [receipt.patient_id])
    return receipt


@guarded(ReceiptsRight.READ, reads=NOTED)
@require_GET
def show(request: HttpRequest, receipt_id: UUID) -> HttpResponse:
    receipt, actor = _receipt(request, receipt_id), actor_of(request)
    settled = settled_shares(receipt)
    context = {
        "receipt": receipt,
        "zone": receipt.site.site.time_zone,
        "method": METHODS[receipt.method],
        "purpose": PURPOSES[receipt.purpose],
        "settled": settled,
        "kept": 0 if receipt.is_void else receipt.amount - sum(cents for _what, cents in settled),
        "left": _owed(actor, receipt.account_id),
        "may_open_visit": actor.may(VisitsRight.READ),  # patients read receipts, and no page of the desk
        "may_void": _may_void(actor, receipt),
        "void_form": VoidForm(),
    }
    return render(request, "receipts/show.html", context)


def _may_void(actor: Actor, receipt: Receipt) -> bool:
    mine = receipt.taken_by == actor.id and actor.may(ReceiptsRight.TAKE)
    in_time = receipt.drawer is None or receipt.drawer.status == DrawerStatus.OPEN
    return not receipt.is_void and in_time and (mine or actor.may(ReceiptsRight.CLOSE))


def _owed(actor: Actor, account_id: UUID) -> Cents | None:
    """What the account owes, where the actor may know it."""
    if not accounts_in_scope(actor, ReceiptsRight.READ).filter(pk=account_id).exists():
        return None
    return balances_of([account_id])[account_id].patient


@guarded(ReceiptsRight.READ, reads=NOTED)
@require_GET
def pdf(request: HttpRequest, receipt_id: UUID) -> HttpResponse:
    """The receipt for printing, set anew from the record each time."""
    receipt = _receipt(request, receipt_id)
    response = HttpResponse(receipt_pdf(receipt), content_type="application/pdf")
    name = content_disposition_header(False, f"receipt-{receipt.number}.pdf")
    response["Content-Disposition"] = name or "inline"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@guarded(ReceiptsRight.TAKE, reads=NOTED)
@require_POST
def void(request: HttpRequest, receipt_id: UUID) -> HttpResponse:
    receipt = _receipt(request, receipt_id, ReceiptsRight.TAKE)
    form = VoidForm(request.POST)
    try:
        reason = form.cleaned_data["reason"] if form.is_valid() else ""
        services.void_receipt(receipt=receipt, reason=reason, by=actor_of(request))
        toast(request, _("The receipt is void."))
    except NotVisible:
        raise
    except Refusal as refusal:
        toast(request, refusal.message, tone="bad")
    return redirect("receipts:show", receipt.pk)


@guarded(ReceiptsRight.TAKE, reads="patient_id")
@require_GET
def take_for(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """From the patient's page: on to the account, or to a choice where there are several."""
    actor = actor_of(request)
    patient = visible_patient(actor, patient_id)
    members = [member for member in accounts_of(actor, patient_id) if member.period.upper is None]
    if len(members) == 1:
        return redirect(_take_url(members[0].account_id, patient.pk))
    choices = [(member.account, _take_url(member.account_id, patient.pk)) for member in members]
    return render(request, "receipts/choose_account.html", {"patient": patient, "choices": choices})


def _take_url(account_id: UUID, patient_id: UUID) -> str:
    return f"{reverse('receipts:take', args=[account_id])}?patient={patient_id}"


@guarded(ReceiptsRight.TAKE, reads=NOTED)
def take(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Take a payment for an account, at one of the actor's sites."""
    actor = actor_of(request)
    held = account(actor, account_id, right=AccountsRight.READ)
    patients = {str(one.pk): one for one in _patients(actor, held)}
    sites = {str(site.unit_id): site for site in sites_visible(actor, ReceiptsRight.TAKE)[:50]}
    note_reads(request, [one.pk for one in patients.values()])
    owed = _owed(actor, held.pk)
    form = PaymentForm(
        request.POST or None,
        sites=sites.values(),
        patients=patients.values(),
        owed=owed,
        initial=_initial(request, owed),
    )
    if form.is_valid():
        said = form.cleaned_data
        with refusals(form):
            receipt = services.take_payment(
                account=held,
                patient=patients[said.pop("patient")],
                site=sites[said.pop("site")],
                by=actor,
                **said,
            )
            toast(request, _("Payment taken: %(amount)s.") % {"amount": dollars(receipt.amount)})
            return redirect("receipts:show", receipt.pk)
    context = {"form": form, "account": held, "owed": owed, "patients": list(patients.values())}
    return render(request, "receipts/take.html", context, status=form_status(form))


def _patients(actor: Actor, held: GuarantorAccount) -> list[Patient]:
    """The patients on an account, the guarantor first where that is a patient."""
    found = {member.patient_id: member.patient for member in members_of(actor, held.pk)}
    guarantor = held.guarantor_patient
    if guarantor is not None and guarantor.pk not in found:
        return [guarantor, *found.values()]
    return list(found.values())


def _initial(request: HttpRequest, owed: Cents | None) -> dict[str, Any]:
    site = usual_site(request, actor_of(request), ReceiptsRight.TAKE)
    return {
        "receipt_id": new_id(),
        "amount": owed if owed and owed > 0 else None,
        "site": str(site.unit_id) if site else None,
        "patient": request.GET.get("patient"),
        "purpose": Purpose.BALANCE if owed and owed > 0 else Purpose.PREPAYMENT,
    }


@guarded(ReceiptsRight.TAKE, reads=NOTED)
@require_POST
def take_at_visit(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """From the check-in list: the co-pay, or the balance of earlier visits."""
    actor = actor_of(request)
    visit = visit_for(actor, visit_id, VisitsRight.CHECK_IN)
    note_reads(request, [visit.patient_id])
    ref, form = ref_of(visit), VisitPaymentForm(request.POST)
    account_id = accounts_on([ref]).get(ref)
    if account_id is None:
        toast(request, _("Open an account for this patient first."), tone="bad")
    elif not form.is_valid():
        toast(request, " ".join(str(error) for errors in form.errors.values() for error in errors), tone="bad")
    else:
        try:
            receipt = services.take_payment(
                account=account(actor, account_id, right=AccountsRight.READ),
                patient=visit.patient,
                site=site_for(actor, visit.site_id),
                visit=visit,
                by=actor,
                **form.cleaned_data,
            )
            toast(request, _("Payment taken: %(amount)s.") % {"amount": dollars(receipt.amount)})
        except NotVisible:
            raise
        except Refusal as refusal:
            toast(request, refusal.message, tone="bad")
    return redirect("visits:check_in", visit.pk)
