"""The registration page, and the look for duplicates while somebody types."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from medguild.foundation.access.guard import NOTED, guarded, note_reads
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import today
from medguild.foundation.kernel.errors import Refusal
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.forms import apply_refusal
from medguild.foundation.ui.toasts import toast
from medguild.patients.coverage.views import save_new
from medguild.patients.identity.comparing import comparison
from medguild.patients.identity.errors import Candidate, PossibleDuplicate
from medguild.patients.identity.permissions import PatientsRight
from medguild.patients.identity.presentation import line_of_patient
from medguild.patients.identity.rules.person import Details, traits
from medguild.patients.identity.selectors import possible_duplicates
from medguild.patients.identity.services import circle_for, details_of
from medguild.patients.identity.words import REASONS
from medguild.patients.registration.forms import Page, RegistrationForm
from medguild.patients.registration.services import Registration, register


@guarded(PatientsRight.REGISTER, reads=NOTED)
def register_page(request: HttpRequest) -> HttpResponse:
    """Everything on one page; what was typed stays when something is wrong."""
    actor = actor_of(request)
    page = Page(request, actor)
    panel: dict[str, Any] = {}
    if page.is_valid():
        try:
            patient = register(given=_given(request, page, actor), by=actor)
        except PossibleDuplicate as found:
            apply_refusal(page.person, found)
            panel = _panel(request, page.person.details(), found.candidates, found.hidden)
        except Refusal as refusal:
            apply_refusal(_form_of(page, refusal), refusal)
        else:
            toast(request, _("Registered."))
            return redirect("patients:detail", patient.pk)
    # Answers that show other patients are answers like any other: only those below 400 are written down as reads.
    status = 422 if page.wrong and not panel.get("candidates") else 200
    context = {"page": page, "form": page.person, **panel}
    return render(request, "registration/register.html", context, status=status)


def _given(request: HttpRequest, page: Page, actor: Actor) -> Registration:
    coverage = page.coverage
    return Registration(
        details=page.person.details(),
        unit_id=page.person.cleaned_data["unit"],
        relation=page.guarantor.cleaned_data["relation"],
        guarantor=page.guarantor.guarantor(),
        consents=page.consents.decisions() if page.consents else {},
        add_coverage=(lambda patient: save_new(patient, coverage, actor)) if coverage and coverage.filled else None,
        not_duplicate_of=_confirmed(request),
    )


def _form_of(page: Page, refusal: Refusal) -> Any:
    """The form that has the field of a refusal; the coverage's and guarantor's own fields come first."""
    for form in (page.coverage, page.guarantor):
        if form is not None and refusal.field in form.fields:
            return form
    return page.person


def _confirmed(request: HttpRequest) -> list[UUID]:
    confirmed = []
    for text in request.POST.getlist("not_duplicate_of"):
        try:
            confirmed.append(UUID(text))
        except ValueError:
            continue
    return confirmed


@guarded(PatientsRight.REGISTER, reads=NOTED)
@require_POST
def look_for_duplicates(request: HttpRequest) -> HttpResponse:
    """The panel of records that may be the same person, as far as the form is filled in."""
    actor = actor_of(request)
    form = RegistrationForm(request.POST, actor=actor)
    form.is_valid()
    unit_id = form.cleaned_data.get("unit")
    if form.tidy is None or unit_id is None:
        return render(request, "registration/_duplicates.html", {})
    circle_id = circle_for(unit_id, actor, today())
    found = possible_duplicates(actor, circle_id, traits(form.tidy))
    return render(request, "registration/_duplicates.html", _panel(request, form.tidy, found.candidates, found.hidden))


def _panel(request: HttpRequest, details: Details, candidates: Collection[Candidate], hidden: bool) -> dict[str, Any]:
    note_reads(request, [candidate.id for candidate in candidates])
    confirmed = set(_confirmed(request))
    shown = [
        {
            "line": line_of_patient(candidate.patient),
            "reasons": [REASONS[reason] for reason in candidate.reasons],
            "rows": comparison(details, details_of(candidate.patient)),
            "confirmed": candidate.id in confirmed,
        }
        for candidate in candidates
    ]
    return {"candidates": shown, "hidden": hidden and not shown}
