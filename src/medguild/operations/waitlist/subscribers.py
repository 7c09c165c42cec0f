"""The list hears that a visit was cancelled or moved away, or that who was asked waits no more, and offers the time."""

from __future__ import annotations

from uuid import UUID

from django.utils.dateparse import parse_datetime

from medguild.foundation.events.events import EventRecord
from medguild.foundation.events.subscribers import subscribe
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.outcomes import CANCELLED
from medguild.operations.scheduling.services import MOVED
from medguild.operations.waitlist.models import SlotOffer
from medguild.operations.waitlist.offering import Freed, offer_freed, pass_on
from medguild.operations.waitlist.services import LAPSED, WITHDRAWN
from medguild.operations.waitlist.standards import terms_at


@subscribe(CANCELLED, name="waitlist.offer_cancelled")
def offer_what_was_cancelled(event: EventRecord) -> None:
    rows = Appointment.objects.unscoped("the time came free")
    visit = rows.filter(pk=event.subject.id).first() if event.subject.id else None
    if visit is None or visit.holds_time:
        return
    _offer(Freed(visit.clinician_id, visit.unit_id, visit.start, visit.end))


@subscribe(MOVED, name="waitlist.offer_moved")
def offer_what_was_left(event: EventRecord) -> None:
    before = event.data["before"]
    start, end = parse_datetime(str(before["start"])), parse_datetime(str(before["end"]))
    if start is None or end is None:
        return
    _offer(Freed(UUID(str(before["clinician_id"])), UUID(str(before["unit_id"])), start, end))


@subscribe(WITHDRAWN, name="waitlist.pass_on_withdrawn")
@subscribe(LAPSED, name="waitlist.pass_on_lapsed")
def ask_the_next(event: EventRecord) -> None:
    """Whoever was being asked waits no more; their time is not kept for nobody."""
    if event.subject.id is not None:
        pass_on(entry_id=event.subject.id)


def _offer(freed: Freed) -> None:
    """Once: a handler may be called again for the same event."""
    if not terms_at(freed.unit_id).automatic:
        return
    asked = SlotOffer.objects.unscoped("a time is offered in rounds").filter(
        clinician=freed.clinician_id, start__gte=freed.start, start__lt=freed.end, status="open"
    )
    if not asked.exists():
        offer_freed(freed=freed)
