"""Pages of accounts."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from medguild.foundation.access.guard import guarded
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.forms import form_status, refusals
from medguild.foundation.ui.toasts import toast
from medguild.patients.accounts import selectors, services
from medguild.patients.accounts.forms import AccountForm
from medguild.patients.accounts.permissions import AccountsRight
from medguild.patients.identity import selectors as identity


@guarded(AccountsRight.MANAGE, reads="patient_id")
def open_one(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Open an account for a patient at one of the actor's entities."""
    actor = actor_of(request)
    patient = identity.patient(actor, patient_id)
    entities = [(str(unit.pk), unit.name) for unit in selectors.entities_for(actor, patient.circle_id)]
    form = AccountForm(request.POST or None, entities=entities)
    if form.is_valid():
        with refusals(form):
            services.open_account(
                patient=patient,
                entity_id=UUID(form.cleaned_data["entity"]),
                relation=form.cleaned_data["relation"],
                guarantor=form.guarantor(),
                by=actor,
            )
            toast(request, _("Account opened."))
            return redirect("patients:detail", patient.pk)
    return render(request, "accounts/form.html", {"form": form, "patient": patient}, status=form_status(form))
