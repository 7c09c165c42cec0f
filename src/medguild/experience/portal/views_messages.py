"""People say whether and how they want to be written to."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from medguild.experience.portal import messages as wishes
from medguild.experience.portal import selectors
from medguild.experience.portal.messages_form import MessagesForm
from medguild.experience.portal.permissions import PortalRight
from medguild.foundation.access.guard import guarded
from medguild.foundation.kernel.clock import now
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.forms import form_status, refusals
from medguild.foundation.ui.toasts import toast
from medguild.patients.consent.words import CONSENT_KINDS, DECISIONS
from medguild.patients.identity.rules.phones import spoken_phone


@guarded(PortalRight.READ, reads="patient_id")
@require_http_methods(["GET", "POST"])
def messages(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Messages wanted, by which way, in which language, and when not; and what was agreed to."""
    actor, at = actor_of(request), now()
    patient = selectors.record(actor, patient_id)
    form = MessagesForm(request.POST or None, held=wishes.wishes(patient, by=actor, at=at))
    if form.is_valid():
        with refusals(form):
            wishes.set_wishes(patient=patient, by=actor, **form.given())
            toast(request, _("Recorded."))
            return redirect("portal:messages", patient.pk)
    kinds, decisions = dict(CONSENT_KINDS), dict(DECISIONS)
    agreed = [
        (kinds[kind], decisions[row.decision], row) for kind, row in wishes.consents(patient, by=actor, at=at).items()
    ]
    context = {"patient": patient, "form": form, "agreed": agreed, "phone": spoken_phone(patient.phone)}
    return render(request, "portal/messages.html", context, status=form_status(form))
