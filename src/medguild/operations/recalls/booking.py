"""Visits that settle recalls: booked by whatever path, given up again."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import local_date
from medguild.foundation.work.services import settle
from medguild.operations.recalls import recording
from medguild.operations.recalls.models import Recall
from medguild.operations.recalls.rules import OPEN, CloseReason, RecallStatus
from medguild.operations.recalls.standards import early_days
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.rules import HOLDING, AppointmentStatus
from medguild.patients.identity.selectors import alias_ids

_LOOK = "a visit that is booked settles what was due, whoever booked it"


@transaction.atomic
def settle_if_booked(recall: Recall, *, by: Actor, at: dt.datetime) -> bool:
    """Settle an open recall by a visit to come of its kind, if there is one near enough."""
    early = dt.timedelta(days=early_days(recall.unit_id))
    visits = Appointment.objects.unscoped(_LOOK).filter(
        patient__in=alias_ids(recall.patient_id), visit_type=recall.visit_type_id, status__in=HOLDING, start__gt=at
    )
    for visit in visits.select_related("unit__site").order_by("start"):
        if local_date(visit.start, visit.unit.site.time_zone) >= recall.due_on - early:
            _settle(recall, visit, by, at)
            return True
    return False


@transaction.atomic
def visit_booked(visit: Appointment, *, by: Actor, at: dt.datetime) -> Recall | None:
    """The open recall that a visit settles, settled; None where it settles none."""
    rows = Recall.objects.unscoped(_LOOK).filter(
        patient__in=alias_ids(visit.patient_id), visit_type=visit.visit_type_id, status__in=OPEN
    )
    day = local_date(visit.start, visit.unit.site.time_zone)
    for recall in rows.select_for_update().order_by("due_on"):
        if day >= recall.due_on - dt.timedelta(days=early_days(recall.unit_id)):
            _settle(recall, visit, by, at)
            found: Recall = recall
            return found
    return None


@transaction.atomic
def visit_given_up(visit: Appointment, *, by: Actor, at: dt.datetime) -> Recall | None:
    """The recall that the visit had settled is open again; where another was opened meanwhile, that one counts."""
    rows = Recall.objects.unscoped(_LOOK).filter(appointment=visit, status=RecallStatus.BOOKED)
    recall: Recall | None = rows.select_for_update().first()
    if recall is None or visit.status in HOLDING:
        return None
    same = Recall.objects.unscoped(_LOOK).filter(patient=recall.patient_id, visit_type=recall.visit_type_id)
    recall.appointment = None
    if same.filter(status__in=OPEN).exists():
        recall.status, recall.close_reason = RecallStatus.CLOSED, CloseReason.NOT_NEEDED
    else:
        told = recall.contacted_at is not None
        recall.status = RecallStatus.CONTACTED if told else RecallStatus.DUE
        recall.closed_at = None
    recall.save(update_fields=["status", "closed_at", "close_reason", "appointment"])
    recording.tell(recording.REOPENED, recall, by, appointment_id=visit.pk)
    if recall.is_open:
        settle_if_booked(recall, by=by, at=at)
    return recall


def _settle(recall: Recall, visit: Appointment, by: Actor, at: dt.datetime) -> None:
    recall.status, recall.appointment, recall.closed_at = RecallStatus.BOOKED, visit, at
    recall.save(update_fields=["status", "appointment", "closed_at"])
    settle(source=recording.work_source(recall), outcome=AppointmentStatus.BOOKED.value, by=by, at=at)
    recording.tell(recording.BOOKED, recall, by, appointment_id=visit.pk)
