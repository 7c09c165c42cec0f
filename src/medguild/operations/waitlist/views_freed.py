"""The desk's page of times that came free: who is next for each, and a button that offers it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from medguild.foundation.access.guard import NOTED, guarded, note_reads
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.toasts import toast
from medguild.operations.scheduling import selectors as schedule
from medguild.operations.scheduling.checks import covers
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.waitlist import showing
from medguild.operations.waitlist.freed import freed_times, offer_by_hand, part_given_up, time_given_up
from medguild.operations.waitlist.site_form import SiteForm
from medguild.operations.waitlist.standards import terms_at


@guarded(SchedulingRight.READ, reads=NOTED)
def freed(request: HttpRequest) -> HttpResponse:
    """Times of a site that were given up and stand empty, the nearest first."""
    actor, at = actor_of(request), now()
    form = SiteForm(request.GET or None, sites=schedule.sites_with_schedule(actor))
    site = form.chosen
    rows = freed_times(actor, site, at=at) if site else []
    entries = [one.following for one in rows if one.following] + [offer.entry for one in rows for offer in one.offers]
    note_reads(request, {entry.patient_id for entry in entries})
    context = {
        "form": form,
        "site": site,
        "rows": [showing.freed(one, zone=site.time_zone, at=at) for one in rows] if site else [],
        "terms": terms_at(site.unit_id) if site else None,
        "may_book": site is not None and covers(actor, SchedulingRight.BOOK, site.unit_id),
    }
    return render(request, "waitlist/freed.html", context)


@guarded(SchedulingRight.BOOK, reads=NOTED)
@require_POST
def offer_one(request: HttpRequest, source: UUID) -> HttpResponse:
    """Offer a time to those whose turn it is."""
    actor = actor_of(request)
    time, minute = time_given_up(actor, source), request.POST.get("minute", "")
    try:
        part = part_given_up(actor, source, int(minute) if minute.isdecimal() else None)
        made = offer_by_hand(freed=part, by=actor)
    except NotVisible:
        raise
    except Refusal as refusal:
        toast(request, refusal.message, tone="bad")
    else:
        note_reads(request, [one.entry.patient_id for one in made])
        asked = ngettext("Offered to %(count)d person.", "Offered to %(count)d people.", len(made))
        none = _("Nobody can be written to in time. Whom the desk may still call stands in the list of work.")
        toast(request, asked % {"count": len(made)} if made else none, tone="ok" if made else "warn")
    return redirect(f"{reverse('waitlist:freed')}?site={time.unit_id}")
