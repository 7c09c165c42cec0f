"""What the schedule hears: two records are one person, or two after all, so their visits to come are held accordingly;
and a visit that was not in the room of its session may no longer be one."""

from __future__ import annotations

from functools import partial

from django.utils.translation import gettext_lazy as _

from medguild.foundation.events.events import EventRecord
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record
from medguild.foundation.events.subscribers import subscribe
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.foundation.organization.models import Resource
from medguild.operations.scheduling.errors import SlotTaken
from medguild.operations.scheduling.models import Allocation, Appointment
from medguild.operations.scheduling.outcomes import CANCELLED, NO_SHOW, REINSTATED
from medguild.operations.scheduling.protocol import as_resource, guarded_transaction, lock_resources
from medguild.operations.scheduling.rooming import ROOM_CHANGED, look_again
from medguild.operations.scheduling.rules import AppointmentStatus
from medguild.operations.scheduling.services import MOVED, subject_of
from medguild.operations.scheduling.templating import SESSION_ENDED
from medguild.patients.identity.events import LINKED, UNLINKED
from medguild.patients.identity.models import Patient

OVERLAPS = declare_event(
    "appointment.overlaps", _("Another visit of the same person at this time"), icon="alert-triangle"
)
HOUSE = Actor.job("scheduling.one_calendar")


@subscribe(LINKED, UNLINKED, name="scheduling.one_calendar")
def hold_under_the_right_id(event: EventRecord) -> None:
    """Visits to come of this record are allocated to the id that stands for the person now.

    Where the person has another visit at the same time already, the allocation stays and an event tells of it.
    """
    if event.subject.id is None:
        return
    patient = Patient.objects.unscoped("the house keeps its calendar").get(pk=event.subject.id)
    visits = Appointment.objects.unscoped("the house keeps its calendar").filter(
        patient=patient, end__gt=now(), status__in=[AppointmentStatus.BOOKED, AppointmentStatus.ARRIVED]
    )
    for visit in visits.select_related("clinician", "visit_type").order_by("start"):
        _hold(visit, patient)


def _hold(visit: Appointment, patient: Patient) -> None:
    wanted = as_resource(patient)
    held = Allocation.objects.unscoped("the house keeps its calendar").filter(appointment=visit, active=True)
    # A patient is no resource of the house: clinicians, rooms, devices and staff stay what the visit takes.
    things = Resource.objects.unscoped("only which ids are patients'").filter(pk__in=held.values("resource_id"))
    others = held.exclude(resource_id=wanted).exclude(resource_id__in=things.values("pk"))
    if not others.exists():
        return
    lock_resources([wanted])
    try:
        guarded_transaction(partial(others.update, resource_id=wanted))
    except SlotTaken:
        record(OVERLAPS, subject=subject_of(visit), by=HOUSE, patient_id=patient.pk, unit_id=visit.unit_id)


@subscribe(MOVED, CANCELLED, NO_SHOW, REINSTATED, ROOM_CHANGED, SESSION_ENDED, name="scheduling.room_work")
def look_at_rooms_again(event: EventRecord) -> None:
    """The work about rooms ends, or names other visits, as soon as it is about others."""
    look_again(by=Actor.job("scheduling.room_work", cause=str(event.id)))
