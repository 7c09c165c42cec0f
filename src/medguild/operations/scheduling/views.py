"""Booking a time that was chosen: hold, say what it is for, book; or overbook."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from medguild.foundation.access.guard import guarded
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.foundation.organization.models import Site
from medguild.foundation.organization.people import Clinician
from medguild.foundation.organization.selectors import resources_at
from medguild.foundation.ui.asked import asked_day
from medguild.foundation.ui.forms import form_status, refusals
from medguild.foundation.ui.toasts import toast
from medguild.operations.scheduling import selectors, services
from medguild.operations.scheduling.care.others_page import Refused, others_for
from medguild.operations.scheduling.errors import ClinicianMayNot, HoldGone, NetworkAnswerNeeded, PatientStateNeeded
from medguild.operations.scheduling.forms import AboutForm, OverbookForm
from medguild.operations.scheduling.holding import hold_slot, release_hold
from medguild.operations.scheduling.kinds.checks import warning_for
from medguild.operations.scheduling.models import Appointment, Hold, VisitType
from medguild.operations.scheduling.network.answers import decline_out_of_network
from medguild.operations.scheduling.network.page import Told, in_network_url, network_form, told_of_hold, told_of_time
from medguild.operations.scheduling.network.rules import AnswerKind, Said
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.ports import PanelPlace, PanelRef, TimeChosen, panels_at, tell_choice
from medguild.operations.scheduling.rules import Mode
from medguild.operations.scheduling.search.forms import SlotForm
from medguild.operations.scheduling.services import About
from medguild.operations.scheduling.showing import actor_of, today_at, zone_of
from medguild.patients.identity.models import Patient
from medguild.patients.identity.selectors import patient as visible_patient


@guarded(SchedulingRight.BOOK, reads="patient_id")
def hold(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """A time was pressed: keep it while the rest is filled in."""
    form = SlotForm(request.POST)
    if request.method != "POST" or not form.is_valid():
        return redirect("scheduling:find")
    data = form.cleaned_data
    actor = actor_of(request)
    patient = visible_patient(actor, patient_id)
    try:
        kept = hold_slot(
            clinician=_clinician(data["clinician"]),
            visit_type=selectors.visit_type(actor, data["visit_type"]),
            site=selectors.site(actor, data["site"]),
            start=data["start"], by=actor, patient=patient, mode=Mode(data["mode"]) if data["mode"] else None,
            patient_state=data["patient_state"],
        )  # fmt: skip
    except NotVisible:
        raise
    except Refusal as refusal:
        toast(request, refusal.message, "bad")
        return redirect(f"{reverse('scheduling:find')}?{urlencode(_back(patient_id, data, refusal))}")
    return redirect(f"{reverse('scheduling:book', args=[patient_id, kept.pk])}{_chosen(data)}")


def _back(patient_id: UUID, data: dict[str, Any], refusal: Refusal) -> dict[str, str]:
    """The search to go back to; who may not see the patient stays named, so that the page tells who else may."""
    back = {"patient": str(patient_id), "visit_type": str(data["visit_type"])}
    if not isinstance(refusal, ClinicianMayNot):
        return back
    named = {"clinician": str(data["clinician"]), "site": str(data["site"]), "start": data["start"].date().isoformat()}
    return back | named | {name: data[name] for name in ("mode", "patient_state") if data[name]}


def _chosen(data: dict[str, Any]) -> str:
    """What was said with the time, for the page that books it."""
    said = {name: data[name] for name in ("mode", "patient_state", "proposed", "place") if data[name]}
    return f"?{urlencode(said)}" if said else ""


@guarded(SchedulingRight.BOOK, reads="patient_id")
def book(request: HttpRequest, patient_id: UUID, hold_id: UUID) -> HttpResponse:
    """Say what the visit is for, and book the time that is held. Out of network, say what the patient answered."""
    actor = actor_of(request)
    patient = visible_patient(actor, patient_id)
    kept = _held(request, hold_id)
    if kept is None:
        return _without_hold(request, patient, hold_id)
    told = told_of_hold(kept, patient)
    form = AboutForm(
        request.POST or None, visit_type=kept.visit_type, rooms=_rooms(request, kept.unit.site),
        initial={"patient_state": patient.state, **request.GET.dict()},
    )  # fmt: skip
    network, refused = network_form(request, told), None
    if form.is_valid() and (network is None or network.is_valid()):
        said = network.said(told.words) if network else None
        with refusals(form):
            if said is not None and said.kind is AnswerKind.OTHER_CLINICIAN:
                return _wants_another(request, patient, kept, told, said)
            try:
                booked = services.book_appointment(
                    patient=patient, clinician=kept.clinician, visit_type=kept.visit_type, site=kept.unit.site,
                    start=kept.start, by=actor, hold=kept, network_answer=said, **_about(form),
                )  # fmt: skip
            except HoldGone:
                return _without_hold(request, patient, hold_id)
            except ClinicianMayNot as refusal:
                refused = _others(
                    request, patient, (kept.visit_type, kept.clinician, kept.unit.site, kept.start), form, refusal
                )
                raise
            _tell_chosen(request, booked)
            toast(request, _("Booked."))
            return redirect("scheduling:show", booked.pk)
    context = {
        "form": form, "network": network, "told": told, "refused": refused, "may_book": True, "patient": patient,
        "hold": kept, "site": kept.unit.site, "in_network_url": in_network_url(patient, kept),
        "warning": warning_for(
            kept.visit_type, clinician_id=kept.clinician_id, unit_id=kept.unit_id, start=kept.start,
            patient_id=patient.pk,
        ),
    }  # fmt: skip
    status = max(form_status(form), form_status(network) if network else 200)
    return render(request, "scheduling/book.html", context, status=status)


def _wants_another(request: HttpRequest, patient: Patient, kept: Hold, told: Told, said: Said) -> HttpResponse:
    """Out of network, and the patient wants somebody else: keep the answer, give the time back, search in network.

    Raises what `decline_out_of_network` does.
    """
    actor = actor_of(request)
    decline_out_of_network(patient=patient, hold=kept, entity_id=told.place.entity_id, said=said, by=actor)
    address = in_network_url(patient, kept)
    release_hold(hold=kept, by=actor)
    toast(request, _("The answer is kept. These are in network."))
    return redirect(address)


def _without_hold(request: HttpRequest, patient: Patient, hold_id: UUID) -> HttpResponse:
    """The page was sent twice, opened again by the back button, or left open too long."""
    booked = selectors.appointments(actor_of(request)).filter(pk=hold_id, patient_id=patient.pk).first()
    if booked is not None:
        return redirect("scheduling:show", booked.pk)
    toast(request, _("The time is no longer held for you. Choose it again."), "bad")
    return redirect(f"{reverse('scheduling:find')}?{urlencode({'patient': str(patient.pk)})}")


@guarded(SchedulingRight.BOOK)
def release(request: HttpRequest, patient_id: UUID, hold_id: UUID) -> HttpResponse:
    """Not this time: give it back and choose another."""
    kept = _held(request, hold_id) if request.method == "POST" else None
    back = {"patient": str(patient_id)}
    if kept is not None:
        release_hold(hold=kept, by=actor_of(request))
        back |= {"visit_type": str(kept.visit_type_id), "site": str(kept.unit_id)}
    return redirect(f"{reverse('scheduling:find')}?{urlencode(back)}")


def _held(request: HttpRequest, hold_id: UUID) -> Hold | None:
    try:
        return selectors.hold(actor_of(request), hold_id)
    except NotVisible:
        return None


@guarded(SchedulingRight.OVERBOOK, reads="patient_id")
def overbook(
    request: HttpRequest, patient_id: UUID, visit_type_id: UUID, clinician_id: UUID, site_id: UUID
) -> HttpResponse:
    """Book a time of one's own choice with the reason for it."""
    actor = actor_of(request)
    patient = visible_patient(actor, patient_id)
    site = selectors.site(actor, site_id)
    clinician, visit_type = _clinician(clinician_id), selectors.visit_type(actor_of(request), visit_type_id)
    day = max(asked_day(request) or today_at(site), today_at(site))
    form = OverbookForm(request.POST or None, visit_type=visit_type, rooms=_rooms(request, site), initial={"day": day})
    told = refused = None
    if form.is_valid():
        start, day = form.start_at(zone_of(site)), form.cleaned_data["day"]
        told = told_of_time(visit_type, clinician, site, start, patient)
    network = network_form(request, told, declines=False)
    answered = network is not None and network.is_bound
    if told is not None and (network is None or not answered or network.is_valid()):
        booked = None
        with refusals(form):
            try:
                booked = services.book_appointment(
                    patient=patient, clinician=clinician, visit_type=visit_type, site=site, by=actor, start=start,
                    overbook_reason=form.cleaned_data["overbook_reason"],
                    outside_hours=form.cleaned_data["outside_hours"],
                    network_answer=network.said(told.words) if network and answered else None, **_about(form),
                )  # fmt: skip
            except ClinicianMayNot as refusal:
                refused = _others(request, patient, (visit_type, clinician, site, start), form, refusal)
                raise
            except NetworkAnswerNeeded:  # all else is well: now it is time to ask the patient
                if answered:
                    raise
        if booked is not None:
            tell_choice(TimeChosen(booked, 0, None, actor, form.cleaned_data["overbook_reason"]))
            toast(request, _("Overbooked.") if booked.overbooked else _("Booked: the time was free."))
            return redirect("scheduling:show", booked.pk)
        if form.errors and not answered:
            network = None
    panels = panels_at(PanelPlace.OVERBOOK, actor, PanelRef(clinician.pk, site.unit_id, day=day))
    context = {
        "form": form, "patient": patient, "clinician": clinician, "visit_type": visit_type, "site": site,
        "panels": panels, "told": told, "network": network, "refused": refused, "may_book": True,
    }  # fmt: skip
    status = 422 if network is not None else form_status(form)
    return render(request, "scheduling/overbook.html", context, status=status)


