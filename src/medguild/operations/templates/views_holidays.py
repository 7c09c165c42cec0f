"""Public holidays of a site's state: ticked where the site is closed."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from medguild.foundation.access.guard import guarded
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.foundation.organization.models import Site
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.parts import Tab
from medguild.foundation.ui.toasts import toast
from medguild.operations.scheduling import selectors as schedule
from medguild.operations.scheduling.checks import covers
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.showing import today_at
from medguild.operations.templates.closing import close_days, open_days, proposed_days

_YEARS = 3


@guarded(SchedulingRight.READ)
@require_http_methods(["GET", "POST"])
def year(request: HttpRequest, site_id: UUID) -> HttpResponse:
    """The holidays of a year with what is booked on them."""
    actor = actor_of(request)
    site = schedule.site(actor, site_id)
    this_year = today_at(site).year
    asked = request.GET.get("year", "")
    shown = int(asked) if asked.isdigit() and this_year <= int(asked) < this_year + _YEARS else this_year
    if request.method == "POST":
        return _save(request, site, shown)
    sites = list(schedule.sites_with_schedule(actor))
    context = {
        "site": site,
        "year": shown,
        "years": [
            Tab(str(one), f"{reverse('templates:holidays', args=[site_id])}?year={one}", one == shown)
            for one in range(this_year, this_year + _YEARS)
        ],
        "sites": [
            Tab(
                one.unit.name, f"{reverse('templates:holidays', args=[one.unit_id])}?year={shown}",
                one.unit_id == site_id,
            )
            for one in sites
        ],
        "days": proposed_days(actor, site, shown),
        "may_change": covers(actor, SchedulingRight.TEMPLATES, site.unit_id),
    }  # fmt: skip
    return render(request, "templates/holidays.html", context)


def _save(request: HttpRequest, site: Site, shown: int) -> HttpResponse:
    """Ticked days are closed, days that lost their tick are open again."""
    actor = actor_of(request)
    ticked = {dt.date.fromisoformat(text) for text in request.POST.getlist("day") if _is_day(text)}
    days = proposed_days(actor, site, shown)
    loosed = {
        one.holiday.day
        for one in days
        if one.closure and not one.from_above and not one.past and one.holiday.day not in ticked
    }
    try:
        plans = close_days(site=site, days=ticked, by=actor)
        opened = open_days(site=site, days=loosed, by=actor) if loosed else 0
    except NotVisible:
        raise
    except Refusal as refusal:
        toast(request, refusal.message, "bad")
    else:
        _told(request, len(plans), opened, sum(plan.moves.visible_to(actor).count() for plan in plans))
    return redirect(f"{reverse('templates:holidays', args=[site.unit_id])}?year={shown}")


def _told(request: HttpRequest, closed: int, opened: int, visits: int) -> None:
    if not closed and not opened:
        toast(request, _("Nothing was changed."), "info")
        return
    if closed:
        toast(request, ngettext("Closed on %(count)d day.", "Closed on %(count)d days.", closed) % {"count": closed})
    if opened:
        text = ngettext("Open again on %(count)d day.", "Open again on %(count)d days.", opened)
        toast(request, text % {"count": opened})
    if visits:
        text = ngettext("%(count)d visit must move.", "%(count)d visits must move.", visits)
        toast(request, text % {"count": visits}, "warn")


def _is_day(text: str) -> bool:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True
