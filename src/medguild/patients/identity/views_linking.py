"""Pages of linking: find the other record, compare, link; undo."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from medguild.foundation.access.guard import guarded, note_reads
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.forms import form_status, refusals
from medguild.foundation.ui.toasts import toast
from medguild.patients.identity import linking, ports, presentation, selectors
from medguild.patients.identity.comparing import comparison
from medguild.patients.identity.forms import LinkForm, UnlinkForm
from medguild.patients.identity.models import Patient
from medguild.patients.identity.permissions import PatientsRight
from medguild.patients.identity.rules.person import traits
from medguild.patients.identity.search import search
from medguild.patients.identity.services import details_of


@guarded(PatientsRight.LINK, reads="patient_id")
@require_http_methods(["GET", "POST"])
def find_other(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """The other records that may be this person, and a search for more."""
    actor = actor_of(request)
    patient = selectors.patient(actor, patient_id, right=PatientsRight.LINK)
    query = request.POST.get("q", "").strip()
    lines = _likely(actor, patient) if not query else _searched(actor, patient, query)
    note_reads(request, [line.id for line in lines])
    context = {"patient": patient, "lines": lines, "query": query}
    return render(request, "identity/link_find.html", context)


def _likely(actor: Actor, patient: Patient) -> list[presentation.Line]:
    person = traits(details_of(patient))
    found = selectors.possible_duplicates(actor, patient.circle_id, person, leave_out=[patient.pk])
    return [presentation.line_of_patient(candidate.patient) for candidate in found.candidates]


def _searched(actor: Actor, patient: Patient, query: str) -> list[presentation.Line]:
    return [presentation.line_of(row) for row in search(actor, query).rows if row["id"] != patient.pk]


@guarded(PatientsRight.LINK, reads="patient_id")
def link(request: HttpRequest, patient_id: UUID, survivor_id: UUID) -> HttpResponse:
    """Compare the two side by side; the second stands for both."""
    actor = actor_of(request)
    duplicate = selectors.patient(actor, patient_id, right=PatientsRight.LINK)
    survivor = selectors.patient(actor, survivor_id, right=PatientsRight.LINK)
    note_reads(request, [survivor.pk])
    form = LinkForm(request.POST or None)
    if form.is_valid():
        with refusals(form):
            linking.link_patients(duplicate=duplicate, survivor=survivor, reason=form.cleaned_data["reason"], by=actor)
            toast(request, _("Records linked."))
            return redirect("patients:detail", survivor.pk)
    context: dict[str, Any] = {
        "form": form,
        "patient": duplicate,
        "survivor": survivor,
        "rows": comparison(details_of(duplicate), details_of(survivor)),
        "notes": ports.link_notes(duplicate.pk, survivor.pk),
    }
    return render(request, "identity/link.html", context, status=form_status(form))


@guarded(PatientsRight.LINK, reads="patient_id")
def unlink(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Undo the link of this record to its survivor."""
    actor = actor_of(request)
    patient = selectors.patient(actor, patient_id, right=PatientsRight.LINK)
    links = selectors.open_links(actor, patient.pk)
    held = next((link for link in links if link.duplicate_id == patient.pk), None)
    if held is None:
        return redirect("patients:detail", patient.pk)
    form = UnlinkForm(request.POST or None)
    if form.is_valid():
        with refusals(form):
            linking.unlink(link=held, reason=form.cleaned_data["reason"], by=actor)
            toast(request, _("Link undone."))
            return redirect("patients:detail", patient.pk)
    context = {"form": form, "patient": patient, "link": held}
    return render(request, "identity/unlink.html", context, status=form_status(form))
