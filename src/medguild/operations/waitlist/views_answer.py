"""The answer that a patient gives by telephone, written down at the desk; out of network, what they say to that too."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from medguild.foundation.access.guard import NOTED, guarded, note_reads
from medguild.foundation.kernel.errors import Refusal
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.toasts import toast
from medguild.operations.scheduling.forms import NetworkForm
from medguild.operations.scheduling.network.answers import answered_at
from medguild.operations.scheduling.network.page import Told, network_form, told_of_time
from medguild.operations.scheduling.network.rules import Said, books
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.rules import Origin
from medguild.operations.waitlist import offering, selectors
from medguild.operations.waitlist.accepting import accept_offer, later_visit
from medguild.operations.waitlist.models import SlotOffer


@guarded(SchedulingRight.BOOK, reads=NOTED)
@require_POST
def answer(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    """Yes or no. Who wants another clinician, because the plan does not pay, says no to this time."""
    offer = selectors.offer(actor_of(request), offer_id)
    note_reads(request, [offer.entry.patient_id])
    try:
        if request.POST.get("answer") == "yes":
            return _yes(request, offer)
        return _no(request, offer)
    except Refusal as refusal:
        toast(request, refusal.message, tone="bad")
    return redirect("waitlist:show", offer.entry_id)


def _yes(request: HttpRequest, offer: SlotOffer) -> HttpResponse:
    told = _to_tell(offer)
    network = network_form(request, told)
    said = network.said(told.words) if told and network is not None and network.is_valid() else None
    # What was read to the patient is what is kept: where it has changed meanwhile, it is read again.
    if told is not None and (said is None or request.POST.get("network_words") != told.words):
        return _ask(request, offer, told, network)
    if said is not None and not books(said):
        return _no(request, offer, said)
    booked = accept_offer(offer=offer, by=actor_of(request), origin=Origin.STAFF, told=said)
    toast(request, _("Booked."))
    return redirect("scheduling:show", booked.pk)


def _to_tell(offer: SlotOffer) -> Told | None:
    """What must be told before the yes; None in network, and where they were told about the visit that is moved."""
    later = later_visit(offer)
    if later and answered_at(later, clinician_id=offer.clinician_id, unit_id=offer.unit_id):
        return None
    entry = offer.entry
    told = told_of_time(entry.visit_type, offer.clinician, offer.unit.site, offer.start, entry.patient)
    return told if told.must_be_asked else None


def _ask(request: HttpRequest, offer: SlotOffer, told: Told, network: NetworkForm | None) -> HttpResponse:
    context = {"offer": offer, "told": told, "network": network, "zone": offer.unit.site.time_zone}
    return render(request, "waitlist/network.html", context, status=422)


def _no(request: HttpRequest, offer: SlotOffer, said: Said | None = None) -> HttpResponse:
    offering.decline_offer(offer=offer, by=actor_of(request), told=said)
    toast(request, _("Declined; the place on the list is kept."))
    return redirect("waitlist:show", offer.entry_id)