def _others(
    request: HttpRequest, patient: Patient, asked: tuple[VisitType, Clinician, Site, dt.datetime], form: AboutForm,
    refusal: ClinicianMayNot,
) -> Refused | None:  # fmt: skip
    """Who else may see the patient, where the clinician asked for may not; nobody, while a state is not even said."""
    if isinstance(refusal, PatientStateNeeded):
        return None
    visit_type, clinician, site, start = asked
    sites = {one.unit_id: one.unit.label() for one in selectors.sites_with_schedule(actor_of(request))}
    return others_for(
        actor=actor_of(request), visit_type=visit_type, clinician=clinician, site=site, start=start, patient=patient,
        reason=refusal.message, sites=sites, mode=form.cleaned_data["mode"],
        patient_state=form.cleaned_data["patient_state"],
    )  # fmt: skip


def _tell_chosen(request: HttpRequest, booked: Appointment) -> None:
    """Those who judge proposals hear which of them was booked, or that none was."""
    proposed, place = (request.GET.get(name, "") for name in ("proposed", "place"))
    if proposed.isdecimal():
        tell_choice(TimeChosen(booked, int(proposed), int(place) if place.isdecimal() else None, actor_of(request)))


def _about(form: AboutForm) -> dict[str, Any]:
    data = form.cleaned_data
    return {
        "about": About(data["reason_category"], data["reason"]),
        "mode": data["mode"],
        "patient_state": data["patient_state"],
        "room": form.chosen_room(),
    }


def _rooms(request: HttpRequest, site: Site) -> list[Any]:
    rooms = resources_at(actor_of(request), site.unit_id, on=today_at(site))
    return [room for room in rooms if room.kind == "room"]


def _clinician(clinician_id: UUID) -> Clinician:
    found = Clinician.objects.select_related("person", "resource").filter(pk=clinician_id).first()
    if found is None:
        raise NotVisible
    return found
