"""A day with several visits hears that one of them was moved or given up: where the rest no longer fits, it is work."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from medguild.foundation.access.rules import Role
from medguild.foundation.events.events import EventRecord, SubjectRef
from medguild.foundation.events.subscribers import subscribe
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.work.ports import declare_work_type
from medguild.foundation.work.rules import Clock
from medguild.foundation.work.services import need_item, settle
from medguild.operations.itineraries.models import ItineraryPart
from medguild.operations.itineraries.selectors import shown_day
from medguild.operations.scheduling.outcomes import CANCELLED
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.services import MOVED

HOUSE = Actor.job("itineraries.watch")
BROKEN_DAY = declare_work_type(
    "broken_day", _("Visits of a day no longer fit together"), role=Role.SCHEDULER, backup_role=Role.PRACTICE_MANAGER,
    due=dt.timedelta(hours=8), subject_types=("appointment",), right=SchedulingRight.READ, icon="route",
    clock=Clock.OPEN_HOURS,
)  # fmt: skip


@subscribe(MOVED, CANCELLED, name="itineraries.watch")
def watch(event: EventRecord) -> None:
    """Open the work once for the day; close it when all fits again."""
    if event.subject.id is None:
        return
    rows = ItineraryPart.objects.unscoped("the house watches its days").filter(appointment_id=event.subject.id)
    part = rows.select_related("itinerary__campus", "appointment__visit_type").first()
    if part is None:
        return
    made, visit = part.itinerary, part.appointment
    source = f"itinerary:{made.pk}"
    if shown_day(made).whole:
        settle(source=source, outcome="fits", by=HOUSE)
        return
    need_item(
        work_type=BROKEN_DAY, unit_id=made.unit_id, source=source, by=HOUSE, patient_id=made.patient_id,
        subject=SubjectRef("appointment", visit.pk, visit.visit_type.name), again=True,
    )  # fmt: skip
