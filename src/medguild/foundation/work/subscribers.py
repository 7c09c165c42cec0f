"""Rooms below only tell what happened; work hears it and opens or closes items.

One subscriber per subject, so that opening and closing are heard in the order in which they happened.
"""

from __future__ import annotations

from uuid import UUID

from medguild.foundation.events.events import EventRecord
from medguild.foundation.events.subscribers import subscribe
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.work.presets import DEVIATION_APPROVAL, FAILED_DELIVERY, GLASS_REVIEW
from medguild.foundation.work.routing import top_unit, unit_of_user
from medguild.foundation.work.rules import Priority
from medguild.foundation.work.services import need_item, settle, settle_about


@subscribe("access.glass_broken", "access.glass_reviewed", name="work.glass_reviews")
def review_glass(event: EventRecord) -> None:
    """Every emergency opening of a record is looked at by somebody else."""
    source = f"glass:{event.subject.id}"
    if event.type == "access.glass_reviewed":
        settle(source=source, outcome="reviewed", by=_hearing(event))
        return
    user_id = event.data.get("user_id")
    place = unit_of_user(UUID(str(user_id)), on=event.occurred_at.date()) if user_id else None
    need_item(
        work_type=GLASS_REVIEW, unit_id=place or top_unit(), source=source, by=_hearing(event),
        subject=event.subject, patient_id=event.patient_id, priority=Priority.HIGH,
    )  # fmt: skip


@subscribe(
    "deviation.proposed",
    "deviation.approved",
    "deviation.rejected",
    "deviation.withdrawn",
    "deviation.ended",
    name="work.deviation_approvals",
)
def decide_deviation(event: EventRecord) -> None:
    """A proposed deviation waits for somebody to decide."""
    source = f"deviation:{event.subject.id}"
    if event.type != "deviation.proposed":
        settle(source=source, outcome=event.type.removeprefix("deviation."), by=_hearing(event))
        return
    need_item(
        work_type=DEVIATION_APPROVAL, unit_id=event.unit_id or top_unit(), source=source, by=_hearing(event),
        subject=event.subject,
    )  # fmt: skip


_OVER = {"delivery.recovered": "recovered", "delivery.set_aside": "set_aside"}


@subscribe("delivery.failed", *_OVER, name="work.failed_deliveries")
def mend_delivery(event: EventRecord) -> None:
    """A background step that gave up is somebody's work, or it would never be done; once it went through, or was set
    aside, it is not."""
    if event.type in _OVER:
        settle_about(work_type=FAILED_DELIVERY, subject=event.subject, outcome=_OVER[event.type], by=_hearing(event))
        return
    need_item(
        work_type=FAILED_DELIVERY, unit_id=event.unit_id or top_unit(), source=f"delivery.failed:{event.id}",
        by=_hearing(event), subject=event.subject, priority=Priority.HIGH,
        summary=str(event.data.get("subscriber", "")),
    )  # fmt: skip


def _hearing(event: EventRecord) -> Actor:
    return Actor.job("work", cause=f"event:{event.id}")
