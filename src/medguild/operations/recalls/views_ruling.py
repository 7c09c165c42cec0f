"""Rules for recalls, and recalls from a file."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from medguild.foundation.access.guard import guarded
from medguild.foundation.access.limits import FILES_SENT, limited
from medguild.foundation.organization.selectors import units_visible
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.forms import form_status, refusals
from medguild.foundation.ui.toasts import toast
from medguild.operations.recalls import ruling, selectors
from medguild.operations.recalls.forms import RecallFileForm, RuleForm
from medguild.operations.recalls.importing import import_recalls, told
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.selectors import sites_with_schedule, visit_types

_MOST_TOLD = 200


@guarded(SchedulingRight.TEMPLATES)
@require_http_methods(["GET", "POST"])
def rules(request: HttpRequest) -> HttpResponse:
    """Rules in force, and one more."""
    actor = actor_of(request)
    units = units_visible(actor, SchedulingRight.TEMPLATES)
    form = RuleForm(request.POST or None, units=units, visit_types=visit_types(actor))
    if form.is_valid():
        with refusals(form):
            ruling.set_rule(by=actor, **form.chosen())
            toast(request, _("From now on each such visit makes the next one due."))
            return redirect("recalls:rules")
    context = {"form": form, "rules": list(selectors.recall_rules(actor))}
    return render(request, "recalls/rules.html", context, status=form_status(form))


@guarded(SchedulingRight.TEMPLATES)
@require_POST
def end_rule(request: HttpRequest, rule_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    ruling.end_rule(rule=selectors.recall_rule(actor, rule_id), by=actor)
    toast(request, _("The rule makes nothing due any more."))
    return redirect("recalls:rules")


@guarded(SchedulingRight.BOOK)
@require_http_methods(["GET", "POST"])
@limited(FILES_SENT)
def import_file(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    sites = {str(site.unit_id): site for site in sites_with_schedule(actor, SchedulingRight.BOOK)}
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = RecallFileForm(*sent, sites=sites.values())
    found = None
    if form.is_valid():
        with refusals(form):
            found = import_recalls(
                content=form.cleaned_data["file"].read(), site=sites[form.cleaned_data["site"]], by=actor
            )
    bad = [(row.line, told(row)) for row in (found.bad[:_MOST_TOLD] if found else ())]
    context = {"form": form, "found": found, "bad": bad, "list_url": reverse("recalls:list")}
    return render(request, "recalls/import.html", context, status=form_status(form))
