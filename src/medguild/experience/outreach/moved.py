"""Outreach hears that a visit was moved and its patient is to be told: at once, because somebody at the desk asked."""

from __future__ import annotations

from medguild.experience.outreach.composing import moved_words
from medguild.experience.outreach.rules import NoticeKind
from medguild.experience.outreach.sending import Draft, send
from medguild.foundation.events.events import EventRecord
from medguild.foundation.events.subscribers import subscribe
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.rules import AppointmentStatus
from medguild.operations.scheduling.telling import TO_TELL

HOUSE = Actor.job("outreach.moved")


@subscribe(TO_TELL, name="outreach.tell_moved")
def tell_moved(event: EventRecord) -> None:
    """Tells the time that holds now, once for each time. One that failed is tried again as a reminder of that time."""
    if event.subject.id is None:
        return
    rows = Appointment.objects.unscoped("the house writes to its patients").select_related("patient", "unit__site")
    visit = rows.filter(pk=event.subject.id, status=AppointmentStatus.BOOKED, start__gt=now()).first()
    if visit is None:
        return
    source = f"moved:{visit.pk}:{int(visit.start.timestamp())}"
    draft = Draft(visit.patient, visit.unit, NoticeKind.REMINDER, source, moved_words(visit), visit)
    send(draft=draft, by=HOUSE, at=now())
