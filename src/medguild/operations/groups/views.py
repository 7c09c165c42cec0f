"""Pages of group visits: who comes, who is added and removed, who has arrived."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from medguild.foundation.access.guard import NOTED, guarded, note_reads
from medguild.foundation.kernel.clock import today
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.forms import form_status, refusals
from medguild.foundation.ui.toasts import toast
from medguild.operations.groups import selectors
from medguild.operations.groups.forms import AddForm, RemoveForm
from medguild.operations.scheduling import selectors as schedule
from medguild.operations.scheduling.checks import covers
from medguild.operations.scheduling.outcomes import cancel_appointment
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.services import book_appointment
from medguild.operations.scheduling.showing import today_at
from medguild.patients.identity.search import search
from medguild.patients.identity.selectors import patient as visible_patient


@guarded(SchedulingRight.READ)
def group_list(request: HttpRequest) -> HttpResponse:
    """Group visits of the next four weeks with how many places are taken."""
    groups = selectors.coming_groups(actor_of(request), start=today())
    return render(request, "groups/list.html", {"groups": groups})


def _day(value: str) -> dt.date:
    """A bad day is a page that is not there."""
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        raise NotVisible from None


@guarded(SchedulingRight.READ, reads=NOTED)
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, session_id: UUID, day: str) -> HttpResponse:
    """Who comes to the group; a name is searched by post, so that it stands in no address."""
    actor = actor_of(request)
    group = selectors.group_day(actor, session_id, _day(day))
    note_reads(request, [one.patient_id for time in group.times for one in time.people])
    text = request.POST.get("q", "").strip()
    people = search(actor, text) if text else None
    if people is not None:
        note_reads(request, [row["id"] for row in people.rows])
    context = {
        "group": group, "zone": group.session.unit.site.time_zone, "query": text, "people": people,
        "remove": RemoveForm(), "may_book": covers(actor, SchedulingRight.BOOK, group.session.unit_id),
        "room": group.session.room, "is_today": group.day == today_at(group.session.unit.site),
    }  # fmt: skip
    return render(request, "groups/show.html", context)


@guarded(SchedulingRight.BOOK, reads="patient_id")
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, session_id: UUID, day: str, patient_id: UUID) -> HttpResponse:
    """One more who comes."""
    actor = actor_of(request)
    group = selectors.group_day(actor, session_id, _day(day))
    patient = visible_patient(actor, patient_id)
    form = AddForm(request.POST or None, group=group)
    if form.is_valid():
        with refusals(form):
            book_appointment(
                patient=patient, clinician=group.session.clinician, site=group.session.unit.site, by=actor,
                **form.chosen(),
            )  # fmt: skip
            toast(request, _("Added to the group."))
            return redirect("groups:show", session_id, day)
    context = {"form": form, "group": group, "patient": patient}
    return render(request, "groups/add.html", context, status=form_status(form))


@guarded(SchedulingRight.BOOK, reads=NOTED)
@require_POST
def remove(request: HttpRequest, session_id: UUID, day: str, appointment_id: UUID) -> HttpResponse:
    """One who does not come: the visit is cancelled with the reason, and the place is free."""
    actor = actor_of(request)
    selectors.group_day(actor, session_id, _day(day))
    visit = schedule.appointment(actor, appointment_id)
    if visit.session_id != session_id:
        raise NotVisible
    note_reads(request, [visit.patient_id])
    form = RemoveForm(request.POST)
    try:
        if form.is_valid():
            cancel_appointment(appointment=visit, reason=form.cleaned_data["reason"], by=actor)
            toast(request, _("Removed from the group. The place is free."))
    except NotVisible:
        raise
    except Refusal as refusal:
        toast(request, refusal.message, tone="bad")
    return redirect("groups:show", session_id, day)
