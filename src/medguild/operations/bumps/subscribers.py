"""The list hears that a visit was moved or cancelled elsewhere."""

from __future__ import annotations

from medguild.foundation.events.events import EventRecord
from medguild.foundation.events.subscribers import subscribe
from medguild.foundation.kernel.actor import Actor
from medguild.operations.bumps.rules import BumpStatus
from medguild.operations.bumps.services import settle_elsewhere
from medguild.operations.scheduling.outcomes import CANCELLED
from medguild.operations.scheduling.services import MOVED

HOUSE = Actor.job("bumps.settle")


@subscribe(MOVED, name="bumps.settle_moved")
def leave_when_moved(event: EventRecord) -> None:
    """A move that happened after the visit was put on the list settles it, whoever made it."""
    if event.subject.id is not None:
        settle_elsewhere(
            appointment_id=event.subject.id, status=BumpStatus.MOVED, happened_at=event.occurred_at, by=HOUSE
        )  # fmt: skip


@subscribe(CANCELLED, name="bumps.settle_cancelled")
def leave_when_cancelled(event: EventRecord) -> None:
    if event.subject.id is not None:
        settle_elsewhere(
            appointment_id=event.subject.id, status=BumpStatus.CANCELLED, happened_at=event.occurred_at, by=HOUSE
        )  # fmt: skip
