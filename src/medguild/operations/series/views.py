"""Pages of series: plan, confirm, look at, edit from a visit on, end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from medguild.foundation.access.guard import NOTED, guarded, note_reads
from medguild.foundation.kernel.clock import now, today
from medguild.foundation.kernel.errors import NotVisible
from medguild.foundation.kernel.ids import new_id
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.forms import form_status, refusals
from medguild.foundation.ui.toasts import toast
from medguild.operations.scheduling import selectors as schedule
from medguild.operations.scheduling.checks import covers
from medguild.operations.scheduling.forms import NetworkForm
from medguild.operations.scheduling.network.rules import Said
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.rules import Mode
from medguild.operations.scheduling.search.searching import usual_clinician
from medguild.operations.scheduling.services import About
from medguild.operations.series import selectors, services
from medguild.operations.series.forms import EditSeriesForm, EndSeriesForm, NewSeriesForm, choices_of
from medguild.operations.series.lines import Line, Visiting, Work
from medguild.operations.series.models import Series
from medguild.operations.series.planning import propose, told_elsewhere
from medguild.operations.series.services import Edit, NewSeries
from medguild.operations.series.showing import any_refused, network_words, shown_line, shown_series
from medguild.patients.identity.models import Patient
from medguild.patients.identity.selectors import patient as visible_patient

CONFIRM = "confirm"


@guarded(SchedulingRight.BOOK, reads="patient_id")
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Say what comes again; look at each visit; book all that were chosen in one step."""
    actor = actor_of(request)
    patient = visible_patient(actor, patient_id)
    kinds = list(schedule.visit_types(actor))
    usual = schedule.usual_kind(actor, patient, kinds)
    form = NewSeriesForm(
        request.POST or None, visit_types=kinds,
        initial={
            "visit_type": str(usual.pk) if usual else "", "times": 6, "site": str(patient.home_unit_id or ""),
            "clinician": str(usual_clinician(patient) or ""),
        },
        **_places(request),
    )  # fmt: skip
    if not form.is_valid():
        return render(request, "series/new.html", {"form": form, "patient": patient}, status=form_status(form))
    data = form.cleaned_data
    visiting = Visiting(
        patient, form.clinician_chosen, form.type_chosen, form.site_chosen,
        about=About(data["reason_category"], data["reason"]), network_answer=_said(request),
    )  # fmt: skip
    if CONFIRM in request.POST:
        with refusals(form):
            made = services.make_series(
                new=NewSeries(visiting, form.pattern(), _id(request.POST[CONFIRM])),
                choices=choices_of(request.POST.dict()), by=actor,
            )  # fmt: skip
            toast(request, _("The series is booked."))
            return redirect("series:show", made.pk)
    lines = services.lines_of_new(form.pattern(), visiting.site)
    context = {"patient": patient, "series": None, "token": request.POST.get(CONFIRM) or new_id()}
    return _plan(request, form, lines, visiting, context)


def _said(request: HttpRequest) -> Said | None:
    """What the patient answered, when told on the page of the plan that visits are out of network."""
    form = NetworkForm(request.POST)
    return form.said(request.POST.get("network_words", "")) if form.is_valid() else None


def _plan(
    request: HttpRequest, form: Any, lines: Sequence[Line], visiting: Visiting, context: dict[str, Any]
) -> HttpResponse:
    """Each visit with its verdict and choices; nothing is booked yet."""
    work = Work(visiting, actor_of(request), now())
    proposals = propose(lines, work)
    zone = visiting.site.time_zone
    names = [*form.fields, *(("network_words", *NetworkForm.base_fields) if visiting.network_answer else ())]
    kept = [(name, value) for name in names for value in request.POST.getlist(name)]
    context |= {
        "form": form, "kept": kept, "zone": zone,
        "lines": [shown_line(one, zone, request.POST.dict()) for one in proposals],
        "refused": any_refused(proposals), "visiting": visiting,
        "network": NetworkForm(request.POST if request.POST.get("network_words") else None),
        "network_words": network_words(proposals) or told_elsewhere(proposals, work),
        "possible": sum(one.possible for one in proposals),
    }  # fmt: skip
    return render(request, "series/plan.html", context, status=form_status(form))


