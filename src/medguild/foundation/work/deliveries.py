"""Failed steps as an administrator sees them: names, times and the class of the error, nothing of patients."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from medguild.foundation.events.models import Delivery, Event
from medguild.foundation.events.rules import DeliveryStatus

_ABOUT = "what kind of event it was, and when, tells nothing of patients"


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """A step with the event that it follows; `behind` later steps of the same record wait for it."""

    delivery: Delivery
    event_type: str
    occurred_at: dt.datetime | None
    behind: int


def failed_deliveries() -> QuerySet[Delivery]:
    """Steps that gave up, oldest first, with the type of their event."""
    types = Event.objects.unscoped(_ABOUT).filter(pk=OuterRef("event_id")).values("type")[:1]
    rows = Delivery.objects.filter(status=DeliveryStatus.FAILED)
    return rows.annotate(event_type=Subquery(types)).order_by("sequence", "event_id")


def delivery_view(delivery_id: UUID) -> DeliveryView | None:
    held = Delivery.objects.filter(pk=delivery_id).first()
    if held is None:
        return None
    event = Event.objects.unscoped(_ABOUT).filter(pk=held.event_id).values("type", "occurred_at").first()
    later = Delivery.objects.filter(
        subscriber=held.subscriber, subject_key=held.subject_key, status=DeliveryStatus.PENDING,
        sequence__gte=held.sequence,
    ).exclude(pk=held.pk)  # fmt: skip
    return DeliveryView(held, event["type"] if event else "", event["occurred_at"] if event else None, later.count())
