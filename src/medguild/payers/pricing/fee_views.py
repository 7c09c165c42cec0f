"""Pages on which the fees of an entity are kept: a new schedule, one fee, a file of fees."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from medguild.foundation.access.guard import guarded
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import today
from medguild.foundation.organization.rules import UnitKind
from medguild.foundation.organization.selectors import units_visible
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.forms import form_status, refusals
from medguild.foundation.ui.toasts import toast
from medguild.payers.pricing import selectors, services
from medguild.payers.pricing.forms import FeeForm, ScheduleForm
from medguild.payers.pricing.loading import load_fees
from medguild.payers.pricing.loading_page import loading_page
from medguild.payers.pricing.models import FeeSchedule
from medguild.payers.pricing.permissions import FeesRight


@guarded(FeesRight.MANAGE)
@require_http_methods(["GET", "POST"])
def new_schedule(request: HttpRequest) -> HttpResponse:
    """Open the fees of an entity from a day on, with those of the schedule before where wanted."""
    actor = actor_of(request)
    entities = units_visible(actor, FeesRight.MANAGE, kind=UnitKind.ENTITY)
    form = ScheduleForm(request.POST or None, entities=entities, initial={"start": today()})
    if form.is_valid():
        with refusals(form):
            schedule = _open(form, actor)
            toast(request, _("Fee schedule opened."))
            return redirect("payers:fee_schedule", schedule.pk)
    return render(request, "pricing/new_schedule.html", {"form": form}, status=form_status(form))


def _open(form: ScheduleForm, actor: Actor) -> FeeSchedule:
    given = form.cleaned_data
    before = selectors.latest_schedule(actor, given["entity"].pk, given["kind"]) if given["copy"] else None
    return services.begin_fee_schedule(
        entity=given["entity"], name=given["name"], kind=given["kind"], start=given["start"], like=before, by=actor
    )


@guarded(FeesRight.MANAGE)
@require_http_methods(["GET", "POST"])
def new_fee(request: HttpRequest, schedule_id: UUID) -> HttpResponse:
    """Add a code, or give one that is there another fee."""
    actor = actor_of(request)
    schedule = selectors.fee_schedule(actor, schedule_id, FeesRight.MANAGE)
    form = FeeForm(request.POST or None)
    if form.is_valid():
        given = form.cleaned_data
        with refusals(form):
            fee = services.Fee(given["code"], given["amount"], given["modifier"])
            services.set_fees(schedule=schedule, fees=[fee], by=actor)
            toast(request, _("Fee set."))
            return redirect("payers:fee_schedule", schedule.pk)
    context = {"form": form, "schedule": schedule, "line": None}
    return render(request, "pricing/fee.html", context, status=form_status(form))


@guarded(FeesRight.MANAGE)
@require_http_methods(["GET", "POST"])
def fee(request: HttpRequest, line_id: UUID) -> HttpResponse:
    """Change a fee, or take the code out (`act=remove`)."""
    actor = actor_of(request)
    line = selectors.fee_line(actor, line_id, FeesRight.MANAGE)
    back = redirect("payers:fee_schedule", line.schedule_id)
    if request.method == "POST" and request.POST.get("act") == "remove":
        services.remove_fee(line=line, by=actor)
        toast(request, _("Fee removed."))
        return back
    initial = {"code": line.code, "modifier": line.modifier, "amount": line.amount}
    form = FeeForm(request.POST or None, initial=initial)
    form.fix()
    if form.is_valid():
        with refusals(form):
            changed = services.Fee(line.code, form.cleaned_data["amount"], line.modifier)
            services.set_fees(schedule=line.schedule, fees=[changed], by=actor)
            toast(request, _("Fee set."))
            return back
    context = {"form": form, "schedule": line.schedule, "line": line}
    return render(request, "pricing/fee.html", context, status=form_status(form))


@guarded(FeesRight.MANAGE)
@require_http_methods(["GET", "POST"])
def load_fee_file(request: HttpRequest, schedule_id: UUID) -> HttpResponse:
    """Load a file of fees, or say what it would change."""
    actor = actor_of(request)
    schedule = selectors.fee_schedule(actor, schedule_id, FeesRight.MANAGE)
    return loading_page(
        request,
        lambda content, dry_run: load_fees(schedule=schedule, content=content, by=actor, dry_run=dry_run),
        title=_("Load fees"),
        name=schedule.name,
        columns="code,modifier,amount",
        example="99213,,150.00\n93000,26,20.00",
        back=reverse("payers:fee_schedule", args=[schedule.pk]),
    )
