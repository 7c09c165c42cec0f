"""Outreach hears that a time is offered to somebody who waits, and writes to them."""

from __future__ import annotations

from uuid import UUID

from medguild.experience.outreach.composing import offer_words
from medguild.experience.outreach.rules import NoticeKind
from medguild.experience.outreach.sending import Draft, send
from medguild.foundation.events.events import EventRecord
from medguild.foundation.events.subscribers import subscribe
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.operations.waitlist.models import SlotOffer
from medguild.operations.waitlist.offering import OFFERED
from medguild.operations.waitlist.rules import OfferStatus

HOUSE = Actor.job("outreach.offers")


@subscribe(OFFERED, name="outreach.send_offer")
def send_offer(event: EventRecord) -> None:
    """At once, also in quiet hours of the site: an offer lives for an hour. One that is no longer open is not sent."""
    rows = SlotOffer.objects.unscoped("the house writes to its patients").select_related("unit__site", "entry__patient")
    offer = rows.filter(pk=UUID(str(event.data["offer_id"])), status=OfferStatus.OPEN).first()
    if offer is None:
        return
    draft = Draft(
        offer.entry.patient, offer.unit, NoticeKind.OFFER, f"offer:{offer.pk}", offer_words(offer)
    )  # fmt: skip
    send(draft=draft, by=HOUSE, at=now())
