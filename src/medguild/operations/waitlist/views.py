"""Pages of the waiting list at the desk."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from medguild.foundation.access.guard import NOTED, guarded, note_reads
from medguild.foundation.kernel.clock import now, today
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.foundation.ui import tables
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.forms import form_status, refusals
from medguild.foundation.ui.toasts import toast
from medguild.operations.scheduling import selectors as schedule
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.waitlist import selectors, services, showing
from medguild.operations.waitlist.forms import EntryForm, WantedForm, initial_of
from medguild.operations.waitlist.rules import EntryStatus
from medguild.operations.waitlist.tables import WaitTable, in_turn
from medguild.patients.identity.selectors import patient as visible_patient


@guarded(SchedulingRight.READ, reads=NOTED)
def waiting_list(request: HttpRequest) -> HttpResponseBase:
    """Who waits, in turn; other states by the filter."""
    rows = selectors.entries(actor_of(request))
    if not request.GET.get("status"):
        rows = rows.filter(status=EntryStatus.WAITING)
    context = {"may_book": actor_of(request).may(SchedulingRight.BOOK)}
    return tables.table_response(request, WaitTable, in_turn(rows), "waitlist/list.html", context)


@guarded(SchedulingRight.BOOK, reads="patient_id")
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Put a patient on the list; with `?visit=` they keep that visit until an earlier time is found."""
    actor, day = actor_of(request), today()
    patient = visible_patient(actor, patient_id)
    later = _later(request, patient_id)
    initial: dict[str, Any] = {"earliest": day, "site": str(patient.home_unit_id or "")}
    if later is not None:
        initial |= {"visit_type": str(later.visit_type_id), "site": str(later.unit_id), "latest": later.start.date()}
    form = EntryForm(
        request.POST or None, initial=initial, visit_types=schedule.visit_types(actor),
        sites=schedule.sites_with_schedule(actor, SchedulingRight.BOOK),
        clinicians=schedule.clinicians_with_sessions(actor, on=day),
    )  # fmt: skip
    if form.is_valid():
        with refusals(form):
            made = services.add_to_waitlist(
                patient=patient, wanted=form.wanted(), by=actor, instead_of=later, **form.chosen()
            )
            toast(request, _("On the waiting list."))
            return redirect("waitlist:show", made.pk)
    context = {"form": form, "patient": patient, "later": later}
    return render(request, "waitlist/add.html", context, status=form_status(form))


def _later(request: HttpRequest, patient_id: UUID) -> Appointment | None:
    value = request.GET.get("visit", "")
    if not value:
        return None
    try:
        found = schedule.appointment(actor_of(request), UUID(value))
    except ValueError:
        raise NotVisible from None
    if found.patient_id != patient_id:
        raise NotVisible
    return found


@guarded(SchedulingRight.READ, reads=NOTED)
def show(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """What somebody waits for, and what was offered to them."""
    actor = actor_of(request)
    entry = selectors.entry(actor, entry_id)
    note_reads(request, [entry.patient_id])
    waiting = entry.status == EntryStatus.WAITING
    context = {
        "entry": entry,
        "shown": showing.entry(entry),
        "zone": entry.unit.site.time_zone,
        "offers": [showing.offer(one) for one in selectors.offers_of(entry)],
        "ahead": selectors.ahead_of(entry) if waiting else None,
        "usual": selectors.usual_wait(entry, at=now()) if waiting else None,
        "waiting": waiting,
        "may_book": actor.may(SchedulingRight.BOOK),
    }
    return render(request, "waitlist/show.html", context)


@guarded(SchedulingRight.BOOK, reads=NOTED)
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """Other days, hours or urgency for somebody who waits; the place is kept."""
    actor = actor_of(request)
    entry = selectors.entry(actor, entry_id, SchedulingRight.BOOK)
    note_reads(request, [entry.patient_id])
    form = WantedForm(request.POST or None, initial=initial_of(entry))
    if form.is_valid():
        with refusals(form):
            services.change_wishes(entry=entry, wanted=form.wanted(), by=actor)
            toast(request, _("Recorded."))
            return redirect("waitlist:show", entry.pk)
    return render(request, "waitlist/change.html", {"form": form, "entry": entry}, status=form_status(form))


@guarded(SchedulingRight.BOOK, reads=NOTED)
@require_POST
def withdraw(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    entry = selectors.entry(actor, entry_id, SchedulingRight.BOOK)
    note_reads(request, [entry.patient_id])
    try:
        services.withdraw(entry=entry, by=actor)
        toast(request, _("No longer on the list."))
    except Refusal as refusal:
        toast(request, refusal.message, tone="bad")
    return redirect("waitlist:show", entry.pk)
