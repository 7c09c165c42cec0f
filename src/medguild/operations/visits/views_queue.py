"""The queue of a site: who is next, how long the others wait, and the call."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from medguild.foundation.access.guard import NOTED, guarded, note_reads
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import Refusal
from medguild.foundation.organization.models import Site
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.toasts import toast
from medguild.operations.scheduling.sites import remember_site, site_tabs, usual_site
from medguild.operations.visits import queueing
from medguild.operations.visits.board import EVERY, version_at
from medguild.operations.visits.line import waiting_line
from medguild.operations.visits.permissions import VisitsRight
from medguild.operations.visits.queue_rules import Urgency
from medguild.operations.visits.selectors import refuse_other_sites, site_for, visit_for
from medguild.operations.visits.words import STATUS_WORDS, URGENCY_TONES, URGENCY_WORDS


@guarded(VisitsRight.CHECK_IN)
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """Goes to the queue of the usual site."""
    site = usual_site(request, actor_of(request), VisitsRight.CHECK_IN)
    if site is None:
        return render(request, "visits/no_site.html")
    return redirect("visits:queue_of", site.unit_id)


@guarded(VisitsRight.CHECK_IN, reads=NOTED)
@require_GET
def queue_of(request: HttpRequest, site_id: UUID) -> HttpResponse:
    remember_site(request, site_id)
    actor = actor_of(request)
    site = site_for(actor, site_id, VisitsRight.CHECK_IN)
    tabs = site_tabs(actor, VisitsRight.CHECK_IN, "visits:queue_of", site_id)
    return render(request, "visits/queue.html", {**_queue(request, site), "tabs": tabs})


@guarded(VisitsRight.CHECK_IN, reads=NOTED, keeps_alive=False)
@require_GET
def queue_poll(request: HttpRequest, site_id: UUID) -> HttpResponse:
    """204 while nothing has moved, else the list."""
    refuse_other_sites(actor_of(request), site_id, VisitsRight.CHECK_IN)
    if request.GET.get("version") == version_at(site_id, now()):
        return HttpResponse(status=204)
    site = site_for(actor_of(request), site_id, VisitsRight.CHECK_IN)
    return render(request, "visits/_queue.html", _queue(request, site))


def _queue(request: HttpRequest, site: Site) -> dict[str, Any]:
    moment = now()
    version = version_at(site.unit_id, moment)
    lines = waiting_line(actor_of(request), site, at=moment)
    note_reads(request, [line.visit.patient_id for line in lines])
    shown = [
        {
            "line": line,
            "number": number,
            "urgency": URGENCY_WORDS[Urgency(line.visit.urgency)],
            "tone": URGENCY_TONES[Urgency(line.visit.urgency)],
            "step": STATUS_WORDS[line.visit.status],  # type: ignore[index]
            "at_front": line.visit.status == "arrived",
        }
        for number, line in enumerate(lines, start=1)
    ]
    urgencies = [(urgency.value, words) for urgency, words in URGENCY_WORDS.items()]
    return {"site": site, "lines": shown, "version": version, "every": EVERY, "urgencies": urgencies}


@guarded(VisitsRight.CHECK_IN, reads=NOTED)
@require_POST
def call_in(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """The next, please: the patient is told by a message, too."""
    actor = actor_of(request)
    visit = visit_for(actor, visit_id, VisitsRight.CHECK_IN)
    note_reads(request, [visit.patient_id])
    try:
        queueing.call_in(visit=visit, by=actor)
        toast(request, _("Called in."))
    except Refusal as refusal:
        toast(request, refusal.message, tone="bad")
    return redirect("visits:queue_of", visit.site_id)


@guarded(VisitsRight.CHECK_IN, reads=NOTED)
@require_POST
def set_urgency(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    visit = visit_for(actor, visit_id, VisitsRight.CHECK_IN)
    note_reads(request, [visit.patient_id])
    try:
        queueing.set_urgency(visit=visit, urgency=_urgency(request), by=actor)
    except Refusal as refusal:
        toast(request, refusal.message, tone="bad")
    return redirect("visits:queue_of", visit.site_id)


def _urgency(request: HttpRequest) -> Urgency:
    try:
        return Urgency(request.POST.get("urgency", ""))
    except ValueError:
        raise Refusal(_("Choose how urgent it is."), field="urgency") from None
