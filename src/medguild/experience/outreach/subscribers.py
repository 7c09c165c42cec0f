"""Outreach hears that a time is offered to somebody who waits, and writes to them."""

from __future__ import annotations

from uuid import UUID

from medguild.experience.outreach.offering import send_offer as send
from medguild.foundation.events.events import EventRecord
from medguild.foundation.events.subscribers import subscribe
from medguild.foundation.kernel.clock import now
from medguild.operations.waitlist.models import SlotOffer
from medguild.operations.waitlist.offering import OFFERED
from medguild.operations.waitlist.rules import OfferStatus


@subscribe(OFFERED, name="outreach.send_offer")
def send_offer(event: EventRecord) -> None:
    """At once, unless it waits for the morning; then the job of every minute sends it. One that is over is not sent."""
    rows = SlotOffer.objects.unscoped("the house writes to its patients").select_related("unit__site", "entry__patient")
    offer = rows.filter(pk=UUID(str(event.data["offer_id"])), status=OfferStatus.OPEN).first()
    if offer is not None:
        send(offer, at=now())
