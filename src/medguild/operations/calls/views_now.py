"""Pages of the telephone right now: call-backs, alerts, the line that stands above."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from medguild.foundation.access.demand import holds_at
from medguild.foundation.access.guard import NOTED, guarded, note_reads
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import Refusal
from medguild.foundation.organization.selectors import sites_visible
from medguild.foundation.ui import tables
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.forms import form_status, refusals
from medguild.foundation.ui.toasts import toast
from medguild.foundation.work.permissions import WorkRight
from medguild.foundation.work.selectors import item_for
from medguild.operations.calls import alerts, calling_back
from medguild.operations.calls.alert_tables import AlertTable
from medguild.operations.calls.forms import CallBackForm, ExplainForm
from medguild.operations.calls.now import hold_alert, hold_alerts
from medguild.operations.calls.permissions import CallsRight
from medguild.operations.calls.showing import caller_of, phone_text, seconds_text
from medguild.operations.calls.site_panel import shown_now
from medguild.operations.calls.words import CALL_BACK_OUTCOMES, CAUSES, REASONS


@guarded(CallsRight.READ, keeps_alive=False)
@require_GET
def right_now(request: HttpRequest) -> HttpResponse:
    """Who waits on which telephone, with alerts; drawn anew every few seconds."""
    actor = actor_of(request)
    wanted = request.GET.get("site", "")
    sites = [site for site in sites_visible(actor, CallsRight.READ) if wanted in ("", str(site.unit_id))]
    context = {"telephones": shown_now(actor, sites, at=now()), "only_site": wanted if sites else ""}
    return render(request, "calls/_now.html", context)


@guarded(CallsRight.READ, reads=NOTED)
@require_GET
def call_backs(request: HttpRequest) -> HttpResponse:
    """Who is to be called back, by whom and until when."""
    actor = actor_of(request)
    rows = calling_back.call_backs(actor, at=now())
    note_reads(request, [row.call.patient_id for row in rows if row.call and row.call.patient_id])
    shown = [
        {
            "row": row,
            "caller": caller_of(row.call) if row.call else "",
            "phone": phone_text(row.call.phone) if row.call else "",
            "reason": REASONS[row.call.reason] if row.call else "",
            "zone": row.call.site.site.time_zone if row.call else "UTC",
        }
        for row in rows
    ]
    context = {"rows": shown, "may_do": actor.may(WorkRight.DO), "outcomes": CALL_BACK_OUTCOMES}
    return render(request, "calls/call_backs.html", context)


@guarded(CallsRight.LOG)
@require_POST
def called_back(request: HttpRequest, item_id: UUID) -> HttpResponse:
    form = CallBackForm(request.POST)
    item_for(actor_of(request), item_id)
    try:
        if not form.is_valid():
            raise Refusal(_("Say what came of it."), field="outcome")
        calling_back.called_back(item_id=item_id, outcome=form.cleaned_data["outcome"], by=actor_of(request))
        toast(request, _("Written down."))
    except Refusal as refusal:
        toast(request, refusal.message, tone="bad")
    return redirect("calls:call_backs")


@guarded(CallsRight.READ)
@require_GET
def alert_list(request: HttpRequest) -> HttpResponseBase:
    """When callers waited too long, and why."""
    return tables.table_response(request, AlertTable, hold_alerts(actor_of(request)), "calls/alerts.html", {})


@guarded(CallsRight.READ)
@require_http_methods(["GET", "POST"])
def alert(request: HttpRequest, alert_id: UUID) -> HttpResponse:
    """One alert; whoever manages the site says why."""
    actor = actor_of(request)
    found = hold_alert(actor, alert_id)
    may = holds_at(actor, CallsRight.EXPLAIN, found.site_id)
    form = ExplainForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            alerts.explain_alert(alert=found, by=actor, **form.cleaned_data)
            toast(request, _("Explained."))
            return redirect("calls:alert", found.pk)
    context = {
        "alert": found,
        "form": form if may and found.explained_at is None else None,
        "zone": found.site.site.time_zone,
        "worst": seconds_text(found.worst_seconds),
        "limit": seconds_text(found.limit_seconds),
        "cause": CAUSES.get(found.cause, ""),
    }
    return render(request, "calls/alert.html", context, status=form_status(form))
