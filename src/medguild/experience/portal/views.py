"""Pages of people on their own record, and of staff who let them in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_POST

from medguild.experience.portal import selectors, services
from medguild.experience.portal.booking import may_move
from medguild.experience.portal.forms import GiveForm, RenewForm
from medguild.experience.portal.permissions import PortalRight
from medguild.experience.portal.waiting import may_wait_for_earlier
from medguild.experience.portal.words import WHO
from medguild.foundation.access.guard import NOTED, guarded, note_reads
from medguild.foundation.access.limits import limited
from medguild.foundation.access.models import Grant
from medguild.foundation.kernel.clock import now, today
from medguild.foundation.kernel.errors import NotVisible
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.forms import form_status, refusals
from medguild.foundation.ui.toasts import toast
from medguild.patients.identity.models import Patient

LINKS_A_MINUTE = 10


@guarded(PortalRight.READ, reads=NOTED)
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The own record; a choice for those who look after several."""
    records = selectors.records(actor_of(request))
    if len(records) == 1:
        return redirect("portal:record", records[0].pk)
    note_reads(request, [one.pk for one in records])
    return render(request, "portal/home.html", {"records": records})


@guarded(PortalRight.READ, reads="patient_id")
@require_GET
def own_record(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Visits, what is owed, signed notes, and who may see all this."""
    actor = actor_of(request)
    patient = selectors.record(actor, patient_id)
    day, visits = today(), selectors.visits(patient, at=now())
    context = {
        "patient": patient,
        "visits": visits,
        "may_move": may_move(visits.to_come, by=actor, at=now()),
        "may_wait": may_wait_for_earlier(patient, visits.to_come, by=actor),
        "owed": selectors.owed(actor, patient),
        "summaries": selectors.summaries(patient),
        "readers": [(WHO[grant.role], grant) for grant in selectors.readers_online(patient, on=day)],
        "entities": selectors.sharing_entities(patient, on=day),
        "others": [one for one in selectors.records(actor) if one.pk != patient.pk],
    }
    return render(request, "portal/record.html", context)


@guarded(PortalRight.READ, reads="patient_id")
@require_GET
def visit(request: HttpRequest, patient_id: UUID, note_id: UUID) -> HttpResponse:
    """What the clinician wrote and signed about a visit."""
    patient = selectors.record(actor_of(request), patient_id)
    context = {"patient": patient, "summary": selectors.summary(patient, note_id)}
    return render(request, "portal/visit.html", context)


@guarded(PortalRight.GIVE, reads="patient_id")
@require_GET
def access(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """For staff: who may open the record online."""
    patient = selectors.record(actor_of(request), patient_id, PortalRight.GIVE)
    grants = selectors.readers_online(patient, on=today())
    context = {"patient": patient, "readers": [(WHO[grant.role], grant) for grant in grants]}
    return render(request, "portal/access.html", context)


@guarded(PortalRight.GIVE, reads="patient_id")
@sensitive_variables("link")
def give(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """For staff: let somebody in; a new login's link is shown once."""
    actor = actor_of(request)
    patient = selectors.record(actor, patient_id, PortalRight.GIVE)
    form = GiveForm(request.POST or None, initial={"name": patient.label(), "email": patient.email})
    if form.is_valid():
        with refusals(form):
            link = services.give_access(patient=patient, by=actor, **form.cleaned_data)
            if link is None:
                toast(request, _("Given. They sign in as before."))
                return redirect("portal:access", patient.pk)
            context = {"patient": patient, "url": request.build_absolute_uri(link)}
            return render(request, "portal/given.html", context)
    context = {"patient": patient, "form": form, "back": reverse("portal:access", args=[patient.pk])}
    return render(request, "portal/give.html", context, status=form_status(form))


@guarded(PortalRight.GIVE, reads="patient_id")
@limited(LINKS_A_MINUTE)
@sensitive_variables("link")
def renew(request: HttpRequest, patient_id: UUID, grant_id: UUID) -> HttpResponse:
    """For staff: a link for somebody who lost the password, shown once, after it was checked who asks."""
    actor = actor_of(request)
    patient = selectors.record(actor, patient_id, PortalRight.GIVE)
    grant = _reader(patient, grant_id)
    form = RenewForm(request.POST or None)
    context: dict[str, Any] = {"patient": patient, "reader": grant.user}
    if form.is_valid():
        with refusals(form):
            link = services.renew_password(patient=patient, grant=grant, by=actor, **form.cleaned_data)
            return render(request, "portal/renewed.html", {**context, "url": request.build_absolute_uri(link)})
    context |= {"form": form, "back": reverse("portal:access", args=[patient.pk])}
    return render(request, "portal/renew.html", context, status=form_status(form))


@guarded(PortalRight.GIVE, reads="patient_id")
@require_POST
def end(request: HttpRequest, patient_id: UUID, grant_id: UUID) -> HttpResponse:
    """For staff: close the record to somebody."""
    actor = actor_of(request)
    patient = selectors.record(actor, patient_id, PortalRight.GIVE)
    services.end_access(patient=patient, grant=_reader(patient, grant_id), by=actor)
    toast(request, _("Ended."))
    return redirect("portal:access", patient.pk)


def _reader(patient: Patient, grant_id: UUID) -> Grant:
    found = next((one for one in selectors.readers_online(patient, on=today()) if one.pk == grant_id), None)
    if found is None:
        raise NotVisible
    return found
