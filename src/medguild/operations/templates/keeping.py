"""The two ways out for a visit that is not moved: it stays as overbooked, or goes on the bump list."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.access.rules import Role
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.work.ports import declare_work_type
from medguild.foundation.work.services import need_item
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.protocol import as_resource, lock_resources
from medguild.operations.scheduling.services import subject_of, take
from medguild.operations.scheduling.subjects import APPOINTMENT
from medguild.operations.templates.rules import Cause

BUMPED = declare_work_type(
    "templates.bumped", gettext_lazy("Visit that we cannot keep: call the patient"), role=Role.SCHEDULER,
    due=dt.timedelta(days=1), backup_role=Role.FRONT_DESK, subject_types=(APPOINTMENT.key,),
    categories=(
        (Cause.TEMPLATE, gettext_lazy("The template changed")), (Cause.ABSENCE, gettext_lazy("The clinician is away")),
        (Cause.CLOSURE, gettext_lazy("The site is closed")),
    ),
    right=SchedulingRight.READ, icon="phone",
)  # fmt: skip
KEPT = declare_event("appointment.kept", gettext_lazy("Visit kept outside of the template"), icon="pin")


@transaction.atomic
def keep_outside(*, appointment: Appointment, cause: Cause, by: Actor, at: dt.datetime) -> Appointment:
    """The visit stays where it is, marked as overbooked with the reason. Raises ChangedMeanwhile, NotVisible."""
    lock_resources([appointment.clinician.resource_id, as_resource(appointment.patient)])
    held = take(appointment, by=by, right=SchedulingRight.OVERBOOK)
    held.overbooked = True
    held.overbook_reason = held.overbook_reason or _("Kept when the template changed")
    held.save(update_fields=["overbooked", "overbook_reason"])
    record(
        KEPT, subject=subject_of(held), by=by, patient_id=held.patient_id, unit_id=held.unit_id, occurred_at=at,
        data={"clinician_id": held.clinician_id, "start": held.start, "cause": cause},
    )  # fmt: skip
    return held


def bump(*, appointment: Appointment, cause: Cause, by: Actor, at: dt.datetime) -> None:
    """Somebody calls the patient: the visit stays booked until then, and its work is owned and has a clock."""
    need_item(
        work_type=BUMPED, unit_id=appointment.unit_id, source=f"bump:{appointment.pk}", by=by,
        subject=subject_of(appointment), patient_id=appointment.patient_id, category=cause, at=at,
    )  # fmt: skip
