"""The calendar of a site: the page, what it draws, and what it asks every moment."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from medguild.foundation.access.guard import NOTED, PUBLIC, guarded, note_reads
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import NotVisible
from medguild.foundation.organization.models import Site
from medguild.foundation.ui.asked import asked_day, uuid_or_none
from medguild.operations.calendar import ticket
from medguild.operations.calendar.changes import look
from medguild.operations.calendar.feed import news as news_of
from medguild.operations.calendar.feed import whole
from medguild.operations.calendar.rules import LONGEST_SPAN, Span
from medguild.operations.calendar.words import VIEWS, words_for_script
from medguild.operations.scheduling import selectors
from medguild.operations.scheduling.checks import covers
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.showing import actor_of, today_at
from medguild.operations.scheduling.sites import remember_site, usual_site
from medguild.operations.scheduling.week import next_worked_day
from medguild.operations.scheduling.week_rules import monday_of

_TICKET = "Medguild-Ticket"
_A_DAY = dt.timedelta(days=1)


@guarded(SchedulingRight.READ)
@require_GET
def usual(request: HttpRequest) -> HttpResponse:
    """The calendar of the site that is asked for, else of the one that the user looked at last."""
    asked = uuid_or_none(request.GET.get("site", ""))
    site = usual_site(request, actor_of(request), SchedulingRight.READ)
    if asked is None and site is None:
        return render(request, "scheduling/no_site.html")
    kept = request.GET.copy()
    kept.pop("site", None)
    address = reverse("calendar:page", args=[asked or (site.unit_id if site else None)])
    return redirect(f"{address}?{kept.urlencode()}" if kept else address)


@guarded(SchedulingRight.READ)
@require_GET
def page(request: HttpRequest, site_id: UUID) -> HttpResponse:
    """The frame of the calendar. It shows nobody by itself: visits come by the feed."""
    actor = actor_of(request)
    sites = list(selectors.sites_with_schedule(actor))
    site = next((one for one in sites if one.unit_id == site_id), None)
    if site is None:
        raise NotVisible
    remember_site(request, site_id)
    view = request.GET.get("view", "")
    view = view if view in VIEWS else "clinicians"
    frame = _frame(request, site, view)
    week = view == "week"
    context = {
        **frame,
        "sites": sites,
        "may_book": covers(actor, SchedulingRight.BOOK, site_id),
        # A week is one clinician's: all together would not fit on a screen. The table has them.
        "clinicians": selectors.clinicians_with_sessions(actor, on=frame["first"], unit_id=site_id) if week else (),
        "chosen": uuid_or_none(request.GET.get("clinician", "")),
    }
    return render(request, "calendar/page.html", context)


def _frame(request: HttpRequest, site: Site, view: str) -> dict[str, Any]:
    """The way to other days and views."""
    today = today_at(site)
    shown = asked_day(request) or today
    week = view == "week"
    first, days = (monday_of(shown), LONGEST_SPAN) if week else (shown, 1)
    address, step = reverse("calendar:page", args=[site.unit_id]), dt.timedelta(days=days)
    return {
        "site": site,
        "view": view,
        "views": VIEWS,
        "day": shown,
        "first": first,
        "days": days,
        "is_today": first <= today < first + step,
        "address": address,
        "shown_at": f"{address}?view={view}&day=",
        "before": f"{address}?view={view}&day={shown - step}",
        "after": f"{address}?view={view}&day={shown + step}",
        "table": reverse("scheduling:week_of" if week else "scheduling:day_of", args=[site.unit_id]) + f"?day={shown}",
        "words": words_for_script(),
    }


@guarded(SchedulingRight.READ, reads=NOTED)
@require_GET
def feed(request: HttpRequest, site_id: UUID) -> HttpResponse:
    """All that a screen of a site's days shows, as JSON (see `feed`)."""
    actor = actor_of(request)
    site = selectors.site(actor, site_id)
    days = LONGEST_SPAN if request.GET.get("days") == str(LONGEST_SPAN) else 1
    clinicians = tuple(filter(None, (uuid_or_none(text) for text in request.GET.getlist("clinician"))))
    span = Span(site_id, site.time_zone, asked_day(request) or today_at(site), days, clinicians)
    shown = whole(actor, span, at=now())
    note_reads(request, shown.patients)
    # Asked only where nobody works: a screen with visits pays nothing for it.
    nobody = not shown.content["clinicians"] or len(shown.content["closed"]) == span.days
    following = next_worked_day(actor, site, after=span.end - _A_DAY) if nobody else None
    return JsonResponse(shown.content | {"next_day": following.isoformat() if following else ""})


@guarded(PUBLIC, keeps_alive=False)
@require_GET
def ask(request: HttpRequest) -> HttpResponse:
    """Has anything changed? 204 means no. The ticket says what was seen; it tells nothing of anybody.

    Asked each moment by every open calendar, without a cookie: neither session nor user is looked up. A ticket that is
    a minute old counts as changed, so that the screen passes its session again.
    """
    try:
        span, seen, _ground = ticket.read(request.headers.get(_TICKET, ""), fresh=True)
    except NotVisible:
        return HttpResponse("look")
    return HttpResponse(status=204) if look(span, at=now()) == seen else HttpResponse("look")


@guarded(SchedulingRight.READ, reads=NOTED, keeps_alive=False)
@require_POST
def news(request: HttpRequest) -> HttpResponse:
    """What has changed since the ticket, under the session and the right of now.

    The body holds the stamps of the visits that the screen shows (`{id: stamp}`), so that nobody is read again in vain.
    """
    actor = actor_of(request)
    span, seen, ground = ticket.read(request.headers.get(_TICKET, ""), fresh=False)
    if not covers(actor, SchedulingRight.READ, span.site_id):
        raise NotVisible
    shown = news_of(actor, span, seen, ground, known=_known(request), at=now())
    note_reads(request, shown.patients)
    return JsonResponse(shown.content)


def _known(request: HttpRequest) -> dict[str, int]:
    """Whoever says nothing that can be understood knows nothing, and is told everything."""
    try:
        told = json.loads(request.body)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
