"""Visits that must move: lists, choices, other times, carrying out."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from medguild.foundation.access.guard import NOTED, guarded, note_reads
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.foundation.ui import tables
from medguild.foundation.ui.asked import asked_day
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.toasts import toast
from medguild.operations.scheduling import selectors as schedule
from medguild.operations.scheduling.checks import covers
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.templates import selectors, showing
from medguild.operations.templates.models import PlannedMove
from medguild.operations.templates.moving import choose, choose_other, start_moving
from medguild.operations.templates.planning import plan_absence
from medguild.operations.templates.rehearsing import DAYS_SHOWN, times_for
from medguild.operations.templates.rules import LEFT, Cause, Choice, PlanStatus, Trouble
from medguild.operations.templates.subjects import who
from medguild.operations.templates.tables import MoveTable, PlanTable
from medguild.operations.templates.tasks import move_plan
from medguild.operations.templates.words import CAUSE_WORDS, PLAN_TONES, PLAN_WORDS, TROUBLE_WORDS


@guarded(SchedulingRight.READ)
def plans(request: HttpRequest) -> HttpResponseBase:
    """All lists, those with visits that are not settled first."""
    return tables.table_response(
        request, PlanTable, selectors.plans(actor_of(request)).filter(all_moves__gt=0), "templates/plans.html"
    )


@guarded(SchedulingRight.READ, reads=NOTED)
def moves(request: HttpRequest, plan_id: UUID) -> HttpResponseBase:
    """The visits of a list with proposals and choices."""
    actor = actor_of(request)
    plan = selectors.plan(actor, plan_id)
    rows = selectors.moves(actor, plan)
    left = rows.filter(status__in=sorted(LEFT))
    context = {
        "plan": plan,
        "who": who(plan),
        "cause": CAUSE_WORDS[Cause(plan.cause)],
        "status": PLAN_WORDS[PlanStatus(plan.status)],
        "tone": PLAN_TONES[PlanStatus(plan.status)],
        "left": plan.left,
        "undecided": left.filter(choice=Choice.NONE).count(),
        "acceptable": left.filter(choice=Choice.NONE, to_start__isnull=False).count(),
        "ready": left.exclude(choice=Choice.NONE).exists(),
        "coming": plan.cause == Cause.TEMPLATE and plan.status == PlanStatus.PROPOSED,
        "may_book": covers(actor, SchedulingRight.BOOK, plan.unit_id),
    }
    return tables.table_response(request, MoveTable, rows, "templates/moves.html", context)


@guarded(SchedulingRight.BOOK)
@require_POST
def accept_all(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Take the proposal for all that nobody has decided, or put all of these on the bump list."""
    plan = selectors.plan(actor_of(request), plan_id)
    choice = Choice.BUMP if request.POST.get("choice") == Choice.BUMP else Choice.ACCEPT
    count = choose(plan=plan, choice=choice, by=actor_of(request))
    toast(request, ngettext("Chosen for %(count)d visit.", "Chosen for %(count)d visits.", count) % {"count": count})
    if plan.cause == Cause.TEMPLATE and plan.status == PlanStatus.PROPOSED:
        return redirect("templates:preview", plan.cause_id)
    return redirect("templates:moves", plan.pk)


@guarded(SchedulingRight.BOOK)
@require_POST
def start(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Carry out what is chosen. A template's list waits until its version is applied."""
    plan = selectors.plan(actor_of(request), plan_id)
    if plan.cause == Cause.TEMPLATE and plan.status == PlanStatus.PROPOSED:
        toast(request, _("Apply the version first: its visits are moved then."), "warn")
        return redirect("templates:preview", plan.cause_id)
    start_moving(plan=plan, by=actor_of(request))
    move_plan.defer(plan_id=str(plan.pk))
    toast(request, _("The visits are being moved as chosen; patients are told."))
    return redirect("templates:moves", plan.pk)


@guarded(SchedulingRight.BOOK, reads=NOTED)
@require_http_methods(["GET", "POST"])
def pick(request: HttpRequest, move_id: UUID) -> HttpResponse:
    """Other free times for a visit that must move."""
    actor = actor_of(request)
    move = selectors.move(actor, move_id)
    note_reads(request, [move.appointment.patient_id])
    if request.method == "POST":
        return _picked(request, move)
    first, openings = times_for(move=move, actor=actor, start=asked_day(request, "from"))
    step = dt.timedelta(days=DAYS_SHOWN)
    context: dict[str, Any] = {
        "move": move,
        "zone": move.unit.site.time_zone,
        "trouble": TROUBLE_WORDS[Trouble(move.trouble)],
        "days": showing.times_by_day(openings),
        "before_url": f"?from={first - step}", "after_url": f"?from={first + step}",
        "back": _back(move),
    }  # fmt: skip
    return render(request, "templates/pick.html", context)


def _picked(request: HttpRequest, move: PlannedMove) -> HttpResponse:
    text, _bar, rest = request.POST.get("time", "").partition("|")
    clinician, _bar, site = rest.partition("|")
    try:
        moment, clinician_id, unit_id = parse_datetime(text), UUID(clinician), UUID(site)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        toast(request, _("Choose one of the times."), "warn")
        return redirect("templates:pick", move.pk)
    actor = actor_of(request)
    selectors.clinician(actor, clinician_id)
    schedule.site(actor, unit_id)
    try:
        choose_other(move=move, start=moment, clinician_id=clinician_id, unit_id=unit_id, by=actor)
        toast(request, _("Chosen. The visit is moved there when the list is carried out."))
    except NotVisible:
        raise
    except Refusal as refusal:
        toast(request, refusal.message, "bad")
    return redirect(_back(move))


def _back(move: PlannedMove) -> str:
    if move.plan.cause == Cause.TEMPLATE and move.plan.status == PlanStatus.PROPOSED:
        return reverse("templates:preview", args=[move.plan.cause_id])
    return reverse("templates:moves", args=[move.plan_id])


@guarded(SchedulingRight.TEMPLATES)
@require_POST
def of_absence(request: HttpRequest, absence_id: UUID) -> HttpResponse:
    """The list of an absence, made or made again."""
    absence = schedule.absence(actor_of(request), absence_id)
    plan = plan_absence(absence=absence, by=actor_of(request))
    return redirect("templates:moves", plan.pk)
