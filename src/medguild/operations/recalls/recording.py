"""What recalls tell the log, and the work that they open."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from medguild.foundation.access.rules import Role
from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.work.ports import declare_work_type
from medguild.foundation.work.rules import Clock
from medguild.operations.recalls.models import Recall
from medguild.operations.scheduling.permissions import SchedulingRight

MADE = declare_event("recall.made", _("Due for a visit"), icon="calendar-time")
CONTACTED = declare_event("recall.contacted", _("Told that a visit is due"), icon="message")
BOOKED = declare_event("recall.booked", _("The visit that was due is booked"), icon="calendar-check")
REOPENED = declare_event("recall.reopened", _("Due again: the visit was given up"), icon="arrow-back-up")
CLOSED = declare_event("recall.closed", _("No longer due for a visit"), icon="calendar-off")
RULE_SET = declare_event("recall_rule.set", _("Rule for recalls set"), icon="repeat")
RULE_ENDED = declare_event("recall_rule.ended", _("Rule for recalls ended"), icon="calendar-off")

RECALL_CALL = declare_work_type(
    "recall.call",
    _("Call about a visit that is due"),
    role=Role.SCHEDULER,
    backup_role=Role.FRONT_DESK,
    due=dt.timedelta(days=5),
    subject_types=("recall",),
    right=SchedulingRight.READ,
    clock=Clock.OPEN_HOURS,
    icon="calendar-time",
)

# What became of a call that was asked for, when the recall was put off.
PUT_OFF = "put_off"


def work_source(recall: Recall) -> str:
    """One piece of work for a recall, however often it is looked at."""
    return f"recall:{recall.pk}"


def tell(event: str, recall: Recall, by: Actor, **data: object) -> None:
    record(
        event, subject=SubjectRef("recall", recall.pk, recall.label()), by=by, patient_id=recall.patient_id,
        unit_id=recall.unit_id, data={"visit_type_id": recall.visit_type_id, **data},
    )  # fmt: skip
