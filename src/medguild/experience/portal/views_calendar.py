"""People's own visits in their own calendar."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from medguild.experience.portal import selectors
from medguild.experience.portal.permissions import PortalRight
from medguild.foundation.access.guard import guarded
from medguild.foundation.access.limits import limited
from medguild.foundation.kernel.errors import NotVisible
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.forms import form_status, refusals
from medguild.foundation.ui.toasts import toast
from medguild.operations.feeds import selectors as feeds
from medguild.operations.feeds.services import make_feed, revoke_feed
from medguild.operations.feeds.views import MADE_A_MINUTE, FeedForm


@guarded(PortalRight.READ, reads="patient_id")
@require_http_methods(["GET", "POST"])
@limited(MADE_A_MINUTE)
@sensitive_variables("secret")
def calendar(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Addresses to subscribe to; a new one is shown once."""
    actor = actor_of(request)
    patient = selectors.record(actor, patient_id)
    form = FeedForm(request.POST or None)
    address = ""
    if form.is_valid():
        with refusals(form):
            _feed, secret = make_feed(device=form.cleaned_data["device"], by=actor, patient=patient)
            address = request.build_absolute_uri(reverse("feeds:calendar", args=[secret]))
            form = FeedForm()
    context = {
        "patient": patient,
        "form": form,
        "address": address,
        "feeds": feeds.own_feeds(actor, patient=patient),
    }
    response = render(request, "portal/calendar.html", context, status=form_status(form))
    response["Cache-Control"] = "no-store"
    return response


@guarded(PortalRight.READ, reads="patient_id")
@require_POST
def revoke(request: HttpRequest, patient_id: UUID, feed_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    patient = selectors.record(actor, patient_id)
    feed = feeds.own_feed(actor, feed_id)
    if feed.patient_id != patient.pk:
        raise NotVisible
    revoke_feed(feed=feed, by=actor)
    toast(request, _("Ended. Calendars that used it show nothing new any more."))
    return redirect("portal:calendar", patient.pk)