def _places(request: HttpRequest) -> dict[str, Any]:
    actor = actor_of(request)
    return {
        "clinicians": list(schedule.clinicians_with_sessions(actor, on=today() - dt.timedelta(days=1))),
        "sites": list(schedule.sites_with_schedule(actor, SchedulingRight.BOOK)),
    }


def _id(value: str) -> UUID:
    try:
        return UUID(value)
    except ValueError:
        raise NotVisible from None


@guarded(SchedulingRight.READ, reads=NOTED)
def show(request: HttpRequest, series_id: UUID) -> HttpResponse:
    """All visits of a series, and what may be done to it."""
    return _page(request, selectors.one_series(actor_of(request), series_id), EndSeriesForm())


def _page(request: HttpRequest, series: Series, form: EndSeriesForm) -> HttpResponse:
    note_reads(request, [series.patient_id])
    context = {
        "series": series, "form": form, "may_book": covers(actor_of(request), SchedulingRight.BOOK, series.unit_id),
        **shown_series(series, at=now()),
    }  # fmt: skip
    return render(request, "series/show.html", context, status=form_status(form))


@guarded(SchedulingRight.BOOK, reads=NOTED)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, series_id: UUID, number: int) -> HttpResponse:
    """Another rule for this visit and those that follow."""
    actor = actor_of(request)
    series = selectors.one_series(actor, series_id, SchedulingRight.BOOK)
    note_reads(request, [series.patient_id])
    live = selectors.live_occurrences(series)
    first = next((one for one in live if one.number == number), None)
    if first is None:
        raise NotVisible
    rule = selectors.rule_of(series, number)
    day = first.planned.astimezone(ZoneInfo(rule.unit.site.time_zone)).date()
    initial = EditSeriesForm.initial_of(rule, day, sum(one.number >= number for one in live))
    form = EditSeriesForm(request.POST or None, initial=initial, **_places(request))
    context = {"patient": series.patient, "series": series, "number": number}
    if not form.is_valid():
        shown = {"form": form, "end_form": EndSeriesForm(), **context}
        return render(request, "series/edit.html", shown, status=form_status(form))
    wanted = Edit(series, number, form.pattern(), _visiting(series, series.patient, form, _said(request)))
    if CONFIRM in request.POST:
        with refusals(form):
            services.edit_series(
                edit=wanted, choices=choices_of(request.POST.dict()), by=actor,
                drop_reason=form.cleaned_data["drop_reason"], by_practice=form.cleaned_data["who"] == "practice",
            )  # fmt: skip
            toast(request, _("The series is changed."))
            return redirect("series:show", series.pk)
    selectors.forget_rules(series)
    return _plan(request, form, services.lines_of_edit(wanted), wanted.visiting, {**context, "token": "1"})


def _visiting(series: Series, patient: Patient, form: EditSeriesForm, said: Said | None) -> Visiting:
    return Visiting(
        patient, form.clinician_chosen, series.visit_type, form.site_chosen, Mode(series.mode),
        About(series.reason_category, series.reason), said,  # type: ignore[arg-type]
    )  # fmt: skip


@guarded(SchedulingRight.BOOK, reads=NOTED)
@require_POST
def end(request: HttpRequest, series_id: UUID, number: int) -> HttpResponse:
    """Give up this visit and all that follow."""
    series = selectors.one_series(actor_of(request), series_id, SchedulingRight.BOOK)
    form = EndSeriesForm(request.POST)
    if form.is_valid():
        with refusals(form):
            services.end_series(series=series, since=number, by=actor_of(request), **form.cleaned_data)
            toast(request, _("The series is ended. The times are free again."))
            return redirect("series:show", series.pk)
    return _page(request, series, form)
