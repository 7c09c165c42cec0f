"""Pages of calls: numbers, the list, one call, writing one down, importing a file."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from medguild.foundation.access.guard import NOTED, guarded, note_reads
from medguild.foundation.kernel.clock import local_date, now
from medguild.foundation.organization.selectors import sites_visible
from medguild.foundation.ui import tables
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.forms import form_status, refusals
from medguild.foundation.ui.toasts import toast
from medguild.operations.calls import selectors, services
from medguild.operations.calls.forms import CallFileForm, CallForm, NumbersForm
from medguild.operations.calls.numbers_page import numbers_page
from medguild.operations.calls.permissions import CallsRight
from medguild.operations.calls.rules import Outcome
from medguild.operations.calls.showing import caller_of, phone_text, seconds_text
from medguild.operations.calls.site_panel import shown_now
from medguild.operations.calls.tables import CallTable
from medguild.operations.calls.words import DIRECTIONS, OUTCOME_TONES, OUTCOMES, REASONS


@guarded(CallsRight.READ)
@require_GET
def numbers(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    sites = list(sites_visible(actor, CallsRight.READ))
    form = NumbersForm(request.GET or None, sites=sites)
    chosen = [site for site in sites if site.unit_id == form.chosen_site] or sites
    context: dict[str, Any] = {"form": form, "may_import": actor.may(CallsRight.IMPORT)}
    context["telephones"] = shown_now(actor, chosen, at=now())
    context["only_site"] = form.chosen_site
    if chosen:
        context["shown"] = numbers_page(actor, chosen, days=form.chosen_days, at=now())
    return render(request, "calls/numbers.html", context)


@guarded(CallsRight.READ, reads=NOTED)
@require_GET
def call_list(request: HttpRequest) -> HttpResponseBase:
    context = {"may_log": actor_of(request).may(CallsRight.LOG), "may_import": actor_of(request).may(CallsRight.IMPORT)}
    return tables.table_response(request, CallTable, selectors.calls(actor_of(request)), "calls/list.html", context)


@guarded(CallsRight.READ, reads=NOTED)
@require_GET
def show(request: HttpRequest, call_id: UUID) -> HttpResponse:
    call = selectors.call_for(actor_of(request), call_id)
    if call.patient_id is not None:
        note_reads(request, [call.patient_id])
    outcome = Outcome(call.outcome)  # type: ignore[attr-defined]
    context = {
        "call": call,
        "zone": call.site.site.time_zone,
        "caller": caller_of(call),
        "phone": phone_text(call.phone),
        "outcome": OUTCOMES[outcome],
        "tone": OUTCOME_TONES[outcome],
        "reason": REASONS[call.reason],
        "direction": DIRECTIONS[call.direction],
        "waited": seconds_text(call.wait_seconds),
        "on_hold": seconds_text(call.hold_seconds),
    }
    return render(request, "calls/show.html", context)


@guarded(CallsRight.LOG)
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    sites = {str(site.unit_id): site for site in sites_visible(actor, CallsRight.LOG)}
    first = next(iter(sites.values()), None)
    initial: dict[str, Any] = {"site": request.GET.get("site")}
    if first is not None:
        initial["day"] = local_date(now(), first.time_zone)
    form = CallForm(request.POST or None, sites=sites.values(), initial=initial)
    if form.is_valid():
        site = sites[form.cleaned_data["site"]]
        with refusals(form):
            call = services.log_call(site=site, call=form.facts(site.time_zone), by=actor)
            toast(request, _("The call is written down."))
            return redirect("calls:show", call.pk)
    return render(request, "calls/add.html", {"form": form}, status=form_status(form))


@guarded(CallsRight.IMPORT)
@require_http_methods(["GET", "POST"])
def import_file(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    sites = {str(site.unit_id): site for site in sites_visible(actor, CallsRight.IMPORT)}
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = CallFileForm(*sent, sites=sites.values())
    found = None
    if form.is_valid():
        with refusals(form):
            found = services.import_calls(
                content=form.cleaned_data["file"].read(), site=sites[form.cleaned_data["site"]], by=actor
            )
    bad = [(row.line, services.told(row)) for row in (found.bad[:200] if found else ())]
    context = {"form": form, "found": found, "bad": bad, "list_url": reverse("calls:list")}
    return render(request, "calls/import.html", context, status=form_status(form))
