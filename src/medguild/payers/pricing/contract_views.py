"""Pages on which agreements with payers are kept: the contract, its rates, a file of rates."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from medguild.foundation.access.guard import guarded
from medguild.foundation.kernel.clock import today
from medguild.foundation.kernel.errors import Refusal
from medguild.foundation.organization.rules import UnitKind
from medguild.foundation.organization.selectors import units_visible
from medguild.foundation.ui import tables
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.forms import form_status, refusals
from medguild.foundation.ui.toasts import toast
from medguild.payers.pricing import selectors, services
from medguild.payers.pricing.forms import ContractForm, EndForm, RateForm
from medguild.payers.pricing.loading import load_rates
from medguild.payers.pricing.loading_page import loading_page
from medguild.payers.pricing.permissions import FeesRight


class RateFilters(tables.FilterSet):
    q = tables.SearchFilter(fields=["code__istartswith"], label=gettext_lazy("Code"))


class RateTable(tables.Table):
    code = tables.Column(gettext_lazy("Code"), empty_values=())
    modifier = tables.Column(gettext_lazy("Modifier"))
    allowed = tables.MoneyColumn(gettext_lazy("Allowed amount"))
    percent = tables.Column(gettext_lazy("Percent of the charge"))

    class Meta:
        order_by = ("code",)

    key = "contract-rates"
    caption = gettext_lazy("Rates")
    filters = RateFilters
    empty = tables.Empty(gettext_lazy("No rates yet"), gettext_lazy("Add a rate, or load the rates from a file."))

    def render_code(self, value: str) -> str:
        return value or _("All other codes")

    def render_percent(self, value: int) -> str:
        return f"{value / 100:.2f} %"


class KeptRateTable(RateTable):
    """For those who may change the rates: each opens."""

    code = tables.Column(
        gettext_lazy("Code"), empty_values=(), linkify=lambda record: reverse("payers:rate", args=[record.pk])
    )


@guarded(FeesRight.READ)
def contract(request: HttpRequest, contract_id: UUID) -> HttpResponseBase:
    """A contract with its rates."""
    actor = actor_of(request)
    shown = selectors.contract(actor, contract_id)
    keeps = actor.scope(FeesRight.MANAGE).everything or shown.entity_id in actor.scope(FeesRight.MANAGE).units
    rows = selectors.contract_rates(actor, shown.pk)
    context = {"contract": shown, "keeps": keeps, "end": EndForm()}
    return tables.table_response(request, KeptRateTable if keeps else RateTable, rows, "pricing/contract.html", context)


@guarded(FeesRight.MANAGE)
@require_http_methods(["GET", "POST"])
def new_contract(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    entities = units_visible(actor, FeesRight.MANAGE, kind=UnitKind.ENTITY)
    form = ContractForm(request.POST or None, entities=entities, initial={"start": today()})
    if form.is_valid():
        with refusals(form):
            signed = services.sign_contract(by=actor, **form.cleaned_data)
            toast(request, _("Contract recorded."))
            return redirect("payers:contract", signed.pk)
    return render(request, "pricing/new_contract.html", {"form": form}, status=form_status(form))


@guarded(FeesRight.MANAGE)
@require_POST
def end_contract(request: HttpRequest, contract_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    held = selectors.contract(actor, contract_id, FeesRight.MANAGE)
    form = EndForm(request.POST)
    try:
        if form.is_valid():
            services.end_contract(contract=held, on=form.cleaned_data["end"], by=actor)
            toast(request, _("The contract ends on that day."))
        else:
            toast(request, _("Write the day on which it ends."), tone="bad")
    except Refusal as refusal:
        toast(request, refusal.message, tone="bad")
    return redirect("payers:contract", held.pk)


@guarded(FeesRight.MANAGE)
@require_http_methods(["GET", "POST"])
def new_rate(request: HttpRequest, contract_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    held = selectors.contract(actor, contract_id, FeesRight.MANAGE)
    form = RateForm(request.POST or None)
    if form.is_valid():
        with refusals(form):
            services.set_rates(contract=held, rates=[services.Rate(**form.cleaned_data)], by=actor)
            toast(request, _("Rate set."))
            return redirect("payers:contract", held.pk)
    return render(request, "pricing/rate.html", {"form": form, "contract": held}, status=form_status(form))


@guarded(FeesRight.MANAGE)
@require_http_methods(["GET", "POST"])
def rate(request: HttpRequest, rate_id: UUID) -> HttpResponse:
    """Change a rate, or take it out (`act=remove`)."""
    actor = actor_of(request)
    held = selectors.contract_rate(actor, rate_id, FeesRight.MANAGE)
    back = redirect("payers:contract", held.contract_id)
    if request.method == "POST" and request.POST.get("act") == "remove":
        services.remove_rate(rate=held, by=actor)
        toast(request, _("Rate removed."))
        return back
    percent = None if held.percent is None else f"{held.percent / 100:.2f}"
    initial: dict[str, Any] = {
        "code": held.code,
        "modifier": held.modifier,
        "allowed": held.allowed,
        "percent": percent,
    }
    form = RateForm(request.POST or None, initial=initial)
    form.fix()
    if form.is_valid():
        with refusals(form):
            services.set_rates(contract=held.contract, rates=[services.Rate(**form.cleaned_data)], by=actor)
            toast(request, _("Rate set."))
            return back
    context = {"form": form, "contract": held.contract, "rate": held}
    return render(request, "pricing/rate.html", context, status=form_status(form))


@guarded(FeesRight.MANAGE)
@require_http_methods(["GET", "POST"])
def load_rate_file(request: HttpRequest, contract_id: UUID) -> HttpResponse:
    """Load a file of rates, or say what it would change."""
    actor = actor_of(request)
    held = selectors.contract(actor, contract_id, FeesRight.MANAGE)
    return loading_page(
        request,
        lambda content, dry_run: load_rates(contract=held, content=content, by=actor, dry_run=dry_run),
        title=_("Load rates"),
        name=held.name,
        columns="code,modifier,allowed,percent",
        example="99213,,92.00,\n*,,,62.5",
        back=reverse("payers:contract", args=[held.pk]),
    )
