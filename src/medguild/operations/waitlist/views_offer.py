"""The page behind the link that a person gets: yes or no, on a telephone, without signing in."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from medguild.foundation.access.guard import PUBLIC, guarded
from medguild.foundation.access.limits import LINKS_OPENED, count_stranger
from medguild.foundation.kernel.actor import Actor, ActorKind
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import Refusal
from medguild.operations.waitlist import links
from medguild.operations.waitlist.accepting import accept_offer
from medguild.operations.waitlist.models import SlotOffer
from medguild.operations.waitlist.offering import decline_offer
from medguild.operations.waitlist.rules import OfferStatus
from medguild.operations.waitlist.telling import read_by, told_of


@guarded(PUBLIC)
@never_cache
@require_http_methods(["GET", "POST"])
def offer(request: HttpRequest, token: str) -> HttpResponse:
    """When, where and with whom; nothing about why. Whoever has the link may answer."""
    count_stranger(request, "offer", LINKS_OPENED)
    found = links.offer_of(token)
    return offer_page(request, found, by=Actor(ActorKind.LINK, found.pk, _("The patient, by link")))


def offer_page(request: HttpRequest, found: SlotOffer, *, by: Actor, back: str = "") -> HttpResponse:
    """Shows the offer, and takes what was answered in the name of `by`. `back` is where the reader came from."""
    refused = _answer(found, request.POST, by) if request.method == "POST" else ""
    token = links.token_of(found.pk)
    found = links.offer_of(token)
    if _stands(found, request.POST.get("answer", "")):
        refused = ""
    is_open = found.status == OfferStatus.OPEN and found.expires_at > now()
    context = {
        "offer": found,
        "network": told_of(found) if is_open else None,
        "back": back,
        "zone": found.unit.site.time_zone,
        "refused": refused,
        "open": is_open,
        "accepted": found.status == OfferStatus.ACCEPTED,
        "declined": found.status == OfferStatus.DECLINED,
        "moves": found.entry.instead_of_id is not None,
    }
    return render(request, "waitlist/offer.html", context, status=409 if refused else 200)


def _stands(found: SlotOffer, said: str) -> bool:
    """Whether just this was said before: on another screen, or with a button pressed twice."""
    return (said, found.status) in {("yes", OfferStatus.ACCEPTED), ("no", OfferStatus.DECLINED)}


def _answer(found: SlotOffer, sent: Mapping[str, str], by: Actor) -> str:
    """Empty when it was done, else why not."""
    said = sent.get("answer", "")
    try:
        if said == "yes":
            accept_offer(offer=found, by=by, told=read_by(found, sent.get("read", "")))
        elif said == "no":
            decline_offer(offer=found, by=by)
    except Refusal as refusal:
        return refusal.message
    return ""
