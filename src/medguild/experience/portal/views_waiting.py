"""People see what they wait for, say when they can come, ask to be put on the waiting list, and leave it."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from medguild.experience.portal import selectors
from medguild.experience.portal import waiting as lists
from medguild.experience.portal.permissions import PortalRight
from medguild.experience.portal.waiting_forms import WaitForm, WishesForm
from medguild.foundation.access.guard import guarded
from medguild.foundation.access.limits import limited
from medguild.foundation.kernel.clock import local_date, now
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.forms import form_status, refusals
from medguild.foundation.ui.toasts import toast
from medguild.operations.waitlist import showing
from medguild.operations.waitlist.forms import initial_of
from medguild.operations.waitlist.selectors import ahead_of, offers_of, usual_wait

ASKED_A_MINUTE = 10


@guarded(PortalRight.READ, reads="patient_id")
@require_http_methods(["GET", "POST"])
@limited(ASKED_A_MINUTE)
def waiting(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """What is waited for, what is offered, and a form to wait for more."""
    actor, at = actor_of(request), now()
    patient = selectors.record(actor, patient_id)
    open_to = lists.choices(patient, by=actor, at=at)
    form = WaitForm(
        request.POST or None, visit_types=open_to.kinds, sites=open_to.sites, clinicians=open_to.clinicians,
        initial={"earliest": _today_at(open_to, at), "notice_hours": 24},
    )  # fmt: skip
    if form.is_valid():
        with refusals(form):
            lists.ask_to_wait(patient=patient, wanted=form.wanted(), by=actor, **form.chosen())
            toast(request, _("On the waiting list. When a time comes free we will offer it to you."))
            return redirect("portal:waiting", patient.pk)
    rows = [
        {
            "row": one,
            "shown": showing.entry(one),
            "ahead": ahead_of(one),
            "usual": usual_wait(one, at=at),
            "past": [showing.offer(offer) for offer in offers_of(one) if offer.answered_at],
        }
        for one in lists.waiting(patient, by=actor)
    ]
    context = {
        "patient": patient, "form": form, "rows": rows, "offered": selectors.visits(patient, at=at).offered,
        "may_ask": bool(open_to.kinds),
    }  # fmt: skip
    return render(request, "portal/waiting.html", context, status=form_status(form))


def _today_at(open_to: lists.Choices, at: dt.datetime) -> dt.date:
    """The day where they would go first."""
    return local_date(at, open_to.sites[0].time_zone) if open_to.sites else at.date()


@guarded(PortalRight.READ, reads="patient_id")
@require_POST
@limited(ASKED_A_MINUTE)
def earlier(request: HttpRequest, patient_id: UUID, appointment_id: UUID) -> HttpResponse:
    """Wait for an earlier time of a booked visit, which is kept."""
    actor = actor_of(request)
    patient = selectors.record(actor, patient_id)
    visit = selectors.appointment(patient, appointment_id)
    try:
        lists.ask_for_earlier(patient=patient, visit=visit, by=actor)
        toast(request, _("When an earlier time comes free we will offer it to you. Your visit is kept until then."))
    except NotVisible:
        raise
    except Refusal as refusal:
        toast(request, refusal.message, tone="bad")
    return redirect("portal:waiting", patient.pk)


@guarded(PortalRight.READ, reads="patient_id")
@require_http_methods(["GET", "POST"])
def wishes(request: HttpRequest, patient_id: UUID, entry_id: UUID) -> HttpResponse:
    """Other days and times."""
    actor = actor_of(request)
    patient = selectors.record(actor, patient_id)
    entry = lists.entry(patient, entry_id, by=actor)
    form = WishesForm(request.POST or None, initial=initial_of(entry))
    if form.is_valid():
        with refusals(form):
            lists.change(patient=patient, entry=entry, wanted=form.wanted(entry), by=actor)
            toast(request, _("Recorded. You keep your place on the list."))
            return redirect("portal:waiting", patient.pk)
    context = {"patient": patient, "entry": entry, "form": form}
    return render(request, "portal/wishes.html", context, status=form_status(form))


@guarded(PortalRight.READ, reads="patient_id")
@require_POST
def leave(request: HttpRequest, patient_id: UUID, entry_id: UUID) -> HttpResponse:
    """Wait no longer."""
    actor = actor_of(request)
    patient = selectors.record(actor, patient_id)
    try:
        lists.leave(patient=patient, entry=lists.entry(patient, entry_id, by=actor), by=actor)
        toast(request, _("No longer on the waiting list."))
    except NotVisible:  # off the list already: by the desk, by a yes, or on another screen
        toast(request, _("This stands on the list no more."))
    except Refusal as refusal:
        toast(request, refusal.message, tone="bad")
    return redirect("portal:waiting", patient.pk)
