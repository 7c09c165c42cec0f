"""What remittances hear: a replacement that was sent answers the denials of the claim it replaces."""

from __future__ import annotations

from medguild.foundation.events.events import EventRecord
from medguild.foundation.events.subscribers import subscribe
from medguild.foundation.kernel.actor import Actor
from medguild.revenue.claims.models import Claim
from medguild.revenue.remittances.denials import settle_replaced


@subscribe("claim.sent", name="revenue.denials_answered")
def after_sending(event: EventRecord) -> None:
    if event.subject.id is None:
        return
    rows = Claim.objects.unscoped("the house follows a replaced claim").select_related("replaces")
    claim = rows.filter(pk=event.subject.id, replaces__isnull=False).first()
    if claim is None or claim.replaces is None:
        return
    by = Actor.job("revenue.denials", cause=f"event:{event.id}")
    settle_replaced(claim=claim.replaces, by=by, at=event.occurred_at)
