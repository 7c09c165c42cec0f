"""Pages of payers and plans."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.access.guard import guarded
from medguild.foundation.ui import tables
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.forms import form_status, refusals
from medguild.foundation.ui.toasts import toast
from medguild.payers.payers import selectors, services
from medguild.payers.payers.forms import PayerForm, PlanForm
from medguild.payers.payers.models import Payer
from medguild.payers.payers.permissions import PayersRight
from medguild.payers.payers.words import PAYER_KINDS, PLAN_KINDS

_FEES = "fees.read"  # a right of the room above, which keeps the fee schedules


class PayerFilters(tables.FilterSet):
    q = tables.SearchFilter(fields=["name__icontains", "payer_id__istartswith"], label=gettext_lazy("Name or payer id"))
    kind = tables.ChoiceFilter(choices=PAYER_KINDS, label=gettext_lazy("Kind"))


class PayerTable(tables.Table):
    name = tables.Column(gettext_lazy("Name"), linkify=lambda record: reverse("payers:detail", args=[record.pk]))
    payer_id = tables.Column(gettext_lazy("Payer id"))
    kind = tables.Column(gettext_lazy("Kind"))
    filing_indicator = tables.Column(gettext_lazy("Filing"))
    plan_count = tables.NumberColumn(gettext_lazy("Plans"))

    class Meta:
        order_by = ("name",)

    key = "payers"
    caption = gettext_lazy("Payers")
    filters = PayerFilters
    empty = tables.Empty(
        gettext_lazy("No payers yet"),
        gettext_lazy("Add the payers whose members you see."),
        href_name="payers:new",
        action=gettext_lazy("Add a payer"),
        permission=PayersRight.MANAGE,
    )

    def render_kind(self, value: str) -> Any:
        return dict(PAYER_KINDS).get(value, value)


@guarded(PayersRight.READ)
def payer_list(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    context = {"may_manage": actor.may(PayersRight.MANAGE), "may_see_fees": actor.may(_FEES)}
    return tables.table_response(request, PayerTable, selectors.payers(), "payers/list.html", context)


@guarded(PayersRight.MANAGE)
def new_payer(request: HttpRequest) -> HttpResponse:
    form = PayerForm(request.POST or None)
    if form.is_valid():
        with refusals(form):
            payer = services.add_payer(by=actor_of(request), **form.cleaned_data)
            toast(request, _("Payer added."))
            return redirect("payers:detail", payer.pk)
    return render(request, "payers/new.html", {"form": form}, status=form_status(form))


@guarded(PayersRight.READ)
def payer_detail(request: HttpRequest, payer_id: UUID) -> HttpResponse:
    """The payer with its plans; those who keep payers add a plan here."""
    payer = selectors.payer(payer_id)
    may_manage = actor_of(request).may(PayersRight.MANAGE)
    form = PlanForm(request.POST if request.method == "POST" and may_manage else None)
    if form.is_valid():
        with refusals(form):
            services.add_plan(payer=payer, by=actor_of(request), **form.cleaned_data)
            toast(request, _("Plan added."))
            return redirect("payers:detail", payer.pk)
    return render(request, "payers/detail.html", _detail(payer, form, may_manage), status=form_status(form))


def _detail(payer: Payer, form: PlanForm, may_manage: bool) -> dict[str, Any]:
    words = dict(PLAN_KINDS)
    return {
        "payer": payer,
        "kind": dict(PAYER_KINDS).get(payer.kind, payer.kind),
        "plans": [(plan, words.get(plan.kind, plan.kind)) for plan in selectors.plans_of(payer.pk)],
        "form": form,
        "may_manage": may_manage,
    }
