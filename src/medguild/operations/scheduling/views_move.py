"""Moving a visit to a time that was chosen in the search, and the patient's answer about the network."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from medguild.foundation.access.guard import NOTED, guarded, note_reads
from medguild.foundation.kernel.errors import NotVisible
from medguild.foundation.organization.models import Site
from medguild.foundation.organization.people import Clinician
from medguild.foundation.ui.forms import form_status, refusals
from medguild.foundation.ui.toasts import toast
from medguild.operations.scheduling import selectors, services
from medguild.operations.scheduling.care.others_page import Refused, others_for
from medguild.operations.scheduling.errors import ClinicianMayNot, PatientStateNeeded
from medguild.operations.scheduling.forms import MoveForm, NetworkForm
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.network.answers import answered_at, record_network_answer
from medguild.operations.scheduling.network.page import network_form, told_of_time
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.search.forms import SlotForm
from medguild.operations.scheduling.showing import actor_of


@guarded(SchedulingRight.BOOK, reads=NOTED)
def move(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    """Confirm another time, chosen in the search; the slot stands in the address."""
    actor = actor_of(request)
    found = selectors.appointment(actor, appointment_id)
    note_reads(request, [found.patient_id])
    chosen = SlotForm({**request.GET.dict(), "visit_type": str(found.visit_type_id)})
    if not chosen.is_valid():
        return redirect(f"{reverse('scheduling:find')}?move={found.pk}")
    slot = chosen.cleaned_data
    site = selectors.site(actor, slot["site"])
    clinician = Clinician.objects.select_related("person").filter(pk=slot["clinician"]).first()
    if clinician is None:
        raise NotVisible
    told = told_of_time(found.visit_type, clinician, site, slot["start"], found.patient)
    answered = answered_at(found, clinician_id=clinician.pk, unit_id=site.unit_id)
    network = None if answered else network_form(request, told, declines=False)
    form, refused = MoveForm(request.POST or None, initial={"who": request.GET.get("who", "patient")}), None
    if form.is_valid() and (network is None or network.is_valid()):
        with refusals(form):
            try:
                services.move_appointment(
                    appointment=found, start=slot["start"], clinician=clinician, site=site, by=actor,
                    by_practice=form.cleaned_data["who"] == "practice",
                    overbook_reason=form.cleaned_data["overbook_reason"],
                    outside_hours=form.cleaned_data["outside_hours"],
                    network_answer=network.said(told.words) if network else None,
                )  # fmt: skip
            except ClinicianMayNot as refusal:
                refused = _others(request, found, clinician, site, slot["start"], refusal)
                raise
            toast(request, _("Moved. The old time is free again."))
            return redirect("scheduling:show", found.pk)
    context = {
        "appointment": found, "clinician": clinician, "site": site, "start": slot["start"], "form": form,
        "told": told, "network": network, "refused": refused, "moved": found,
    }  # fmt: skip
    return render(request, "scheduling/move.html", context, status=form_status(form))


def _others(
    request: HttpRequest, found: Appointment, clinician: Clinician, site: Site, start: dt.datetime,
    refusal: ClinicianMayNot,
) -> Refused | None:  # fmt: skip
    """Who else may see the patient; their times lead to the move again."""
    if isinstance(refusal, PatientStateNeeded):
        return None
    actor = actor_of(request)
    sites = {one.unit_id: one.unit.label() for one in selectors.sites_with_schedule(actor)}
    return others_for(
        actor=actor, visit_type=found.visit_type, clinician=clinician, site=site, start=start, patient=found.patient,
        reason=refusal.message, sites=sites, mode=found.mode, patient_state=found.patient_state,
    )  # fmt: skip


@guarded(SchedulingRight.BOOK, reads=NOTED)
def network_answer(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    """Tell the patient about the network at last, or again, and keep what they say."""
    actor = actor_of(request)
    found = selectors.appointment(actor, appointment_id)
    note_reads(request, [found.patient_id])
    told = told_of_time(found.visit_type, found.clinician, found.unit.site, found.start, found.patient)
    form = NetworkForm(request.POST or None)
    if form.is_valid():
        with refusals(form):
            record_network_answer(appointment=found, said=form.said(told.words), by=actor)
            toast(request, _("The answer is kept."))
            return redirect("scheduling:show", found.pk)
    context = {"appointment": found, "told": told, "form": form}
    return render(request, "scheduling/network_answer.html", context, status=form_status(form))
