"""The page of one's own calendars to subscribe to, and the address that a calendar program asks."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from medguild.foundation.access.guard import PUBLIC, SIGNED_IN, guarded
from medguild.foundation.access.limits import LINKS_OPENED, count_stranger, limited
from medguild.foundation.kernel.clock import now
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.forms import form_status, refusals
from medguild.foundation.ui.toasts import toast
from medguild.operations.feeds import selectors, services
from medguild.operations.feeds.calendars import calendar_of
from medguild.operations.feeds.permissions import FeedsRight
from medguild.operations.scheduling.permissions import SchedulingRight

MADE_A_MINUTE = 10


class FeedForm(forms.Form):
    device = forms.CharField(label=gettext_lazy("Where you will use it"), max_length=80)


@guarded(SIGNED_IN)
@require_http_methods(["GET", "POST"])
@limited(MADE_A_MINUTE)
@sensitive_variables("secret")
def mine(request: HttpRequest) -> HttpResponse:
    """A clinician's calendars elsewhere; the address of a new one is shown once."""
    actor = actor_of(request)
    clinician = selectors.clinician_behind(actor) if actor.may(FeedsRight.OWN) else None
    if clinician is None:
        # Calendars of a site are one letter away: who comes here by chance is shown the way.
        return render(request, "feeds/nobody.html", {"may_read": actor.may(SchedulingRight.READ)})
    form = FeedForm(request.POST or None)
    address = ""
    if form.is_valid():
        with refusals(form):
            _feed, secret = services.make_feed(device=form.cleaned_data["device"], by=actor, clinician=clinician)
            address = request.build_absolute_uri(reverse("feeds:calendar", args=[secret]))
            form = FeedForm()
    context = {"form": form, "address": address, "feeds": selectors.own_feeds(actor, clinician=clinician)}
    response = render(request, "feeds/mine.html", context, status=form_status(form))
    response["Cache-Control"] = "no-store"
    return response


@guarded(FeedsRight.OWN)
@require_POST
def revoke(request: HttpRequest, feed_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    services.revoke_feed(feed=selectors.own_feed(actor, feed_id), by=actor)
    toast(request, _("Ended. Calendars that used it show nothing new any more."))
    return redirect("feeds:mine")


@guarded(PUBLIC)
@require_GET
@sensitive_variables("secret")
def calendar(request: HttpRequest, secret: str) -> HttpResponse:
    """What a calendar program asks every few minutes. Whoever has the address may read it; a wrong one is not there."""
    count_stranger(request, "feed", LINKS_OPENED)
    feed = services.feed_of(secret)
    moment = now()
    content = calendar_of(selectors.visits_in(feed, at=moment), at=moment, own=feed.clinician_id is not None)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="visits.ics"'
    response["Cache-Control"] = "private, max-age=300"
    response["X-Robots-Tag"] = "noindex"
    return response
