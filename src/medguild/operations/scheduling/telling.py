"""A patient is to be told the new time of their visit: heard by whoever sends messages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.services import subject_of

TO_TELL = declare_event("appointment.patient_to_tell", _("The patient is to be told the new time"), icon="message")


def tell_patient(appointment: Appointment, *, by: Actor) -> None:
    """Inside the transaction that moves the visit."""
    whose, where = appointment.patient_id, appointment.unit_id
    record(TO_TELL, subject=subject_of(appointment), by=by, patient_id=whose, unit_id=where)
