"""The calendar of a site: a day by clinician, a week by day, and the day's list on paper."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from medguild.foundation.access.guard import NOTED, guarded, note_reads
from medguild.foundation.kernel.errors import NotVisible
from medguild.foundation.organization.models import Site
from medguild.foundation.ui import tables
from medguild.foundation.ui.asked import asked_day, uuid_or_none
from medguild.foundation.ui.parts import Tab
from medguild.operations.scheduling import selectors
from medguild.operations.scheduling.chips import draw_chips
from medguild.operations.scheduling.day import day_of_site
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.rules import AppointmentStatus
from medguild.operations.scheduling.showing import actor_of, today_at
from medguild.operations.scheduling.sites import remember_site, usual_site
from medguild.operations.scheduling.tables import AppointmentTable
from medguild.operations.scheduling.week import next_worked_day, week_of_site
from medguild.operations.scheduling.week_rules import monday_of
from medguild.operations.scheduling.words import STATUS_TONES, STATUS_WORDS

_STATUSES = {status.value: (STATUS_TONES[status], STATUS_WORDS[status]) for status in AppointmentStatus}


@guarded(SchedulingRight.READ, reads=NOTED)
@require_GET
def day(request: HttpRequest) -> HttpResponse:
    """The calendar of the site that the user looked at last; phones and pages without script go on to the table."""
    site = usual_site(request, actor_of(request), SchedulingRight.READ)
    if site is None:
        return render(request, "scheduling/no_site.html")
    return redirect("calendar:page", site.unit_id)


@guarded(SchedulingRight.READ, reads=NOTED)
@require_GET
def day_of(request: HttpRequest, site_id: UUID) -> HttpResponse:
    """A site's day by clinician."""
    site, sites = _sites(request, site_id)
    actor, shown = actor_of(request), asked_day(request) or today_at(site)
    grid = day_of_site(actor, site, shown)
    visits = [visit for column in grid.columns for visit in column.visits]
    note_reads(request, [visit.patient_id for visit in visits])
    draw_chips(visits, site.time_zone)
    context = {
        **_frame(site, sites, shown, "scheduling:day_of", 1),
        "grid": grid,
        "next_day": None if grid.rows else next_worked_day(actor, site, after=shown),
    }
    return render(request, "scheduling/day.html", context)


@guarded(SchedulingRight.READ, reads=NOTED)
@require_GET
def week_of(request: HttpRequest, site_id: UUID) -> HttpResponse:
    """A site's week by day, of all clinicians or of one."""
    site, sites = _sites(request, site_id)
    shown = asked_day(request) or today_at(site)
    week = week_of_site(
        actor_of(request), site, monday_of(shown), clinician_id=uuid_or_none(request.GET.get("clinician", ""))
    )
    visits = [visit for one in week.days for visit in one.visits]
    note_reads(request, [visit.patient_id for visit in visits])
    draw_chips(visits, site.time_zone, with_clinician=week.clinician_id is None and len(week.clinicians) > 1)
    context = {**_frame(site, sites, shown, "scheduling:week_of", 7), "week": week, "real_today": today_at(site)}
    return render(request, "scheduling/week.html", context)


@guarded(SchedulingRight.READ, reads=NOTED)
@require_GET
def list_of(request: HttpRequest, site_id: UUID) -> HttpResponse:
    """The day's list, clinician by clinician, made to be printed."""
    site, sites = _sites(request, site_id)
    shown = asked_day(request) or today_at(site)
    columns = [column for column in day_of_site(actor_of(request), site, shown).columns if column.visits]
    note_reads(request, [visit.patient_id for column in columns for visit in column.visits])
    context = {**_frame(site, sites, shown, "scheduling:list_of", 1), "columns": columns}
    return render(request, "scheduling/day_list.html", context)


@guarded(SchedulingRight.READ, reads=NOTED)
@require_GET
def appointment_list(request: HttpRequest) -> HttpResponseBase:
    """Appointments of all sites, filtered: the rows behind numbers."""
    return tables.table_response(
        request, AppointmentTable, selectors.appointments(actor_of(request)), "scheduling/list.html"
    )


def _sites(request: HttpRequest, site_id: UUID) -> tuple[Site, list[Site]]:
    """The site of the page and all that the user may see. Raises NotVisible."""
    sites = list(selectors.sites_with_schedule(actor_of(request)))
    site = next((one for one in sites if one.unit_id == site_id), None)
    if site is None:
        raise NotVisible
    remember_site(request, site_id)
    return site, sites


def _frame(site: Site, sites: list[Site], shown: dt.date, url_name: str, days: int) -> dict[str, Any]:
    """What the three pages share: the way to other days, other sites and each other."""
    address, step = reverse(url_name, args=[site.unit_id]), dt.timedelta(days=days)
    views = ("scheduling:day_of", "scheduling:week_of", "scheduling:list_of")
    return {
        "site": site,
        "sites": [
            Tab(one.unit.label(), f"{reverse(url_name, args=[one.unit_id])}?day={shown}", one.unit_id == site.unit_id)
            for one in sites
            if len(sites) > 1
        ],
        "day": shown,
        "is_today": shown == today_at(site),
        "before": f"{address}?day={shown - step}",
        "after": f"{address}?day={shown + step}",
        "today": address,
        "address": address,
        "links": {name.partition(":")[2]: f"{reverse(name, args=[site.unit_id])}?day={shown}" for name in views},
        "statuses": _STATUSES,
    }
