"""Pages of promises: what is open and whose, how well they are kept, one promise in one step."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from medguild.foundation.access.guard import NOTED, guarded
from medguild.foundation.events.events import SubjectRef
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import NotVisible
from medguild.foundation.organization.models import Site
from medguild.foundation.organization.selectors import sites_visible
from medguild.foundation.ui import tables
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.forms import form_status, refusals
from medguild.foundation.ui.toasts import toast
from medguild.foundation.work.ports import subject_kinds, work_types
from medguild.foundation.work.selectors import able_users_at
from medguild.operations.promises import selectors, services, showing
from medguild.operations.promises.forms import PromiseForm
from medguild.operations.promises.permissions import PromisesRight
from medguild.operations.promises.recording import PROMISE_TYPES
from medguild.operations.promises.rules import PromiseKind
from medguild.operations.promises.tables import PromiseTable
from medguild.patients.identity.models import Patient
from medguild.patients.identity.selectors import patient as visible_patient

_ABOUT = ("visit", "call", "inquiry")


@guarded(PromisesRight.READ, reads=NOTED)
@require_http_methods(["GET", "POST"])
def promise_list(request: HttpRequest) -> HttpResponseBase:
    """What was promised and is not done, with who has how much of it overdue."""
    actor, moment = actor_of(request), now()
    rows = selectors.promises(actor)
    if not any(request.GET.get(name) for name in ("done",)):
        rows = rows.filter(closed_at__isnull=True)
    kept = selectors.kept_by_type(actor, types=selectors.promise_types(), at=moment)
    context = {
        "owners": selectors.by_owner(actor, at=moment),
        "stats": showing.stats(kept.values()),
    }
    return tables.table_response(request, PromiseTable, rows, "promises/list.html", context)


@guarded(PromisesRight.READ)
@require_GET
def responses(request: HttpRequest) -> HttpResponse:
    """How quickly people are answered, by the way they reach us, against what is promised to them."""
    actor, moment = actor_of(request), now()
    types = [*selectors.response_types(), *selectors.promise_types()]
    lines = showing.response_lines(types, selectors.kept_by_type(actor, types=types, at=moment))
    return render(request, "promises/responses.html", {"lines": lines})


@guarded(PromisesRight.MAKE, reads="patient_id")
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Promise something to a patient; `?about=visit:<id>` (or call, inquiry) says on which occasion, `?kind=` what."""
    actor = actor_of(request)
    patient = visible_patient(actor, patient_id)
    site = _site(request, actor, patient)
    subject = _subject(request, actor, patient)
    declared = work_types.get(PROMISE_TYPES[PromiseKind.CALL])
    initial: dict[str, Any] = {"kind": request.GET.get("kind", ""), "owner": str(actor.id or "")}
    form = PromiseForm(request.POST or None, initial=initial, users=able_users_at(site.unit_id, declared))
    if form.is_valid():
        with refusals(form):
            services.make_promise(site=site, patient=patient, by=actor, subject=subject, **form.chosen())
            toast(request, _("Promised."))
            return redirect(_back(request, patient))
    context = {"form": form, "patient": patient, "site": site, "back": _back(request, patient)}
    return render(request, "promises/add.html", context, status=form_status(form))


def _site(request: HttpRequest, actor: Actor, patient: Patient) -> Site:
    """The site of the address, else the patient's own, else the first. Raises NotVisible."""
    sites = list(sites_visible(actor, PromisesRight.MAKE))
    wanted = request.GET.get("site", "")
    if wanted and not any(str(site.unit_id) == wanted for site in sites):
        raise NotVisible
    chosen = wanted or str(patient.home_unit_id or "")
    found = next((site for site in sites if str(site.unit_id) == chosen), sites[0] if sites else None)
    if found is None:
        raise NotVisible
    return found


def _subject(request: HttpRequest, actor: Actor, patient: Patient) -> SubjectRef | None:
    """The occasion of the address, as the actor may see it and as it belongs to the patient. Raises NotVisible."""
    text = request.GET.get("about", "")
    if not text:
        return None
    kind_key, _colon, id_text = text.partition(":")
    kind = subject_kinds.find(kind_key) if kind_key in _ABOUT else None
    try:
        subject_id = UUID(id_text)
    except ValueError:
        raise NotVisible from None
    view = kind.view(actor, [subject_id]).get(subject_id) if kind else None
    if view is None or view.patient_id != patient.pk:
        raise NotVisible
    return SubjectRef(kind_key, subject_id)


def _back(request: HttpRequest, patient: Patient) -> str:
    wanted = request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}):
        return wanted
    return reverse("patients:detail", args=[patient.pk])
