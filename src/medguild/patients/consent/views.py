"""Pages of consent."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from medguild.foundation.access.guard import guarded
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.forms import form_status, refusals
from medguild.foundation.ui.toasts import toast
from medguild.patients.consent import services
from medguild.patients.consent.forms import ConsentForm
from medguild.patients.consent.permissions import ConsentRight
from medguild.patients.identity import selectors as identity
from medguild.patients.identity.models import Patient


@guarded(ConsentRight.RECORD, reads="patient_id")
def add(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    patient = identity.patient(actor, patient_id)
    form = ConsentForm(request.POST or None, request.FILES or None, initial={"kind": request.GET.get("kind", "")})
    if form.is_valid():
        with refusals(form):
            _save(patient, form.cleaned_data, actor)
            toast(request, _("Consent recorded."))
            return redirect("patients:detail", patient.pk)
    return render(request, "consent/form.html", {"form": form, "patient": patient}, status=form_status(form))


@transaction.atomic
def _save(patient: Patient, values: dict[str, Any], by: Actor) -> None:
    file = values["file"]
    document = (
        services.keep_signed_form(patient=patient, content=file.read(), filename=file.name, by=by) if file else None
    )
    services.record_consent(
        patient=patient,
        kind=values["kind"],
        decision=values["decision"],
        signed_by=values["signed_by"],
        note=values["note"],
        document=document,
        by=by,
    )
