"""What becomes of a booked visit: cancelled, arrived, fulfilled, not shown up."""

from __future__ import annotations

import datetime as dt
from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.operations.scheduling.cancelling import judge, keep_judgement
from medguild.operations.scheduling.errors import WrongMove
from medguild.operations.scheduling.models import Allocation, Appointment
from medguild.operations.scheduling.needs.taking import staff_of, take_again
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.protocol import (
    as_resource,
    guarded_transaction,
    lock_resources,
)
from medguild.operations.scheduling.rules import HOLDING, AppointmentStatus, CancelReason, may_move
from medguild.operations.scheduling.services import subject_of, take

CANCELLED = declare_event("appointment.cancelled", gettext_lazy("Visit cancelled"), icon="calendar-off")
NO_SHOW = declare_event("appointment.no_show", gettext_lazy("Patient did not come"), icon="user-off")
ARRIVED = declare_event("appointment.arrived", gettext_lazy("Patient arrived"), icon="door-enter")
FULFILLED = declare_event("appointment.fulfilled", gettext_lazy("Visit took place"), icon="circle-check")
REINSTATED = declare_event("appointment.reinstated", gettext_lazy("Visit set back to booked"), icon="arrow-back-up")


def cancel_appointment(
    *, appointment: Appointment, reason: CancelReason, by: Actor, note: str = "", at: dt.datetime | None = None
) -> Appointment:
    """Give a visit up and its time back; the notice given is judged by the rule of the day and kept.

    Raises WrongMove, ChangedMeanwhile, NotVisible, NotAllowed.
    """
    return guarded_transaction(partial(_cancel, appointment, reason, by, note.strip(), at or now()))


def _cancel(read: Appointment, reason: CancelReason, by: Actor, note: str, moment: dt.datetime) -> Appointment:
    judged = judge(read, reason, moment)
    changes: dict[str, object] = {"cancel_reason": reason, "cancel_note": note, "cancelled_at": moment}
    told: dict[str, object] = {"reason": reason, "late": judged.late, "wanted_minutes": judged.wanted_minutes}
    cancelled = _change(read, AppointmentStatus.CANCELLED, CANCELLED, by, SchedulingRight.BOOK, moment, changes, told)
    keep_judgement(cancelled, reason, judged, by=by, at=moment)
    return cancelled


def mark_no_show(*, appointment: Appointment, by: Actor, at: dt.datetime | None = None) -> Appointment:
    """The patient did not come and did not cancel. Refused before the visit's start."""
    moment = at or now()
    if moment < appointment.start:
        raise WrongMove(_("The visit has not begun yet. Cancel it instead."), code="too_early")
    return guarded_transaction(
        partial(_change, appointment, AppointmentStatus.NO_SHOW, NO_SHOW, by, SchedulingRight.BOOK, moment)
    )


def mark_arrived(*, appointment: Appointment, by: Actor, at: dt.datetime | None = None) -> Appointment:
    """The patient is here. After a no-show the time is taken again, which fails (SlotTaken) when it was given away.

    Asks only that the actor sees the visit: the room that checks patients in has rights of its own.
    """
    return _changed(appointment, AppointmentStatus.ARRIVED, ARRIVED, by, SchedulingRight.READ, at or now())


def mark_fulfilled(*, appointment: Appointment, by: Actor, at: dt.datetime | None = None) -> Appointment:
    """The visit took place. Asks only that the actor sees it."""
    return _changed(appointment, AppointmentStatus.FULFILLED, FULFILLED, by, SchedulingRight.READ, at or now())


def reinstate_appointment(*, appointment: Appointment, by: Actor, at: dt.datetime | None = None) -> Appointment:
    """Undo an arrival or a no-show that was noted by mistake. SlotTaken when the time was given away meanwhile."""
    return _changed(appointment, AppointmentStatus.BOOKED, REINSTATED, by, SchedulingRight.BOOK, at or now())


class _GivenBack(Exception):
    """The visit has given its time back since it was read: what it takes again is to be locked first."""


def _changed(
    read: Appointment, status: AppointmentStatus, event: str, by: Actor, right: str, moment: dt.datetime
) -> Appointment:
    """Change under the locks that the visit as it stands needs. Only those tell how it stands; so where it had given
    its time back meanwhile, they are let go and all are taken in their order."""
    change = partial(_change, read, status, event, by, right, moment)
    try:
        return guarded_transaction(change)
    except _GivenBack:
        return guarded_transaction(partial(change, again=True))


def _change(
    read: Appointment,
    status: AppointmentStatus,
    event: str,
    by: Actor,
    right: str,
    moment: dt.datetime,
    changes: dict[str, object] | None = None,
    told: dict[str, object] | None = None,
    again: bool = False,
) -> Appointment:
    resources = [read.clinician.resource_id, as_resource(read.patient)]
    again = again or not read.holds_time and status in HOLDING
    lock_resources(resources + (staff_of(read) if again else []))
    appointment = take(read, by=by, right=right)
    if not may_move(appointment.status, status):
        raise WrongMove(
            _("A visit that is %(before)s cannot become %(after)s.")
            % {"before": words(appointment.status), "after": words(status)}
        )
    held = appointment.holds_time
    if not held and status in HOLDING and not again:
        raise _GivenBack
    appointment.status = status
    for name, value in (changes or {}).items():
        setattr(appointment, name, value)
    appointment.save(update_fields=["status", *(changes or {})])
    if held != (status in HOLDING):
        if again:
            take_again(appointment, at=moment)
        allocations = Allocation.objects.unscoped("the appointment is visible").filter(appointment=appointment)
        allocations.update(active=not held)
    record(
        event,
        subject=subject_of(appointment),
        by=by,
        patient_id=appointment.patient_id,
        unit_id=appointment.unit_id,
        occurred_at=moment,
        data={"clinician_id": appointment.clinician_id, "start": appointment.start, **(told or {})},
    )
    return appointment


def words(status: str) -> str:
    """A status as people say it."""
    return {
        AppointmentStatus.BOOKED: _("booked"),
        AppointmentStatus.ARRIVED: _("arrived"),
        AppointmentStatus.FULFILLED: _("seen"),
        AppointmentStatus.CANCELLED: _("cancelled"),
        AppointmentStatus.NO_SHOW: _("no-show"),
    }[AppointmentStatus(status)]
