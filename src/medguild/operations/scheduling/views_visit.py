"""An appointment's page: cancel, no-show."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from medguild.foundation.access.guard import NOTED, guarded, note_reads
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.foundation.ui.forms import form_status, refusals
from medguild.foundation.ui.toasts import toast
from medguild.operations.scheduling import outcomes, selectors
from medguild.operations.scheduling.checks import covers
from medguild.operations.scheduling.forms import CancelForm
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.ports import PanelPlace, PanelRef, panels_at
from medguild.operations.scheduling.rules import AppointmentStatus, may_move
from medguild.operations.scheduling.showing import actor_of, moments_of
from medguild.operations.scheduling.words import (
    CANCEL_WORDS,
    CATEGORY_WORDS,
    MODE_WORDS,
    ORIGIN_WORDS,
    STATUS_TONES,
    STATUS_WORDS,
)


@guarded(SchedulingRight.READ, reads=NOTED)
def show(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    """One appointment with what may be done to it."""
    found = selectors.appointment(actor_of(request), appointment_id)
    return _page(request, found, CancelForm())


def _page(request: HttpRequest, found: Appointment, form: CancelForm) -> HttpResponse:
    note_reads(request, [found.patient_id])
    zone = found.unit.site.time_zone
    context = {
        "appointment": found,
        "zone": zone,
        "status_words": STATUS_WORDS[AppointmentStatus(found.status)],
        "status_tone": STATUS_TONES[AppointmentStatus(found.status)],
        "mode": dict(MODE_WORDS)[found.mode],  # type: ignore[index]
        "category": dict(CATEGORY_WORDS)[found.reason_category],  # type: ignore[index]
        "origin": dict(ORIGIN_WORDS)[found.origin],  # type: ignore[index]
        "cancelled_for": dict(CANCEL_WORDS).get(found.cancel_reason, ""),  # type: ignore[call-overload]
        "moments": moments_of(found, zone),
        "panels": panels_at(
            PanelPlace.VISIT, actor_of(request), PanelRef(found.clinician_id, found.unit_id, appointment=found)
        ),
        "form": form,
        "may_book": covers(actor_of(request), SchedulingRight.BOOK, found.unit_id),
        "has_begun": found.start <= now(),
        "may_cancel": may_move(found.status, AppointmentStatus.CANCELLED),
        "may_reinstate": may_move(found.status, AppointmentStatus.BOOKED),
    }
    return render(request, "scheduling/show.html", context, status=form_status(form))


@guarded(SchedulingRight.BOOK, reads=NOTED)
def cancel(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    """Give the visit up, with the reason."""
    found = selectors.appointment(actor_of(request), appointment_id)
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            outcomes.cancel_appointment(appointment=found, by=actor_of(request), **form.cleaned_data)
            toast(request, _("Cancelled. The time is free again."))
            return redirect("scheduling:show", found.pk)
    return _page(request, found, form)


@guarded(SchedulingRight.BOOK)
def no_show(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    """The patient did not come."""
    found = selectors.appointment(actor_of(request), appointment_id)
    if request.method == "POST":
        undo = reverse("scheduling:reinstate", args=[found.pk])
        try:
            outcomes.mark_no_show(appointment=found, by=actor_of(request))
            toast(request, _("Marked as a no-show."), undo_url=undo)
        except Refusal as refusal:
            _say(request, refusal)
    return redirect("scheduling:show", found.pk)


@guarded(SchedulingRight.BOOK)
def reinstate(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    """Undo a no-show or an arrival noted by mistake."""
    found = selectors.appointment(actor_of(request), appointment_id)
    if request.method == "POST":
        try:
            outcomes.reinstate_appointment(appointment=found, by=actor_of(request))
            toast(request, _("The visit is booked again."))
        except Refusal as refusal:
            _say(request, refusal)
    return redirect("scheduling:show", found.pk)


def _say(request: HttpRequest, refusal: Refusal) -> None:
    if isinstance(refusal, NotVisible):
        raise refusal
    toast(request, refusal.message, "bad")
