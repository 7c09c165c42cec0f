"""The page on how to reach a patient."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from medguild.foundation.access.guard import guarded
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.forms import form_status, refusals
from medguild.foundation.ui.toasts import toast
from medguild.patients.identity.permissions import PatientsRight
from medguild.patients.identity.selectors import patient as visible_patient
from medguild.patients.preferences import services
from medguild.patients.preferences.forms import ReachForm, initial_of
from medguild.patients.preferences.selectors import reach_of


@guarded(PatientsRight.UPDATE, reads="patient_id")
@require_http_methods(["GET", "POST"])
def contact(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    patient = visible_patient(actor, patient_id)
    form = ReachForm(request.POST or None, initial=initial_of(reach_of(patient.pk)))
    if form.is_valid():
        with refusals(form):
            services.set_contact_preference(patient=patient, by=actor, **form.given())
            toast(request, _("Recorded."))
            return redirect("patients:detail", patient.pk)
    return render(request, "preferences/contact.html", {"form": form, "patient": patient}, status=form_status(form))
