"""Outreach hears that a visit was moved and its patient is to be told: at once, because somebody at the desk asked.

Whom no message may or can reach is called by the desk.
"""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from medguild.experience.outreach.composing import moved_words
from medguild.experience.outreach.rules import NoticeKind, NoticeStatus
from medguild.experience.outreach.sending import Draft, send
from medguild.foundation.access.rules import Role
from medguild.foundation.events.events import EventRecord, SubjectRef
from medguild.foundation.events.subscribers import subscribe
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.foundation.work.ports import declare_work_type
from medguild.foundation.work.services import need_item
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.rules import AppointmentStatus
from medguild.operations.scheduling.telling import TO_TELL

HOUSE = Actor.job("outreach.moved")
CALL = declare_work_type(
    "appointment.call_moved", _("Call about an appointment that was moved"), role=Role.FRONT_DESK,
    backup_role=Role.SCHEDULER, due=dt.timedelta(hours=4), subject_types=("appointment",), right=SchedulingRight.READ,
    icon="phone",
)  # fmt: skip


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
    notice = send(draft=draft, by=HOUSE, at=now())
    if notice is not None and notice.status == NoticeStatus.WITHHELD:
        need_item(
            work_type=CALL, unit_id=visit.unit_id, source=source, by=HOUSE, patient_id=visit.patient_id,
            subject=SubjectRef("appointment", visit.pk),
        )  # fmt: skip
