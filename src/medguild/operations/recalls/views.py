"""Pages of recalls."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from medguild.foundation.access.guard import NOTED, guarded, note_reads
from medguild.foundation.kernel.clock import today
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.foundation.ui import tables
from medguild.foundation.ui.asked import uuid_or_none
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.forms import form_status, refusals
from medguild.foundation.ui.toasts import toast
from medguild.operations.recalls import selectors, services, showing
from medguild.operations.recalls.forms import CloseForm, ContactForm, PutOffForm, RecallForm
from medguild.operations.recalls.models import Recall
from medguild.operations.recalls.rules import Origin
from medguild.operations.recalls.tables import RecallTable
from medguild.operations.scheduling import selectors as schedule
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.patients.identity.selectors import patient as visible_patient


@guarded(SchedulingRight.READ, reads=NOTED)
def recall_list(request: HttpRequest) -> HttpResponseBase:
    """Who is due; open ones unless another choice is made, with the numbers above."""
    actor = actor_of(request)
    rows = selectors.recalls(actor)
    if not any(request.GET.get(name) for name in ("counted", "status")):
        rows = rows.filter(closed_at__isnull=True)
    site = request.GET.get("site", "")
    context = {
        "stats": showing.stats(selectors.numbers(actor, on=today(), unit_id=uuid_or_none(site)), site=site),
        "may_book": actor.may(SchedulingRight.BOOK),
        "may_rule": actor.may(SchedulingRight.TEMPLATES),
    }
    return tables.table_response(request, RecallTable, rows, "recalls/list.html", context)


@guarded(SchedulingRight.BOOK, reads="patient_id")
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Write down that a patient is due; with `?visit=` from a visit, whose kind, site and clinician are proposed."""
    actor = actor_of(request)
    patient = visible_patient(actor, patient_id)
    visit = _visit(request, patient_id)
    initial: dict[str, Any] = {"site": str(patient.home_unit_id or "")}
    if visit is not None:
        initial |= {"visit_type": str(visit.visit_type_id), "site": str(visit.unit_id)}
        initial["clinician"] = str(visit.clinician_id)
    form = RecallForm(
        request.POST or None, initial=initial, visit_types=schedule.visit_types(actor),
        sites=schedule.sites_with_schedule(actor, SchedulingRight.BOOK),
        clinicians=schedule.clinicians_with_sessions(actor, on=today()),
    )  # fmt: skip
    if form.is_valid():
        with refusals(form):
            made = services.make_recall(
                patient=patient, by=actor, origin=Origin.VISIT if visit else Origin.HAND, from_visit=visit,
                **form.chosen(),
            )  # fmt: skip
            toast(request, _("Written down."))
            return redirect("recalls:show", made.pk)
    context = {"form": form, "patient": patient, "visit": visit}
    return render(request, "recalls/add.html", context, status=form_status(form))


def _visit(request: HttpRequest, patient_id: UUID) -> Appointment | None:
    value = request.GET.get("visit", "")
    if not value:
        return None
    visit_id = uuid_or_none(value)
    if visit_id is None:
        raise NotVisible
    found = schedule.appointment(actor_of(request), visit_id)
    if found.patient_id != patient_id:
        raise NotVisible
    return found


@guarded(SchedulingRight.READ, reads=NOTED)
def show(request: HttpRequest, recall_id: UUID) -> HttpResponse:
    recall = selectors.recall(actor_of(request), recall_id)
    note_reads(request, [recall.patient_id])
    return _page(request, recall)


def _page(
    request: HttpRequest, recall: Recall, *, contact: ContactForm | None = None, close: CloseForm | None = None,
    later: PutOffForm | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    actor = actor_of(request)
    context = {
        "recall": recall,
        "shown": showing.recall(recall),
        "contacts": [showing.contact(one) for one in selectors.contacts_of(recall)],
        "zone": recall.unit.site.time_zone,
        "open": recall.is_open,
        "may_book": actor.may(SchedulingRight.BOOK),
        "times_url": showing.times_url(recall, today=today()),
        "overdue": recall.is_open and recall.due_on <= today() - selectors.OVERDUE,
        "contact_form": contact or ContactForm(),
        "close_form": close or CloseForm(),
        "later_form": later or PutOffForm(),
    }
    return render(request, "recalls/show.html", context, status=status)


@guarded(SchedulingRight.BOOK, reads=NOTED)
@require_POST
def contact(request: HttpRequest, recall_id: UUID) -> HttpResponse:
    """The desk has tried to reach the patient."""
    actor = actor_of(request)
    recall = selectors.recall(actor, recall_id, SchedulingRight.BOOK)
    note_reads(request, [recall.patient_id])
    form = ContactForm(request.POST)
    if form.is_valid():
        with refusals(form):
            services.record_contact(recall=recall, by=actor, **form.cleaned_data)
            toast(request, _("Written down."))
            return redirect("recalls:show", recall.pk)
    return _page(request, recall, contact=form, status=form_status(form))


@guarded(SchedulingRight.BOOK, reads=NOTED)
@require_POST
def close(request: HttpRequest, recall_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    recall = selectors.recall(actor, recall_id, SchedulingRight.BOOK)
    note_reads(request, [recall.patient_id])
    form = CloseForm(request.POST)
    if not form.is_valid():
        return _page(request, recall, close=form, status=form_status(form))
    try:
        services.close_recall(recall=recall, by=actor, **form.cleaned_data)
        toast(request, _("Closed."))
    except Refusal as refusal:
        toast(request, refusal.message, tone="bad")
    return redirect("recalls:show", recall.pk)


@guarded(SchedulingRight.BOOK, reads=NOTED)
@require_POST
def put_off(request: HttpRequest, recall_id: UUID) -> HttpResponse:
    """The patient is to be asked again later."""
    actor = actor_of(request)
    recall = selectors.recall(actor, recall_id, SchedulingRight.BOOK)
    note_reads(request, [recall.patient_id])
    form = PutOffForm(request.POST)
    if form.is_valid():
        with refusals(form):
            services.change_due(recall=recall, due_on=form.cleaned_data["due_on"], by=actor)
            toast(request, _("Put off."))
            return redirect("recalls:show", recall.pk)
    return _page(request, recall, later=form, status=form_status(form))
