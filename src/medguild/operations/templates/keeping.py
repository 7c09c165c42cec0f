"""The two ways out for a visit that is not moved: it stays as overbooked, or goes on the bump list."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.operations.bumps import rules as bump_rules
from medguild.operations.bumps.services import bump as bump_visits
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.protocol import as_resource, lock_resources
from medguild.operations.scheduling.services import subject_of, take
from medguild.operations.templates.rules import Cause

_BUMP_CAUSES = {
    Cause.TEMPLATE: bump_rules.Cause.TEMPLATE_CHANGED,
    Cause.ABSENCE: bump_rules.Cause.CLINICIAN_AWAY,
    Cause.CLOSURE: bump_rules.Cause.SITE_CLOSED,
}
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
    """The visit stays booked and goes on the bump list of its site, where somebody calls the patient."""
    reasons = {
        Cause.TEMPLATE: _("The clinician's hours change"),
        Cause.ABSENCE: _("The clinician is away"),
        Cause.CLOSURE: _("The site is closed"),
    }
    bump_visits(appointments=[appointment], reason=reasons[cause], cause=_BUMP_CAUSES[cause], by=by, at=at)
