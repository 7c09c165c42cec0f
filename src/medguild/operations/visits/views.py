"""Pages of one visit: its steps and times, the check-in list, leaving."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from medguild.foundation.access.guard import NOTED, guarded, note_reads
from medguild.foundation.kernel.clock import local_date, now
from medguild.foundation.kernel.errors import Refusal
from medguild.foundation.organization.models import Resource
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.toasts import toast
from medguild.operations.scheduling.rules import Mode
from medguild.operations.scheduling.words import MODE_WORDS
from medguild.operations.visits import arrival, flow
from medguild.operations.visits.checklist import checklist
from medguild.operations.visits.forms import MarkForm, MoveForm, SeenForm
from medguild.operations.visits.models import Visit
from medguild.operations.visits.permissions import VisitsRight
from medguild.operations.visits.ports import Place, panels_at
from medguild.operations.visits.rules import (
    MOVES,
    MarkOutcome,
    VisitStatus,
    may_undo,
    whole_minutes,
)
from medguild.operations.visits.selectors import free_rooms, ref_of, steps_of, visit_for
from medguild.operations.visits.showing import moments_of, show_steps
from medguild.operations.visits.views_day import show_board
from medguild.operations.visits.words import STATUS_TONES, STATUS_WORDS
from medguild.patients.consent.rules import ConsentKind, Decision
from medguild.patients.consent.services import record_consent
from medguild.patients.coverage.permissions import CoverageRight
from medguild.patients.coverage.selectors import coverage as visible_coverage
from medguild.patients.coverage.services import verify_coverage


def _visit(request: HttpRequest, visit_id: UUID, right: str = VisitsRight.READ) -> Visit:
    visit = visit_for(actor_of(request), visit_id, right)
    note_reads(request, [visit.patient_id])
    return visit


def _panels(request: HttpRequest, visit: Visit, place: Place) -> list[tuple[str, Any]]:
    actor, ref = actor_of(request), ref_of(visit)
    return [(panel.template, panel.context(actor, ref)) for panel in panels_at(place, actor)]


@guarded(VisitsRight.READ, reads=NOTED)
@require_GET
def show(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    visit = _visit(request, visit_id)
    actor, moment, status = actor_of(request), now(), VisitStatus(visit.status)
    site = visit.site.site
    previous = VisitStatus(visit.previous_status) if visit.previous_status else None
    rooms = free_rooms(actor, site, on=local_date(moment, site.time_zone)) if status is VisitStatus.ARRIVED else []
    context = {
        "visit": visit,
        "mode": MODE_WORDS[Mode(visit.mode)],
        "zone": site.time_zone,
        "status_words": STATUS_WORDS[status],
        "status_tone": STATUS_TONES[status],
        "steps": show_steps(steps_of(visit), moment, site.time_zone),
        "minutes": whole_minutes(visit.arrived_at, visit.ended_at or moment),
        "moments": moments_of(visit, site.time_zone),
        "targets": MOVES.get(status, frozenset()),
        "rooms": rooms,
        "may_undo": may_undo(previous, visit.since, moment),
        "may_move": actor.may(VisitsRight.MOVE),
        "may_check_in": actor.may(VisitsRight.CHECK_IN),
        "panels": _panels(request, visit, Place.VISIT),
    }
    return render(request, "visits/show.html", context)


@guarded(VisitsRight.CHECK_IN, reads=NOTED)
@require_GET
def check_in(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """The check-in list of a visit."""
    visit = _visit(request, visit_id, VisitsRight.CHECK_IN)
    lines = checklist(actor_of(request), visit, with_context=True)
    context = {
        "visit": visit,
        "zone": visit.site.site.time_zone,
        "lines": lines,
        "left": sum(1 for line in lines if not line.settled),
        "panels": _panels(request, visit, Place.CHECK_IN),
    }
    return render(request, "visits/check_in.html", context)


@guarded(VisitsRight.CHECK_IN, reads=NOTED)
@require_POST
def mark_step(request: HttpRequest, visit_id: UUID, key: str) -> HttpResponse:
    visit = _visit(request, visit_id, VisitsRight.CHECK_IN)
    form = MarkForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            arrival.mark_step(
                visit=visit,
                key=key,
                outcome=MarkOutcome(said["outcome"]),
                proof=said["proof"],
                reason=said["reason"],
                by=actor_of(request),
            )
        except Refusal as refusal:
            toast(request, refusal.message, tone="bad")
    return redirect("visits:check_in", visit.pk)


@guarded(VisitsRight.CHECK_IN, reads=NOTED)
@require_POST
def finish_check_in(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    visit = _visit(request, visit_id, VisitsRight.CHECK_IN)
    try:
        arrival.finish_check_in(visit=visit, by=actor_of(request))
    except Refusal as refusal:
        toast(request, refusal.message, tone="bad")
        return redirect("visits:check_in", visit.pk)
    toast(request, _("Check-in finished."))
    return redirect("visits:arrivals_of", visit.site_id)


@guarded(VisitsRight.CHECK_IN, reads=NOTED)
@require_POST
def give_consent(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """The patient has signed one of the consents that check-in asks for."""
    visit = _visit(request, visit_id, VisitsRight.CHECK_IN)
    kind, decision = request.POST.get("kind", ""), request.POST.get("decision", Decision.GIVEN)
    if kind in ConsentKind.__members__.values() and decision in Decision.__members__.values():
        try:
            record_consent(
                patient=visit.patient, kind=ConsentKind(kind), decision=Decision(decision), by=actor_of(request)
            )
        except Refusal as refusal:
            toast(request, refusal.message, tone="bad")
    return redirect("visits:check_in", visit.pk)


@guarded(VisitsRight.CHECK_IN, reads=NOTED)
@require_POST
def verify(request: HttpRequest, visit_id: UUID, coverage_id: UUID) -> HttpResponse:
    """Somebody asked the payer, and the coverage holds."""
    visit = _visit(request, visit_id, VisitsRight.CHECK_IN)
    held = visible_coverage(actor_of(request), coverage_id, right=CoverageRight.MANAGE)
    verify_coverage(coverage=held, by=actor_of(request))
    return redirect("visits:check_in", visit.pk)


@guarded(VisitsRight.CHECK_IN, reads=NOTED)
@require_POST
def take_back(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """The arrival was noted by mistake."""
    visit = _visit(request, visit_id, VisitsRight.CHECK_IN)
    try:
        arrival.take_back_arrival(visit=visit, by=actor_of(request), seen=_seen(request))
        toast(request, _("The arrival was taken back."))
    except Refusal as refusal:
        toast(request, refusal.message, tone="bad")
    return redirect("visits:arrivals_of", visit.site_id)


def _seen(request: HttpRequest) -> int | None:
    form = SeenForm(request.POST)
    seen: int | None = form.cleaned_data["seen"] if form.is_valid() else None
    return seen


@guarded(VisitsRight.MOVE, reads=NOTED)
@require_POST
def move(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """One step on. Answers with the board or the page from which it came; a refusal is told as a toast."""
    visit = _visit(request, visit_id, VisitsRight.MOVE)
    form = MoveForm(request.POST)
    if not form.is_valid():
        toast(request, _("Choose what comes next."), tone="bad")
        return _back(request, visit, 422)
    said = form.cleaned_data
    try:
        _move(request, visit, VisitStatus(said["to"]), said["seen"], said["room"])
    except Refusal as refusal:
        toast(request, refusal.message, tone="bad")
        return _back(request, visit, 409)
    words = STATUS_WORDS[VisitStatus(said["to"])]
    undo = "" if said["to"] == VisitStatus.LEFT_WITHOUT_BEING_SEEN else reverse("visits:undo", args=[visit.pk])
    toast(request, _("Now: %(step)s.") % {"step": words}, undo_url=undo)
    return _back(request, visit)


def _move(request: HttpRequest, visit: Visit, to: VisitStatus, seen: int, room_id: UUID | None) -> None:
    actor = actor_of(request)
    if to is VisitStatus.ROOMED:
        room = Resource.objects.visible_to(actor).filter(pk=room_id).first() if room_id else None
        flow.room_patient(visit=visit, room=room, by=actor, seen=seen)
        return
    services = {
        VisitStatus.WITH_CLINICIAN: flow.start_clinician,
        VisitStatus.READY_TO_LEAVE: flow.ready_to_leave,
        VisitStatus.LEFT: flow.check_out,
        VisitStatus.LEFT_WITHOUT_BEING_SEEN: flow.leave_without_being_seen,
    }
    services[to](visit=visit, by=actor, seen=seen)


def _back(request: HttpRequest, visit: Visit, status: int = 200) -> HttpResponse:
    if request.headers.get("HX-Request"):
        response = show_board(request, visit.site_id)
        response.status_code = status
        return response
    if request.POST.get("back") == "board":
        return redirect("visits:board_of", visit.site_id)
    if request.POST.get("back") == "day":
        return redirect("chart:day")
    return redirect("visits:show", visit.pk)


@guarded(VisitsRight.MOVE, reads=NOTED)
@require_POST
def undo(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """Take the last step back; the toast of a move posts here."""
    visit = _visit(request, visit_id, VisitsRight.MOVE)
    try:
        flow.undo_step(visit=visit, by=actor_of(request), seen=_seen(request))
        toast(request, _("The step was taken back."))
    except Refusal as refusal:
        toast(request, refusal.message, tone="bad")
    return redirect("visits:board_of", visit.site_id)


@guarded(VisitsRight.MOVE, reads=NOTED)
def check_out(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """What is left to do at the exit, with the panels of other rooms; posting lets the patient go."""
    visit = _visit(request, visit_id, VisitsRight.MOVE)
    if request.method == "POST":
        try:
            flow.check_out(visit=visit, by=actor_of(request), seen=_seen(request))
            toast(request, _("The patient has left."), undo_url=reverse("visits:undo", args=[visit.pk]))
            return redirect("visits:board_of", visit.site_id)
        except Refusal as refusal:
            toast(request, refusal.message, tone="bad")
            return redirect("visits:check_out", visit.pk)
    context = {
        "visit": visit,
        "zone": visit.site.site.time_zone,
        "minutes": whole_minutes(visit.arrived_at, visit.ended_at or now()),
        "may_leave": VisitStatus.LEFT in MOVES.get(VisitStatus(visit.status), frozenset()),
        "panels": _panels(request, visit, Place.CHECK_OUT),
    }
    return render(request, "visits/check_out.html", context)
