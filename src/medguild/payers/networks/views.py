"""Pages of networks: the list, one network with whom it lists, and the question whether a visit is in network."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from medguild.foundation.access.guard import guarded
from medguild.foundation.kernel.clock import today
from medguild.foundation.ui import tables
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.forms import form_status, refusals
from medguild.foundation.ui.toasts import toast
from medguild.payers.networks import choices, selectors, services, showing
from medguild.payers.networks.forms import CheckForm, NetworkForm
from medguild.payers.networks.permissions import NetworksRight
from medguild.payers.networks.selectors import Place
from medguild.payers.payers.permissions import PayersRight


class NetworkFilters(tables.FilterSet):
    q = tables.SearchFilter(
        fields=["name__icontains", "payer__name__icontains"], label=gettext_lazy("Network or payer")
    )


class NetworkTable(tables.Table):
    payer = tables.Column(gettext_lazy("Payer"), accessor="payer__name")
    name = tables.Column(gettext_lazy("Network"), linkify=lambda record: reverse("payers:network", args=[record.pk]))
    plan_count = tables.NumberColumn(gettext_lazy("Plans"))
    group_count = tables.NumberColumn(gettext_lazy("Groups"))
    clinician_count = tables.NumberColumn(gettext_lazy("Clinicians"))
    period = tables.PeriodColumn(gettext_lazy("In force"))

    key = "networks"
    caption = gettext_lazy("Networks")
    filters = NetworkFilters
    empty = tables.Empty(
        gettext_lazy("No networks yet"),
        gettext_lazy("Record which plans use which network, and whom it lists: then a visit out of network is seen."),
        href_name="payers:new_network",
        action=gettext_lazy("Add a network"),
    )


@guarded(PayersRight.READ)
def network_list(request: HttpRequest) -> HttpResponseBase:
    context = {"keeps": actor_of(request).may(NetworksRight.MANAGE)}
    rows = selectors.networks(on=today())
    return tables.table_response(request, NetworkTable, rows, "networks/list.html", context)


@guarded(NetworksRight.MANAGE)
@require_http_methods(["GET", "POST"])
def new_network(request: HttpRequest) -> HttpResponse:
    form = NetworkForm(request.POST or None, initial={"start": today()})
    if form.is_valid():
        with refusals(form):
            made = services.add_network(by=actor_of(request), **form.cleaned_data)
            toast(request, _("Network added."))
            return redirect("payers:network", made.pk)
    return render(request, "networks/new.html", {"form": form}, status=form_status(form))


@guarded(PayersRight.READ)
def network(request: HttpRequest, network_id: UUID) -> HttpResponse:
    """A network with its plans, groups and clinicians."""
    shown = selectors.network(network_id)
    actor = actor_of(request)
    context: dict[str, Any] = {
        "network": shown,
        "plans": selectors.plans_of(shown),
        "groups": [showing.listed(row, actor) for row in selectors.groups_of(shown)],
        "clinicians": [showing.listed(row, actor) for row in selectors.clinicians_of(shown)],
        "keeps": actor.may(NetworksRight.MANAGE),
    }
    return render(request, "networks/detail.html", context)


@guarded(PayersRight.READ)
def check(request: HttpRequest) -> HttpResponse:
    """Whether a visit of a plan's member is in network, part by part."""
    on = today()
    form = CheckForm(request.GET or None, initial={"on": on}, **choices.for_check(actor_of(request), on=on))
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        given = form.cleaned_data
        found = selectors.participation(
            plan=given["plan"], on=given["on"], new_patient=given["new_patient"],
            place=Place(given["entity"].pk, given["site"].pk, given["clinician"].pk),
        )  # fmt: skip
        context |= {"found": showing.told(found), "rules": selectors.plan_rules(given["plan"], on=given["on"])}
    return render(request, "networks/check.html", context, status=form_status(form))
