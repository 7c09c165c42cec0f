"""Pages of lengths of visits and of changed templates."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from medguild.foundation.access.guard import guarded
from medguild.foundation.kernel.clock import now
from medguild.foundation.ui.attributes import actor_of
from medguild.operations.demand.change_page import change_page, changes_grid
from medguild.operations.demand.lengths_page import lengths_page
from medguild.operations.demand.permissions import DemandRight
from medguild.operations.demand.selectors import demand_sites
from medguild.operations.demand.showing import page_tabs
from medguild.operations.demand.views import asked
from medguild.operations.templates.selectors import version


@guarded(DemandRight.READ)
@require_GET
def lengths(request: HttpRequest) -> HttpResponse:
    """How long visits are, beside what came of them."""
    about = asked(request, usual_days=56)
    shown = lengths_page(about.actor, about.sites, days=about.form.chosen_days, at=now()) if about.sites else None
    return render(request, "demand/lengths.html", about.context("demand:lengths", shown=shown))


@guarded(DemandRight.READ)
@require_GET
def changes(request: HttpRequest) -> HttpResponse:
    """Changes of templates whose effect can be looked at."""
    grid = changes_grid(actor_of(request), at=now())
    return render(request, "demand/changes.html", {"grid": grid, "tabs": page_tabs("demand:changes")})


@guarded(DemandRight.READ)
@require_GET
def change(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """What one change of a template did."""
    actor = actor_of(request)
    row = version(actor, version_id)
    shown = change_page(
        actor, demand_sites(actor), clinician=row.clinician, version_id=row.pk, on=row.period.lower, at=now()
    )
    return render(request, "demand/change.html", {"shown": shown})
