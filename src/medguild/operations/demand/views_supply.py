"""Pages of demand against supply."""

from __future__ import annotations

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from medguild.foundation.access.guard import guarded
from medguild.foundation.kernel.clock import now
from medguild.foundation.ui import tables
from medguild.foundation.ui.attributes import actor_of
from medguild.operations.demand.backfill_page import backfill_page
from medguild.operations.demand.fill_page import fill_page
from medguild.operations.demand.match_page import match_view
from medguild.operations.demand.models import SlotSearch
from medguild.operations.demand.permissions import DemandRight
from medguild.operations.demand.plan_page import plan_page
from medguild.operations.demand.scarce_page import scarce_page
from medguild.operations.demand.selectors import demand_sites
from medguild.operations.demand.tables import SearchTable
from medguild.operations.demand.views import asked


@guarded(DemandRight.READ)
@require_GET
def match_page(request: HttpRequest) -> HttpResponse:
    """Requested slots against offered ones by day, hours and kind of visit."""
    about = asked(request, usual_days=56)
    shown = match_view(about.actor, about.sites, days=about.form.chosen_days, at=now()) if about.sites else None
    return render(request, "demand/match.html", about.context("demand:match", shown=shown))


@guarded(DemandRight.READ)
@require_GET
def fill(request: HttpRequest) -> HttpResponse:
    """Fill of clinicians compared, with what could move."""
    about = asked(request)
    shown = fill_page(about.actor, about.sites, days=about.form.chosen_days, at=now()) if about.sites else None
    return render(request, "demand/fill.html", about.context("demand:fill", shown=shown))


@guarded(DemandRight.READ)
@require_GET
def refilled(request: HttpRequest) -> HttpResponse:
    """Cancelled times that were filled again."""
    about = asked(request)
    shown = backfill_page(about.actor, about.sites, days=about.form.chosen_days, at=now()) if about.sites else None
    return render(request, "demand/backfill.html", about.context("demand:backfill", shown=shown))


@guarded(DemandRight.READ)
@require_GET
def scarce(request: HttpRequest) -> HttpResponse:
    """What limits each session of a site in the coming days."""
    about = asked(request, all_sites=False, with_days=False)
    shown = scarce_page(about.sites[0], at=now()) if about.sites else None
    return render(request, "demand/scarce.html", about.context("demand:scarce", shown=shown))


@guarded(DemandRight.READ)
@require_GET
def plan(request: HttpRequest) -> HttpResponse:
    """What will be wanted in the coming weeks beside what templates offer."""
    about = asked(request, with_days=False)
    shown = plan_page(about.actor, about.sites, at=now()) if about.sites else None
    return render(request, "demand/plan.html", about.context("demand:plan", shown=shown))


@guarded(DemandRight.READ)
@require_GET
def searches(request: HttpRequest) -> HttpResponseBase:
    """Searches for a time at the actor's sites, and at any site."""
    sites = [site.unit_id for site in demand_sites(actor_of(request))]
    rows = SlotSearch.objects.filter(Q(unit__in=sites) | Q(unit__isnull=True)) if sites else SlotSearch.objects.none()
    rows = rows.select_related("visit_type", "unit__site")
    return tables.table_response(request, SearchTable, rows, "demand/searches.html")
