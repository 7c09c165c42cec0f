"""Pages of a site's day: flow board, arrivals, walk-ins, no-shows."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from medguild.foundation.access.guard import NOTED, guarded, note_reads
from medguild.foundation.kernel.clock import local_date, now
from medguild.foundation.kernel.errors import Refusal
from medguild.foundation.organization.models import Site
from medguild.foundation.organization.selectors import clinicians_at
from medguild.foundation.ui import tables
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.boards import board_response
from medguild.foundation.ui.forms import form_status, refusals
from medguild.foundation.ui.toasts import toast
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.outcomes import mark_no_show, reinstate_appointment
from medguild.operations.scheduling.selectors import appointment as visible_appointment
from medguild.operations.scheduling.sites import remember_site, site_tabs, usual_site
from medguild.operations.visits import arrival
from medguild.operations.visits.board import EVERY, flow_board, version_at
from medguild.operations.visits.day import day_list
from medguild.operations.visits.forms import WalkInForm
from medguild.operations.visits.line import wait_of
from medguild.operations.visits.models import Visit
from medguild.operations.visits.permissions import VisitsRight
from medguild.operations.visits.selectors import refuse_other_sites, site_for, visits_kept
from medguild.operations.visits.tables import VisitTable
from medguild.patients.identity.selectors import patient as visible_patient

_DAY = dt.timedelta(days=1)


@guarded(VisitsRight.READ, reads=NOTED)
@require_GET
def visit_list(request: HttpRequest) -> HttpResponseBase:
    """Visits of all sites, filtered: the rows behind numbers."""
    return tables.table_response(request, VisitTable, visits_kept(actor_of(request)), "visits/list.html")


@guarded(VisitsRight.MOVE)
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """Goes to the board of the usual site."""
    site = usual_site(request, actor_of(request), VisitsRight.MOVE)
    if site is None:
        return render(request, "visits/no_site.html")
    return redirect("visits:board_of", site.unit_id)


@guarded(VisitsRight.MOVE, reads=NOTED)
@require_GET
def board_of(request: HttpRequest, site_id: UUID) -> HttpResponse:
    remember_site(request, site_id)
    return show_board(request, site_id)


def show_board(request: HttpRequest, site_id: UUID) -> HttpResponse:
    """The board as a page, or as a fragment where HTMX asks for one; shared with the moves."""
    actor = actor_of(request)
    site = site_for(actor, site_id, VisitsRight.MOVE)
    shown, patients = flow_board(actor, site, at=now())
    note_reads(request, patients)
    tabs = site_tabs(actor, VisitsRight.MOVE, "visits:board_of", site_id)
    context = {"site": site, "tabs": tabs, "may_check_in": actor.may(VisitsRight.CHECK_IN)}
    return board_response(request, shown, "visits/board.html", context)


@guarded(VisitsRight.MOVE, reads=NOTED, keeps_alive=False)
@require_GET
def board_poll(request: HttpRequest, site_id: UUID) -> HttpResponse:
    """204 while nothing has moved: no rows are read, no read is recorded, and an idle session still ends."""
    refuse_other_sites(actor_of(request), site_id, VisitsRight.MOVE)
    if request.GET.get("version") == version_at(site_id, now()):
        return HttpResponse(status=204)
    site = site_for(actor_of(request), site_id, VisitsRight.MOVE)
    shown, patients = flow_board(actor_of(request), site, at=now())
    note_reads(request, patients)
    return render(request, "ui/_board_fragment.html", {"board": shown})


@guarded(VisitsRight.CHECK_IN)
@require_GET
def arrivals(request: HttpRequest) -> HttpResponse:
    """Goes to the arrivals of the usual site."""
    site = usual_site(request, actor_of(request), VisitsRight.CHECK_IN)
    if site is None:
        return render(request, "visits/no_site.html")
    return redirect("visits:arrivals_of", site.unit_id)


@guarded(VisitsRight.CHECK_IN, reads=NOTED)
@require_GET
def arrivals_of(request: HttpRequest, site_id: UUID) -> HttpResponse:
    remember_site(request, site_id)
    actor = actor_of(request)
    site = site_for(actor, site_id, VisitsRight.CHECK_IN)
    tabs = site_tabs(actor, VisitsRight.CHECK_IN, "visits:arrivals_of", site_id)
    return render(request, "visits/arrivals.html", {**_day(request, site), "tabs": tabs})


@guarded(VisitsRight.CHECK_IN, reads=NOTED, keeps_alive=False)
@require_GET
def arrivals_poll(request: HttpRequest, site_id: UUID) -> HttpResponse:
    """204 while nothing has moved, else the list."""
    refuse_other_sites(actor_of(request), site_id, VisitsRight.CHECK_IN)
    if request.GET.get("version") == version_at(site_id, now()):
        return HttpResponse(status=204)
    site = site_for(actor_of(request), site_id, VisitsRight.CHECK_IN)
    return render(request, "visits/_arrivals.html", _day(request, site))


def _day(request: HttpRequest, site: Site) -> dict[str, Any]:
    """Today, or with `?day=` another day to prepare it; only today is live."""
    moment = now()
    version = version_at(site.unit_id, moment)
    today = local_date(moment, site.time_zone)
    shown = _asked_day(request) or today
    made = day_list(actor_of(request), site, day=shown, at=moment)
    note_reads(request, [line.patient.pk for line in made.everyone])
    return {
        "site": site,
        "list": made,
        "version": version,
        "every": EVERY,
        "may_move": actor_of(request).may(VisitsRight.MOVE),
        "day": shown,
        "is_today": shown == today,
        "before": shown - _DAY,
        "after": shown + _DAY,
    }


def _asked_day(request: HttpRequest) -> dt.date | None:
    try:
        return parse_date(request.GET.get("day", ""))
    except ValueError:
        return None


@guarded(VisitsRight.CHECK_IN, reads=NOTED)
@require_POST
def arrive(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    """The patient of an appointment is here; goes on to the check-in list."""
    actor = actor_of(request)
    booked = _appointment(request, appointment_id)
    try:
        visit = arrival.check_in(appointment=booked, by=actor)
    except Refusal as refusal:
        toast(request, refusal.message, tone="bad")
        return redirect("visits:arrivals_of", booked.unit_id)
    return redirect("visits:check_in", visit.pk)


@guarded(VisitsRight.CHECK_IN, reads=NOTED)
@require_POST
def no_show(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    booked = _appointment(request, appointment_id)
    try:
        if request.POST.get("undo"):
            reinstate_appointment(appointment=booked, by=actor_of(request))
            toast(request, _("Expected again."))
        else:
            mark_no_show(appointment=booked, by=actor_of(request))
            toast(request, _("Marked: did not come."))
    except Refusal as refusal:
        toast(request, refusal.message, tone="bad")
    return redirect("visits:arrivals_of", booked.unit_id)


def _appointment(request: HttpRequest, appointment_id: UUID) -> Appointment:
    """An appointment at a site where the actor checks patients in. Raises NotVisible."""
    booked = visible_appointment(actor_of(request), appointment_id)
    site_for(actor_of(request), booked.unit_id, VisitsRight.CHECK_IN)
    note_reads(request, [booked.patient_id])
    return booked


@guarded(VisitsRight.CHECK_IN, reads=NOTED)
def walk_in(request: HttpRequest, site_id: UUID, patient_id: UUID) -> HttpResponse:
    """A patient comes without an appointment."""
    actor = actor_of(request)
    site = site_for(actor, site_id, VisitsRight.CHECK_IN)
    patient = visible_patient(actor, patient_id)
    note_reads(request, [patient.pk])
    clinicians = {str(one.pk): one for one in clinicians_at([site.unit_id], on=local_date(now(), site.time_zone))}
    form = WalkInForm(request.POST or None, clinicians=clinicians.values())
    if form.is_valid():
        with refusals(form):
            visit = arrival.walk_in(
                patient=patient,
                site=site,
                clinician=clinicians[form.cleaned_data["clinician"]],
                reason=form.cleaned_data["reason"],
                urgency=form.cleaned_data["urgency"],
                identity=form.cleaned_data["identity"],
                by=actor,
            )
            _tell_wait(request, visit)
            return redirect("visits:check_in", visit.pk)
    context = {"form": form, "site": site, "patient": patient}
    return render(request, "visits/walk_in.html", context, status=form_status(form))


def _tell_wait(request: HttpRequest, visit: Visit) -> None:
    """What the desk can say to somebody who has just walked in."""
    place = wait_of(actor_of(request), visit, at=now())
    if place is not None:
        toast(request, _("Checked in. The wait is about %(minutes)d minutes.") % {"minutes": place.minutes})


@guarded(VisitsRight.CHECK_IN)
@require_GET
def walk_in_for(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """From the patient's page: a walk-in at the usual site."""
    site = usual_site(request, actor_of(request), VisitsRight.CHECK_IN)
    if site is None:
        return render(request, "visits/no_site.html")
    return redirect("visits:walk_in", site.unit_id, patient_id)
