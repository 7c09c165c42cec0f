"""The pickers and lines of a draft. Each act answers with the lines anew, or goes back to the note."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from medguild.foundation.access.guard import NOTED, guarded
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.toasts import toast
from medguild.operations.chart import lines
from medguild.operations.chart.catalogue import search_diagnoses, search_services
from medguild.operations.chart.forms import DiagnosisForm, LineForm, ServiceForm
from medguild.operations.chart.models import Note, NoteDiagnosis, NoteService
from medguild.operations.chart.permissions import ChartRight
from medguild.operations.chart.selectors import service_date, staff_of
from medguild.operations.chart.showing import lines_context
from medguild.operations.chart.views import writable_note

LEAST_QUERY = 2
_VISIBLE = "lines of a note that the actor may write"


@guarded(ChartRight.WRITE, reads=NOTED)
@require_GET
def find_diagnosis(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """Hits of the diagnosis picker."""
    note = writable_note(request, visit_id)
    text = request.GET.get("code", "").strip()
    hits = search_diagnoses(text, service_date(note.visit)) if len(text) >= LEAST_QUERY else []
    context = {"hits": hits, "visit": note.visit, "asked": len(text) >= LEAST_QUERY, "url_name": "chart:add_diagnosis"}
    return render(request, "chart/_hits.html", context)


@guarded(ChartRight.WRITE, reads=NOTED)
@require_GET
def find_service(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """Hits of the service picker."""
    note = writable_note(request, visit_id)
    text = request.GET.get("code", "").strip()
    hits = search_services(text, service_date(note.visit)) if len(text) >= LEAST_QUERY else []
    context = {
        "hits": hits,
        "visit": note.visit,
        "asked": len(text) >= LEAST_QUERY,
        "url_name": "chart:add_service",
        "people": True,
    }
    return render(request, "chart/_hits.html", context)


@guarded(ChartRight.WRITE, reads=NOTED)
@require_POST
def add_diagnosis(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    form = DiagnosisForm(request.POST)

    def act(note: Note) -> None:
        if not form.is_valid():
            raise Refusal(_("Choose a diagnosis."))
        lines.add_diagnosis(note=note, code=form.cleaned_data["code"], by=actor_of(request))

    return _answer(request, visit_id, act)


@guarded(ChartRight.WRITE, reads=NOTED)
@require_POST
def change_diagnosis(request: HttpRequest, visit_id: UUID, line_id: UUID) -> HttpResponse:
    """`act=remove` takes it out, `act=first` makes it the leading one."""

    def act(note: Note) -> None:
        line = NoteDiagnosis.objects.unscoped(_VISIBLE).filter(note=note, pk=line_id).first()
        if line is None:
            raise NotVisible
        change = lines.lead_with if request.POST.get("act") == "first" else lines.remove_diagnosis
        change(note=note, line=line, by=actor_of(request))

    return _answer(request, visit_id, act)


@guarded(ChartRight.WRITE, reads=NOTED)
@require_POST
def add_service(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    def act(note: Note) -> None:
        form = ServiceForm(request.POST, staff=staff_of(note))
        if not form.is_valid():
            raise Refusal(_("Choose a service; units are a number from 1 to 999."))
        said = form.cleaned_data
        lines.add_service(
            note=note,
            code=said["code"],
            units=said["units"],
            modifiers=said["modifiers"],
            pointers=said["pointers"],
            part=form.part(),
            by=actor_of(request),
        )

    return _answer(request, visit_id, act)


@guarded(ChartRight.WRITE, reads=NOTED)
@require_POST
def change_service(request: HttpRequest, visit_id: UUID, line_id: UUID) -> HttpResponse:
    """`act=remove` takes the service out; else units, modifiers and pointers are kept."""

    def act(note: Note) -> None:
        line = NoteService.objects.unscoped(_VISIBLE).filter(note=note, pk=line_id).first()
        if line is None:
            raise NotVisible
        if request.POST.get("act") == "remove":
            lines.remove_service(note=note, line=line, by=actor_of(request))
            return
        form = LineForm(request.POST)
        if not form.is_valid():
            raise Refusal(_("Units are a number from 1 to 999."))
        said = form.cleaned_data
        lines.change_service(
            note=note,
            line=line,
            units=said["units"],
            modifiers=said["modifiers"],
            pointers=said["pointers"],
            by=actor_of(request),
        )

    return _answer(request, visit_id, act)


def _answer(request: HttpRequest, visit_id: UUID, act: Callable[[Note], Any]) -> HttpResponse:
    note = writable_note(request, visit_id)
    status = 200
    try:
        act(note)
    except NotVisible:
        raise
    except Refusal as refusal:
        toast(request, refusal.message, tone="bad")
        status = 409
    if request.headers.get("HX-Request"):
        people = ServiceForm(staff=staff_of(note))
        context = {"note": note, "visit": note.visit, "people": people, **lines_context(note)}
        return render(request, "chart/_lines.html", context, status=status)
    return redirect("chart:note", visit_id)
