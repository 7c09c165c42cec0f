"""People answer in their own record, or in one that they look after: in their own name, as long as they may read it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from medguild.experience.outreach.visit_page import visit_page
from medguild.experience.portal import selectors
from medguild.experience.portal.permissions import PortalRight
from medguild.foundation.access.guard import guarded
from medguild.foundation.kernel.clock import now
from medguild.foundation.ui.attributes import actor_of
from medguild.operations.waitlist.views_offer import offer_page


@guarded(PortalRight.READ, reads="patient_id")
@never_cache
@require_http_methods(["GET", "POST"])
def appointment(request: HttpRequest, patient_id: UUID, appointment_id: UUID) -> HttpResponse:
    """A visit: who will come says so, who cannot gives it up, and afterwards how it was."""
    actor = actor_of(request)
    patient = selectors.record(actor, patient_id)
    return visit_page(request, selectors.appointment(patient, appointment_id), by=actor, back=_record(patient_id))


@guarded(PortalRight.READ, reads="patient_id")
@never_cache
@require_http_methods(["GET", "POST"])
def offer(request: HttpRequest, patient_id: UUID, offer_id: UUID) -> HttpResponse:
    """A time from the waiting list: yes or no."""
    actor = actor_of(request)
    patient = selectors.record(actor, patient_id)
    return offer_page(request, selectors.offer(patient, offer_id, at=now()), by=actor, back=_record(patient_id))


def _record(patient_id: UUID) -> str:
    return reverse("portal:record", args=[patient_id])
