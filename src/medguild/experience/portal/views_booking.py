"""People look for a free time and book it, or move a visit to it."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from medguild.experience.portal import booking, selectors
from medguild.experience.portal.booking_forms import SearchForm, TimeForm
from medguild.experience.portal.permissions import PortalRight
from medguild.experience.portal.waiting import Choices, choices
from medguild.foundation.access.guard import guarded
from medguild.foundation.access.limits import Bucket, limited, refuse_flood
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.foundation.ui.asked import uuid_or_none
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.toasts import toast
from medguild.operations.scheduling.kinds.checks import warning_for
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.selectors import usual_kind
from medguild.patients.identity.models import Patient

BOOKED_A_MINUTE = 10
_SEARCHES = Bucket(30)  # a minute


@guarded(PortalRight.READ, reads="patient_id")
@require_GET
def book(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Free times of two weeks; with `?move=` for a booked visit."""
    actor, at = actor_of(request), now()
    refuse_flood(_SEARCHES, actor.id)  # each is a search, and is counted as demand
    patient = selectors.record(actor, patient_id)
    offered = choices(patient, by=actor, at=at)
    moved = _moved(request, patient)
    form = _form(request, patient, offered, moved)
    context: dict[str, Any] = {"patient": patient, "form": form, "moved": moved, "days": None, "offered": offered}
    if form.is_valid():
        asked = {"day": form.cleaned_data["day"], "times": form.cleaned_data["times"], **form.chosen()}
        context["days"] = booking.free_times(
            patient, by=actor, at=at, wished="visit_type" in request.GET, **asked
        )  # fmt: skip
        context["kind_id"] = asked["visit_type"].pk
        if context["days"]:
            later = (context["days"][-1].day + dt.timedelta(days=1)).isoformat()
            context["later"] = f"?{urlencode({**dict(form.data.items()), 'day': later})}"
    return render(request, "portal/book.html", context)


def _form(request: HttpRequest, patient: Patient, offered: Choices, moved: Appointment | None) -> SearchForm:
    given = request.GET.copy()
    if "visit_type" not in given:
        kind = moved.visit_type if moved else usual_kind(actor_of(request).trusted(), patient, offered.kinds)
        given["visit_type"] = str(kind.pk) if kind else ""
        given["site"] = str(moved.unit_id if moved else offered.sites[0].unit_id if offered.sites else "")
        given["clinician"] = str(moved.clinician_id) if moved else ""
    kinds = [one for one in offered.kinds if moved is None or one.pk == moved.visit_type_id]
    return SearchForm(given, visit_types=kinds, sites=offered.sites, clinicians=offered.clinicians)


@guarded(PortalRight.READ, reads="patient_id")
@never_cache
@require_http_methods(["GET", "POST"])
@limited(BOOKED_A_MINUTE)
def confirm(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """A time as it would be booked, with what the plan says to it; the yes books it."""
    actor = actor_of(request)
    patient = selectors.record(actor, patient_id)
    moved = _moved(request, patient)
    form = TimeForm(request.GET)
    time = form.time(choices(patient, by=actor, at=now())) if form.is_valid() else None
    if time is None:
        return redirect("portal:book", patient.pk)
    refused = ""
    if request.method == "POST":
        read = request.POST.get("read", "")
        try:
            if moved is not None:
                booking.move(patient=patient, visit=moved, time=time, read=read, by=actor)
                toast(request, _("Moved. The new time is yours."))
            else:
                booking.book(patient=patient, time=time, read=read, by=actor)
                toast(request, _("Booked. We look forward to seeing you."))
            return redirect("portal:record", patient.pk)
        except NotVisible:
            raise
        except Refusal as refusal:
            refused = refusal.message
    asked = {"visit_type": time.visit_type.pk, "site": time.site.unit_id, **({"move": moved.pk} if moved else {})}
    context = {
        "patient": patient,
        "time": time,
        "moved": moved,
        "refused": refused,
        "network": booking.told(patient, time),
        "warning": warning_for(
            time.visit_type, clinician_id=time.clinician.pk, unit_id=time.site.unit_id, start=time.start,
            patient_id=patient.pk,
        ),
        "back": f"{reverse('portal:book', args=[patient.pk])}?{urlencode(asked)}",
    }  # fmt: skip
    return render(request, "portal/confirm.html", context, status=409 if refused else 200)


def _moved(request: HttpRequest, patient: Patient) -> Appointment | None:
    value = request.GET.get("move", "")
    if not value:
        return None
    found = uuid_or_none(value)
    if found is None:
        raise NotVisible
    return selectors.appointment(patient, found)
