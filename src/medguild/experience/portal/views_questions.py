"""Questions of people on their own record: written here, answered by the site."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from medguild.experience.portal import asking, selectors
from medguild.experience.portal.permissions import PortalRight
from medguild.experience.portal.question_form import QuestionForm
from medguild.foundation.access.guard import guarded
from medguild.foundation.access.limits import limited
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.ids import new_id
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.forms import form_status, refusals
from medguild.foundation.ui.toasts import toast
from medguild.operations.promises.rules import Answered
from medguild.operations.promises.words import ANSWERED

QUESTIONS_A_MINUTE = 5


@guarded(PortalRight.ASK, reads="patient_id")
@require_http_methods(["GET", "POST"])
@limited(QUESTIONS_A_MINUTE)
def questions(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """What was asked and answered, and a new question."""
    actor = actor_of(request)
    patient = selectors.record(actor, patient_id, PortalRight.ASK)
    sites = {one.unit_id: one for one in asking.sites_to_ask(patient, at=now())}
    form = QuestionForm(request.POST or None, sites=sites.values(), initial={"token": new_id()})
    if form.is_valid():
        said = form.cleaned_data
        with refusals(form):
            asking.ask(patient=patient, site=sites[said["site"]], text=said["text"], token=said["token"], by=actor)
            toast(request, _("Sent. The answer will stand here, or we will call you."))
            return redirect("portal:questions", patient.pk)
    rows = [
        (one, ANSWERED[one.answered_how] if one.answered_how else "", one.answered_how == Answered.SAME_WAY)
        for one in asking.questions(patient)
    ]
    return render(
        request, "portal/questions.html", {"patient": patient, "form": form, "rows": rows}, status=form_status(form)
    )  # fmt: skip
