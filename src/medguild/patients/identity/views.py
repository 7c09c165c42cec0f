"""Pages of identity: find a patient, look at one, change who they are."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from medguild.foundation.access.guard import NOTED, guarded, note_reads
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.ui.asked import uuid_or_none
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.forms import form_status, refusals
from medguild.foundation.ui.toasts import toast
from medguild.patients.identity import ports, presentation, selectors, services
from medguild.patients.identity.forms import DemographicsForm
from medguild.patients.identity.models import Patient
from medguild.patients.identity.permissions import PatientsRight
from medguild.patients.identity.ports import Place
from medguild.patients.identity.search import search

_PAGE = 50


@guarded(PatientsRight.READ, reads=NOTED)
@require_http_methods(["GET", "POST"])
def patient_list(request: HttpRequest) -> HttpResponse:
    """The search. What is typed is posted, so that names stay out of addresses and logs."""
    actor = actor_of(request)
    query = (request.POST or request.GET).get("q", "").strip()
    found = search(actor, query)
    note_reads(request, [row["id"] for row in found.rows])
    context: dict[str, Any] = {
        "query": query,
        "found": found,
        "lines": [presentation.line_of(row) for row in found.rows],
        "may_register": actor.may(PatientsRight.REGISTER),
    }
    template = "identity/_results.html" if request.headers.get("HX-Request") else "identity/list.html"
    return render(request, template, context)


@guarded(PatientsRight.READ, reads="patient_id")
@require_GET
def patient_detail(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """The patient's page: who it is, and the cards of every wing."""
    actor = actor_of(request)
    patient = selectors.patient(actor, patient_id)
    context = {
        **head(actor, patient),
        "main": ports.slots_for(actor, patient, Place.MAIN),
        "aside": ports.slots_for(actor, patient, Place.ASIDE),
        "acts": [(act, _address(act, patient)) for act in ports.acts_for(actor)],
    }
    return render(request, "identity/detail.html", context)


def head(actor: Actor, patient: Patient) -> dict[str, Any]:
    """What the head of every page of a patient shows."""
    links = selectors.open_links(actor, patient.pk)
    return {
        "patient": patient,
        "line": presentation.line_of_patient(patient),
        "address": presentation.address_lines(patient),
        "spoken": presentation.language_name(patient.language),
        "survivor": next((link.survivor for link in links if link.duplicate_id == patient.pk), None),
        "links": links,
        "may_update": actor.may(PatientsRight.UPDATE),
        "may_link": actor.may(PatientsRight.LINK),
        "may_see_readers": actor.may(PatientsRight.READERS),
    }


def _address(act: ports.PatientAct, patient: Patient) -> str:
    if act.in_query:
        return f"{reverse(act.url_name)}?patient={patient.pk}"
    return reverse(act.url_name, args=[patient.pk])


@guarded(PatientsRight.UPDATE, reads="patient_id")
def edit_patient(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    patient = selectors.patient(actor, patient_id, right=PatientsRight.UPDATE)
    form = DemographicsForm.of(patient, request.POST or None)
    if form.is_valid():
        with refusals(form):
            services.update_demographics(
                patient=patient, details=form.details(), revision=form.cleaned_data["revision"], by=actor
            )
            toast(request, _("Details saved."))
            return redirect("patients:detail", patient.pk)
    context = {"form": form, "patient": patient}
    return render(request, "identity/edit.html", context, status=form_status(form))


@guarded(PatientsRight.READ, reads="patient_id")
@require_GET
def patient_timeline(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Everything that happened, page by page; linked records are told together."""
    before = uuid_or_none(request.GET.get("before", ""))
    records = selectors.timeline(actor_of(request), patient_id, limit=_PAGE + 1, before=before)
    shown = records[:_PAGE]
    context = {
        "patient": selectors.patient(actor_of(request), patient_id),
        "moments": presentation.moments(shown),
        "older": shown[-1].id if len(records) > _PAGE else None,
    }
    return render(request, "identity/timeline.html", context)


@guarded(PatientsRight.READERS, reads="patient_id")
@require_GET
def patient_readers(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Who has read this person's data."""
    actor = actor_of(request)
    records = selectors.readers(actor, patient_id)
    context = {"patient": selectors.patient(actor, patient_id, right=PatientsRight.READERS), "reads": records}
    return render(request, "identity/readers.html", context)
