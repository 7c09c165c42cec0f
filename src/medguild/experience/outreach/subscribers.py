"""Outreach hears that a time is offered to somebody who waits, or that somebody is called in, and writes to them."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from medguild.experience.outreach.composing import called_words
from medguild.experience.outreach.offering import send_offer as send
from medguild.experience.outreach.rules import NoticeKind
from medguild.experience.outreach.sending import Draft
from medguild.experience.outreach.sending import send as send_notice
from medguild.foundation.events.events import EventRecord
from medguild.foundation.events.subscribers import subscribe
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.operations.visits.models import Visit
from medguild.operations.visits.queueing import CALLED
from medguild.operations.visits.rules import VisitStatus
from medguild.operations.waitlist.models import SlotOffer
from medguild.operations.waitlist.offering import OFFERED
from medguild.operations.waitlist.rules import OfferStatus

HOUSE = Actor.job("outreach.calls")
_STALE = dt.timedelta(minutes=10)


@subscribe(OFFERED, name="outreach.send_offer")
def send_offer(event: EventRecord) -> None:
    """At once, unless it waits for the morning; then the job of every minute sends it. One that is over is not sent."""
    rows = SlotOffer.objects.unscoped("the house writes to its patients").select_related("unit__site", "entry__patient")
    offer = rows.filter(pk=UUID(str(event.data["offer_id"])), status=OfferStatus.OPEN).first()
    if offer is not None:
        send(offer, at=now())


@subscribe(CALLED, name="outreach.call_in")
def tell_who_is_called(event: EventRecord) -> None:
    """At once or not at all: a call that comes late calls nobody. Never tried again."""
    rows = Visit.objects.unscoped("the house writes to its patients").select_related("patient", "site__site")
    if event.subject.id is None or now() - event.occurred_at > _STALE:
        return
    visit = rows.filter(pk=event.subject.id, status=VisitStatus.ARRIVED).first()
    if visit is None:
        return
    source = f"called:{visit.pk}:{int(event.occurred_at.timestamp())}"
    send_notice(
        draft=Draft(visit.patient, visit.site, NoticeKind.CALLED, source, called_words(visit)), by=HOUSE, at=now()
    )
