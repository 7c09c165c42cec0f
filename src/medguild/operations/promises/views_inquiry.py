"""Pages of messages that came in."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from medguild.foundation.access.demand import holds_at
from medguild.foundation.access.guard import NOTED, guarded, note_reads
from medguild.foundation.kernel.errors import NotVisible
from medguild.foundation.organization.selectors import sites_visible
from medguild.foundation.ui import tables
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.forms import form_status, refusals
from medguild.foundation.ui.toasts import toast
from medguild.operations.promises import selectors, services, showing
from medguild.operations.promises.forms import AnswerForm, InquiryForm
from medguild.operations.promises.permissions import PromisesRight
from medguild.operations.promises.tables import InquiryTable
from medguild.patients.identity.models import Patient
from medguild.patients.identity.selectors import patient as visible_patient


@guarded(PromisesRight.READ, reads=NOTED)
@require_GET
def inquiry_list(request: HttpRequest) -> HttpResponseBase:
    context = {"may_make": actor_of(request).may(PromisesRight.MAKE)}
    return tables.table_response(
        request, InquiryTable, selectors.inquiries(actor_of(request)), "promises/inquiries.html", context
    )


@guarded(PromisesRight.MAKE, reads=NOTED)
@require_http_methods(["GET", "POST"])
def receive(request: HttpRequest) -> HttpResponse:
    """Write down what came in by e-mail, fax or letter; `?patient=` says from whom."""
    actor = actor_of(request)
    patient = _patient(request)
    sites = {str(site.unit_id): site for site in sites_visible(actor, PromisesRight.MAKE)}
    initial = {"site": str(patient.home_unit_id or "")} if patient else {}
    form = InquiryForm(request.POST or None, sites=sites.values(), initial=initial)
    if form.is_valid():
        said = form.cleaned_data
        with refusals(form):
            made = services.receive_inquiry(
                site=sites[said["site"]], channel=said["channel"], text=said["text"], sender=said["sender"],
                urgent=said["urgent"], patient=patient, by=actor,
            )  # fmt: skip
            toast(request, _("Written down."))
            return redirect("promises:inquiry", made.pk)
    return render(request, "promises/receive.html", {"form": form, "patient": patient}, status=form_status(form))


def _patient(request: HttpRequest) -> Patient | None:
    value = request.GET.get("patient", "")
    if not value:
        return None
    try:
        patient_id = UUID(value)
    except ValueError:
        raise NotVisible from None
    patient = visible_patient(actor_of(request), patient_id)
    note_reads(request, [patient.pk])
    return patient


@guarded(PromisesRight.READ, reads=NOTED)
@require_http_methods(["GET", "POST"])
def inquiry(request: HttpRequest, inquiry_id: UUID) -> HttpResponse:
    """One message: GET shows it, POST says how it was answered."""
    actor = actor_of(request)
    found = selectors.inquiry(actor, inquiry_id)
    if found.patient_id is not None:
        note_reads(request, [found.patient_id])
    may = holds_at(actor, PromisesRight.MAKE, found.unit_id)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            services.answer_inquiry(inquiry=found, by=actor, **form.cleaned_data)
            toast(request, _("Answered."))
            return redirect("promises:inquiry", found.pk)
    context = {
        "inquiry": found,
        "shown": showing.inquiry(found),
        "zone": found.unit.site.time_zone,
        "form": form if may and found.answered_at is None else None,
    }
    return render(request, "promises/inquiry.html", context, status=form_status(form))
