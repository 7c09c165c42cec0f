"""Reminders by kind of visit: which have their own lead times, and one more."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from medguild.experience.outreach import terms
from medguild.experience.outreach.terms_form import TermsForm
from medguild.foundation.access.guard import guarded
from medguild.foundation.kernel.clock import today
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.forms import form_status, refusals
from medguild.foundation.ui.toasts import toast
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.selectors import visit_types


@guarded(SchedulingRight.TEMPLATES)
@require_http_methods(["GET", "POST"])
def kinds(request: HttpRequest) -> HttpResponse:
    """Kinds of visits with lead times of their own, and the form for one."""
    actor = actor_of(request)
    types = list(visit_types(actor))
    form = TermsForm(request.POST or None, visit_types=types, initial={"start": today()})
    if form.is_valid():
        with refusals(form):
            terms.set_terms(by=actor, **form.chosen())
            toast(request, _("Patients are reminded of such visits as set."))
            return redirect("outreach:kinds")
    context = {"form": form, "rows": terms.terms_to_come(types, on=today())}
    return render(request, "outreach/kinds.html", context, status=form_status(form))


@guarded(SchedulingRight.TEMPLATES)
@require_POST
def end(request: HttpRequest, terms_id: UUID) -> HttpResponse:
    """As the site's standards say, from today on."""
    terms.end_terms(row=terms.one_terms(terms_id), by=actor_of(request))
    toast(request, _("The standards of the sites hold for these visits again."))
    return redirect("outreach:kinds")
