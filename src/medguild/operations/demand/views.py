"""Pages of the numbers of access."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from medguild.foundation.access.guard import NOTED, guarded
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now, today
from medguild.foundation.organization.models import Site
from medguild.foundation.ui import tables
from medguild.foundation.ui.attributes import actor_of
from medguild.operations.demand.access_page import access_page
from medguild.operations.demand.forms import USUAL_DAYS, NumbersForm
from medguild.operations.demand.permissions import DemandRight
from medguild.operations.demand.records import records
from medguild.operations.demand.selectors import demand_sites, usual_kind
from medguild.operations.demand.showing import page_tabs
from medguild.operations.demand.tables import DemandTable, SampleTable
from medguild.operations.demand.third_next import samples
from medguild.operations.scheduling.models import VisitType
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.selectors import visit_types

_OLDEST = dt.timedelta(days=3 * 366)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page is about: the sites chosen (all of the actor's by default) and the form."""

    actor: Actor
    form: NumbersForm
    sites: list[Site]

    def context(self, here: str, **more: Any) -> dict[str, Any]:
        return {"form": self.form, "tabs": page_tabs(here), **more}


def asked(request: HttpRequest, kinds: list[VisitType] | None = None, **options: Any) -> Asked:
    actor = actor_of(request)
    sites = demand_sites(actor)
    form = NumbersForm(request.GET or None, sites=sites, kinds=kinds or [], **options)
    chosen = [site for site in sites if site.unit_id == form.chosen_site]
    if not options.get("all_sites", True):
        chosen = chosen or sites[:1]
    return Asked(actor, form, chosen or sites)


@guarded(DemandRight.READ)
@require_GET
def access(request: HttpRequest) -> HttpResponse:
    """How soon patients are seen: third next available, wait of new patients, same day, evenings."""
    kinds = list(visit_types(actor_of(request)))
    about = asked(request, kinds, usual_days=USUAL_DAYS)
    kind = next((one for one in kinds if one.pk == about.form.chosen_kind), None)
    if kind is None and kinds and about.sites:
        end = today()
        start = end - dt.timedelta(days=USUAL_DAYS)
        kind = usual_kind(about.actor, about.sites, kinds, start=start, end=end)
        about.form.initial["kind"] = kind.pk
    shown = None
    if about.sites and kind is not None:
        shown = access_page(about.actor, about.sites, kind, days=about.form.chosen_days, at=now())
    return render(request, "demand/access.html", about.context("demand:access", shown=shown))


@guarded(SchedulingRight.READ, reads=NOTED)
@require_GET
def visits(request: HttpRequest) -> HttpResponseBase:
    """The visits behind a number."""
    return tables.table_response(request, DemandTable, records(actor_of(request)), "demand/visits.html")


@guarded(DemandRight.READ)
@require_GET
def sample_list(request: HttpRequest) -> HttpResponseBase:
    """The samples behind a point of the trend."""
    rows = samples(actor_of(request), since=today() - _OLDEST)
    rows = rows.select_related("visit_type", "clinician__person", "unit")
    return tables.table_response(request, SampleTable, rows, "demand/samples.html")
