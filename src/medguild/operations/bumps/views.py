"""Pages of the bump list: worked from the top, one visit at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from medguild.foundation.access.guard import NOTED, guarded, note_reads
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.foundation.organization.people import Clinician
from medguild.foundation.ui import tables
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.forms import form_status, refusals
from medguild.foundation.ui.toasts import toast
from medguild.operations.bumps import selectors, services
from medguild.operations.bumps.forms import BumpForm, ContactForm, TimeForm
from medguild.operations.bumps.models import Bump
from medguild.operations.bumps.proposing import proposals_for
from medguild.operations.bumps.rules import BumpStatus, reasons
from medguild.operations.bumps.tables import BumpTable
from medguild.operations.bumps.words import CAUSES, CONTACTS, STATUS_TONES, STATUSES, WHYS
from medguild.operations.scheduling import selectors as schedule
from medguild.operations.scheduling.checks import covers
from medguild.operations.scheduling.errors import NetworkAnswerNeeded
from medguild.operations.scheduling.permissions import SchedulingRight

_LATELY = dt.timedelta(days=90)
_WHOLE = ("status", "again", "put_from", "put_to")  # who asks for these wants settled ones too


@guarded(SchedulingRight.READ, reads=NOTED)
def bump_list(request: HttpRequest) -> HttpResponseBase:
    """Visits to be moved, in turn; settled ones by the filter."""
    actor, moment = actor_of(request), now()
    rows = selectors.bumps(actor)
    if not any(request.GET.get(name) for name in _WHOLE):
        rows = rows.filter(status=BumpStatus.OPEN)
    since = (moment - _LATELY).date()
    twice = selectors.bumped_twice(actor=actor, start=moment - _LATELY, end=moment)
    context = {
        "twice": twice,
        "twice_of": _("of %(all)s") % {"all": twice.denominator},
        "twice_url": f"{reverse('bumps:list')}?{urlencode({'again': 'on', 'put_from': since.isoformat()})}",
    }
    return tables.table_response(request, BumpTable, selectors.in_turn(rows, at=moment), "bumps/list.html", context)


@guarded(SchedulingRight.READ, reads=NOTED)
def show(request: HttpRequest, bump_id: UUID) -> HttpResponse:
    """One visit with the times proposed for it and the calls made."""
    return _page(request, selectors.one_bump(actor_of(request), bump_id), ContactForm())


def _page(request: HttpRequest, row: Bump, form: ContactForm) -> HttpResponse:
    actor = actor_of(request)
    note_reads(request, [row.patient_id])
    is_open = row.status == BumpStatus.OPEN
    works = is_open and covers(actor, SchedulingRight.BOOK, row.unit_id)
    context = {
        "bump": row,
        "zone": row.unit.site.time_zone,
        "cause": dict(CAUSES)[row.cause],
        "status": dict(STATUSES)[row.status],
        "tone": STATUS_TONES[row.status],
        "whys": [WHYS[one] for one in reasons(row, at=now())],
        "times": row.times_before + 1,
        "contacts": [(one, dict(CONTACTS)[one.outcome]) for one in selectors.contacts_of(row)],
        "proposals": proposals_for(row, by=actor) if works else [],
        "works": works,
        "is_open": is_open,
        "form": form,
    }
    return render(request, "bumps/show.html", context, status=form_status(form))


@guarded(SchedulingRight.BOOK, reads=NOTED)
@require_POST
def contact(request: HttpRequest, bump_id: UUID) -> HttpResponse:
    """An attempt to tell the patient."""
    row = selectors.one_bump(actor_of(request), bump_id, SchedulingRight.BOOK)
    form = ContactForm(request.POST)
    if form.is_valid():
        with refusals(form):
            services.note_contact(row=row, by=actor_of(request), **form.cleaned_data)
            toast(request, _("Written down."))
            return redirect("bumps:show", row.pk)
    return _page(request, row, form)


@guarded(SchedulingRight.BOOK, reads=NOTED)
@require_POST
def move(request: HttpRequest, bump_id: UUID) -> HttpResponse:
    """A proposed time was agreed on."""
    actor = actor_of(request)
    row = selectors.one_bump(actor, bump_id, SchedulingRight.BOOK)
    note_reads(request, [row.patient_id])
    form = TimeForm(request.POST)
    if not form.is_valid():
        return redirect("bumps:show", row.pk)
    start, clinician_id, site_id = form.cleaned_data["slot"]
    clinician = Clinician.objects.select_related("resource", "person").filter(pk=clinician_id).first()
    if clinician is None:
        raise NotVisible
    site = schedule.site(actor, site_id, SchedulingRight.BOOK)
    try:
        return _settled(
            request, row, _("Moved."),
            lambda: services.move_bumped(row=row, start=start, clinician=clinician, site=site, by=actor),
        )  # fmt: skip
    except NetworkAnswerNeeded:  # the page of a move asks them, and a move settles the row
        toast(request, _("This time is out of network. Tell the patient, and write down the answer."), tone="warn")
        asked = {"clinician": clinician.pk, "site": site.unit_id, "start": start.isoformat(), "who": "practice"}
        return redirect(f"{reverse('scheduling:move', args=[row.appointment_id])}?{urlencode(asked)}")


@guarded(SchedulingRight.BOOK, reads=NOTED)
@require_POST
def cancel(request: HttpRequest, bump_id: UUID) -> HttpResponse:
    row = selectors.one_bump(actor_of(request), bump_id, SchedulingRight.BOOK)
    note_reads(request, [row.patient_id])
    return _settled(
        request, row, _("Cancelled by us."), lambda: services.cancel_bumped(row=row, by=actor_of(request))
    )  # fmt: skip


@guarded(SchedulingRight.BOOK, reads=NOTED)
@require_POST
def keep(request: HttpRequest, bump_id: UUID) -> HttpResponse:
    row = selectors.one_bump(actor_of(request), bump_id, SchedulingRight.BOOK)
    note_reads(request, [row.patient_id])
    return _settled(
        request, row, _("It stays as booked."), lambda: services.keep_bumped(row=row, by=actor_of(request))
    )  # fmt: skip


def _settled(request: HttpRequest, row: Bump, words: str, act: Callable[[], object]) -> HttpResponse:
    """Do it and go on with the list; a refusal is shown on the page of the visit."""
    try:
        act()
    except (NotVisible, NetworkAnswerNeeded):
        raise
    except Refusal as refusal:
        toast(request, refusal.message, tone="bad")
        return redirect("bumps:show", row.pk)
    toast(request, words)
    return redirect("bumps:list")


@guarded(SchedulingRight.BOOK, reads=NOTED)
def add(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    """Put one visit on the list by hand."""
    actor = actor_of(request)
    visit = schedule.appointment(actor, appointment_id)
    if not covers(actor, SchedulingRight.BOOK, visit.unit_id):
        raise NotVisible
    note_reads(request, [visit.patient_id])
    form = BumpForm(request.POST or None)
    if form.is_valid():
        with refusals(form):
            services.bump(appointments=[visit], reason=form.cleaned_data["reason"], by=actor)
            toast(request, _("On the bump list."))
            return redirect("scheduling:show", visit.pk)
    context = {"form": form, "appointment": visit}
    return render(request, "bumps/add.html", context, status=form_status(form))
