"""Pages of complaints: the list with its numbers, one complaint, writing one down, resolving it, ratings of visits."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from medguild.experience.feedback import selectors, services
from medguild.experience.feedback.forms import ComplaintForm, ResolveForm
from medguild.experience.feedback.models import Complaint
from medguild.experience.feedback.numbers_page import complaints_page
from medguild.experience.feedback.permissions import FeedbackRight
from medguild.experience.feedback.tables import ComplaintTable, RatingTable
from medguild.experience.feedback.words import (
    CATEGORIES,
    CHANNELS,
    SEVERITIES,
    SEVERITY_TONES,
    STATE_TONES,
    STATES,
)
from medguild.foundation.access.guard import NOTED, guarded, note_reads
from medguild.foundation.kernel.clock import at_local, local_date, now
from medguild.foundation.organization.models import Site
from medguild.foundation.organization.selectors import sites_visible
from medguild.foundation.ui import tables
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.forms import form_status, refusals
from medguild.foundation.ui.toasts import toast
from medguild.patients.identity.models import Patient
from medguild.patients.identity.selectors import patient as visible_patient

NOON = dt.time(12)


@guarded(FeedbackRight.READ, reads=NOTED)
@require_GET
def complaint_list(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    sites = list(sites_visible(actor, FeedbackRight.READ))
    context = {
        "shown": complaints_page(actor, sites, at=now()),
        "may_receive": actor.may(FeedbackRight.RECEIVE),
    }
    return tables.table_response(request, ComplaintTable, selectors.listed(actor), "feedback/list.html", context)


@guarded(FeedbackRight.READ, reads=NOTED)
@require_GET
def rating_list(request: HttpRequest) -> HttpResponseBase:
    """How patients judged their visits."""
    return tables.table_response(request, RatingTable, selectors.ratings(actor_of(request)), "feedback/ratings.html")


@guarded(FeedbackRight.READ, reads=NOTED)
@require_GET
def show(request: HttpRequest, complaint_id: UUID) -> HttpResponse:
    return _page(request, _complaint(request, complaint_id, FeedbackRight.READ), ResolveForm())


@guarded(FeedbackRight.RESOLVE, reads=NOTED)
@require_POST
def resolve(request: HttpRequest, complaint_id: UUID) -> HttpResponse:
    complaint = _complaint(request, complaint_id, FeedbackRight.RESOLVE)
    form = ResolveForm(request.POST)
    if form.is_valid():
        with refusals(form):
            services.resolve_complaint(
                complaint=complaint, resolution=form.cleaned_data["resolution"], by=actor_of(request)
            )
            toast(request, _("The complaint is resolved."))
            return redirect("feedback:show", complaint.pk)
    return _page(request, complaint, form)


def _complaint(request: HttpRequest, complaint_id: UUID, right: str) -> Complaint:
    complaint = selectors.complaint_for(actor_of(request), complaint_id, right)
    if complaint.patient_id is not None:
        note_reads(request, [complaint.patient_id])
    return complaint


def _page(request: HttpRequest, complaint: Complaint, form: ResolveForm) -> HttpResponse:
    context = {
        "complaint": complaint,
        "zone": complaint.site.site.time_zone,
        "category": CATEGORIES[complaint.category],
        "channel": CHANNELS[complaint.channel],
        "severity": SEVERITIES[complaint.severity],
        "severity_tone": SEVERITY_TONES[complaint.severity],
        "state": STATES[complaint.status],
        "state_tone": STATE_TONES[complaint.status],
        "form": form,
        "may_resolve": complaint.is_open and actor_of(request).may(FeedbackRight.RESOLVE),
    }
    return render(request, "feedback/show.html", context, status=form_status(form))


@guarded(FeedbackRight.RECEIVE)
@require_http_methods(["GET", "POST"])
def receive(request: HttpRequest) -> HttpResponse:
    """A complaint of somebody who is no patient, or does not say who they are."""
    return _receive(request, None)


@guarded(FeedbackRight.RECEIVE, reads="patient_id")
@require_http_methods(["GET", "POST"])
def receive_for(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    return _receive(request, visible_patient(actor_of(request), patient_id))


def _receive(request: HttpRequest, patient: Patient | None) -> HttpResponse:
    actor = actor_of(request)
    sites = {str(site.unit_id): site for site in sites_visible(actor, FeedbackRight.RECEIVE)}
    form = ComplaintForm(request.POST or None, sites=sites.values(), initial=_initial(sites, patient))
    if form.is_valid():
        said: dict[str, Any] = dict(form.cleaned_data)
        site, day = sites[said.pop("site")], said.pop("received_on")
        moment = now()
        # Noon stands for a day of the past, of which nobody knows the hour any more.
        begun = at_local(day, NOON, site.time_zone) if day != local_date(moment, site.time_zone) else moment
        with refusals(form):
            complaint = services.receive_complaint(site=site, patient=patient, by=actor, received_at=begun, **said)
            toast(request, _("Thank you. The complaint is with the person who answers for it."))
            if actor.may(FeedbackRight.READ):
                return redirect("feedback:show", complaint.pk)
            return redirect("patients:detail", patient.pk) if patient else redirect("feedback:receive")
    context = {"form": form, "patient": patient, "may_read": actor.may(FeedbackRight.READ)}
    return render(request, "feedback/receive.html", context, status=form_status(form))


def _initial(sites: dict[str, Site], patient: Patient | None) -> dict[str, Any]:
    first = next(iter(sites.values()), None)
    if first is None:
        return {}
    home = str(patient.home_unit_id) if patient is not None else ""
    return {"site": home if home in sites else str(first.unit_id), "received_on": local_date(now(), first.time_zone)}
