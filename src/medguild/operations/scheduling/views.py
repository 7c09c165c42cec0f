"""Finding a free time and booking it."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from medguild.foundation.access.guard import NOTED, guarded, note_reads
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.foundation.organization.models import Site
from medguild.foundation.organization.people import Clinician
from medguild.foundation.organization.selectors import resources_at
from medguild.foundation.ui.forms import form_status, refusals
from medguild.foundation.ui.toasts import toast
from medguild.operations.scheduling import selectors, services
from medguild.operations.scheduling.errors import HoldGone
from medguild.operations.scheduling.forms import AboutForm, FindForm, OverbookForm, SlotForm
from medguild.operations.scheduling.holding import hold_slot, release_hold
from medguild.operations.scheduling.models import Appointment, Hold, VisitType
from medguild.operations.scheduling.offers import by_day
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.ports import PanelPlace, PanelRef, panels_at
from medguild.operations.scheduling.services import About
from medguild.operations.scheduling.showing import actor_of, today_at, zone_of
from medguild.patients.identity.models import Patient
from medguild.patients.identity.search import search
from medguild.patients.identity.selectors import patient as visible_patient

KEPT = ("patient", "visit_type", "clinician", "site", "start", "days", "move")


@guarded(SchedulingRight.READ, reads=NOTED)
def find(request: HttpRequest) -> HttpResponse:
    """Free times for a kind of visit; with a patient (or a visit to be moved) each time is a button."""
    actor = actor_of(request)
    sites = list(selectors.sites_with_schedule(actor))
    clinicians = list(selectors.clinicians_with_sessions(actor, on=today_at(None) - dt.timedelta(days=1)))
    moved = _moved(request)
    patient = moved.patient if moved else _patient(request)
    given = request.GET if "visit_type" in request.GET else None
    kinds = list(selectors.visit_types(actor))
    form = FindForm(
        _defaults(given, moved, selectors.usual_kind(actor, patient, kinds) if patient else None),
        initial=request.GET.dict(),
        visit_types=kinds,
        clinicians=clinicians,
        sites=sites,
    )
    found = _search(actor_of(request), form, sites) if form.is_bound and form.is_valid() else None
    names = {one.pk: one.label() for one in clinicians}
    places = {site.unit_id: site.unit.label() for site in sites}
    context = {
        "form": form,
        "patient": patient,
        "moved": moved,
        "query": request.POST.get("q", ""),
        "people": _people(request) if patient is None else None,
        "kept": {name: request.GET[name] for name in KEPT if name in request.GET and name != "patient"},
        "days": by_day(found, names, places) if found is not None else None,
        "later": _later(request, form) if found is not None else "",
        "may_book": actor.may(SchedulingRight.BOOK),
        "may_overbook": actor.may(SchedulingRight.OVERBOOK),
    }
    return render(request, "scheduling/find.html", context)


def _moved(request: HttpRequest) -> Appointment | None:
    value = request.GET.get("move", "")
    if not value:
        return None
    moved = selectors.appointment(actor_of(request), _uuid(value))
    note_reads(request, [moved.patient_id])
    return moved


def _defaults(given: Any, moved: Appointment | None, kind: VisitType | None) -> Any:
    """What was asked; else the visit to be moved; else, with a patient, the usual kind: the times show at once."""
    if given is not None:
        return given
    if moved is None:
        return {"visit_type": str(kind.pk)} if kind else None
    return {"visit_type": str(moved.visit_type_id), "clinician": str(moved.clinician_id), "site": str(moved.unit_id)}


def _patient(request: HttpRequest) -> Patient | None:
    value = request.GET.get("patient", "")
    if not value:
        return None
    patient = visible_patient(actor_of(request), _uuid(value))
    note_reads(request, [patient.pk])
    return patient


def _uuid(value: str) -> UUID:
    """A bad id is a record that is not there."""
    try:
        return UUID(value)
    except ValueError:
        raise NotVisible from None


def _people(request: HttpRequest) -> Any:
    text = request.POST.get("q", "").strip()  # a name never stands in an address
    if not text:
        return None
    found = search(actor_of(request), text)
    note_reads(request, [row["id"] for row in found.rows])
    return found


def _search(actor: Any, form: FindForm, sites: list[Site]) -> Any:
    data = form.cleaned_data
    chosen = next((site for site in sites if site.unit_id == data["site"]), None)
    start = data["start"] or today_at(chosen)
    return selectors.find_slots(
        actor=actor,
        visit_type_id=data["visit_type"],
        clinicians=[data["clinician"]] if data["clinician"] else None,
        units=[data["site"]] if data["site"] else None,
        start=start,
        end=start + dt.timedelta(days=data["days"]),
    )


def _later(request: HttpRequest, form: FindForm) -> str:
    """The address of the same search in the days that follow."""
    start = (form.cleaned_data["start"] or today_at(None)) + dt.timedelta(days=form.cleaned_data["days"])
    given = {name: request.GET[name] for name in KEPT if name in request.GET} | {"start": start.isoformat()}
    return f"{reverse('scheduling:find')}?{urlencode(given)}"


@guarded(SchedulingRight.BOOK)
def hold(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """A time was pressed: keep it while the rest is filled in."""
    form = SlotForm(request.POST)
    if request.method != "POST" or not form.is_valid():
        return redirect("scheduling:find")
    data = form.cleaned_data
    actor = actor_of(request)
    try:
        kept = hold_slot(
            clinician=_clinician(data["clinician"]),
            visit_type=selectors.visit_type(actor_of(request), data["visit_type"]),
            site=selectors.site(actor, data["site"]),
            start=data["start"],
            by=actor,
        )
    except NotVisible:
        raise
    except Refusal as refusal:
        toast(request, refusal.message, "bad")
        back = {"patient": str(patient_id), "visit_type": str(data["visit_type"])}
        return redirect(f"{reverse('scheduling:find')}?{urlencode(back)}")
    return redirect("scheduling:book", patient_id, kept.pk)


@guarded(SchedulingRight.BOOK, reads="patient_id")
def book(request: HttpRequest, patient_id: UUID, hold_id: UUID) -> HttpResponse:
    """Say what the visit is for, and book the time that is held."""
    actor = actor_of(request)
    patient = visible_patient(actor, patient_id)
    kept = _held(request, hold_id)
    if kept is None:
        return _without_hold(request, patient, hold_id)
    form = AboutForm(request.POST or None, visit_type=kept.visit_type, rooms=_rooms(request, kept.unit.site))
    if form.is_valid():
        with refusals(form):
            try:
                booked = services.book_appointment(
                    patient=patient, clinician=kept.clinician, visit_type=kept.visit_type, site=kept.unit.site,
                    start=kept.start, by=actor, hold=kept, **_about(form),
                )  # fmt: skip
            except HoldGone:
                return _without_hold(request, patient, hold_id)
            toast(request, _("Booked."))
            return redirect("scheduling:show", booked.pk)
    context = {"form": form, "patient": patient, "hold": kept, "site": kept.unit.site}
    return render(request, "scheduling/book.html", context, status=form_status(form))


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
    form = OverbookForm(
        request.POST or None, visit_type=visit_type, rooms=_rooms(request, site), initial={"day": today_at(site)}
    )
    if form.is_valid():
        with refusals(form):
            booked = services.book_appointment(
                patient=patient, clinician=clinician, visit_type=visit_type, site=site, by=actor,
                start=form.start_at(zone_of(site)), overbook_reason=form.cleaned_data["overbook_reason"],
                **_about(form),
            )  # fmt: skip
            toast(request, _("Overbooked.") if booked.overbooked else _("Booked: the time was free."))
            return redirect("scheduling:show", booked.pk)
    panels = panels_at(PanelPlace.OVERBOOK, actor, PanelRef(clinician.pk, site.unit_id))
    context = {"form": form, "patient": patient, "clinician": clinician, "visit_type": visit_type, "site": site,
               "panels": panels}  # fmt: skip
    return render(request, "scheduling/overbook.html", context, status=form_status(form))


def _about(form: AboutForm) -> dict[str, Any]:
    data = form.cleaned_data
    return {
        "about": About(data["reason_category"], data["reason"]),
        "mode": data["mode"],
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
