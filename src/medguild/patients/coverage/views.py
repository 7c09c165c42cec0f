"""Pages of coverage: add, correct, verify, end."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from medguild.foundation.access.guard import guarded
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import today
from medguild.foundation.kernel.errors import NotVisible
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.forms import form_status, refusals
from medguild.foundation.ui.toasts import toast
from medguild.patients.coverage import selectors, services
from medguild.patients.coverage.cards import attach_card
from medguild.patients.coverage.forms import CoverageForm, EndForm, NewCoverageForm
from medguild.patients.coverage.models import Coverage
from medguild.patients.coverage.permissions import CoverageRight
from medguild.patients.identity import selectors as identity
from medguild.patients.identity.models import Patient


@guarded(CoverageRight.MANAGE, reads="patient_id")
def add(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    patient = identity.patient(actor, patient_id)
    form = NewCoverageForm(request.POST or None, request.FILES or None, initial={"start": today()})
    if form.is_valid():
        with refusals(form):
            save_new(patient, form, actor)
            toast(request, _("Coverage added."))
            return redirect("patients:detail", patient.pk)
    return _page(request, form, patient, _("Add coverage"), _("Add coverage"))


@transaction.atomic
def save_new(patient: Patient, form: CoverageForm, by: Actor) -> Coverage:
    """The coverage of a valid form, with its card."""
    coverage = services.add_coverage(patient=patient, payer=form.chosen().payer, by=by, **form.given())
    save_cards(coverage, form, by)
    return coverage


def save_cards(coverage: Coverage, form: CoverageForm, by: Actor) -> None:
    for side, file in form.cards().items():
        attach_card(coverage=coverage, side=side, content=file.read(), filename=file.name or side.value, by=by)


@guarded(CoverageRight.MANAGE, reads="patient_id")
def edit(request: HttpRequest, patient_id: UUID, coverage_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    coverage = _of_patient(actor, patient_id, coverage_id)
    form = CoverageForm.of(coverage, request.POST or None, request.FILES or None)
    if form.is_valid():
        with refusals(form), transaction.atomic():
            services.change_coverage(coverage=coverage, by=actor, **form.given())
            save_cards(coverage, form, actor)
            toast(request, _("Coverage saved."))
            return redirect("patients:detail", patient_id)
    return _page(request, form, coverage.patient, _("Correct coverage"), _("Save"))


@guarded(CoverageRight.MANAGE, reads="patient_id")
def end(request: HttpRequest, patient_id: UUID, coverage_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    coverage = _of_patient(actor, patient_id, coverage_id)
    form = EndForm(request.POST or None, initial={"end": today()})
    if form.is_valid():
        with refusals(form):
            services.end_coverage(coverage=coverage, on=form.cleaned_data["end"], by=actor)
            toast(request, _("Coverage ended."))
            return redirect("patients:detail", patient_id)
    context = {"form": form, "patient": coverage.patient, "coverage": coverage}
    return render(request, "coverage/end.html", context, status=form_status(form))


@guarded(CoverageRight.MANAGE, reads="patient_id")
@require_POST
def verify(request: HttpRequest, patient_id: UUID, coverage_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    services.verify_coverage(coverage=_of_patient(actor, patient_id, coverage_id), by=actor)
    toast(request, _("Coverage verified."))
    return redirect("patients:detail", patient_id)


def _of_patient(actor: Actor, patient_id: UUID, coverage_id: UUID) -> Coverage:
    coverage = selectors.coverage(actor, coverage_id, right=CoverageRight.MANAGE)
    if coverage.patient_id != patient_id:
        raise NotVisible
    return coverage


def _page(request: HttpRequest, form: CoverageForm, patient: Patient, title: str, submit: str) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "patient": patient, "heading": title, "submit": submit}
    return render(request, "coverage/form.html", context, status=form_status(form))
