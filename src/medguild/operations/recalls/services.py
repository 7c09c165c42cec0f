"""A patient is due for a visit: written down, told, closed."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.foundation.organization.models import Site
from medguild.foundation.organization.people import Clinician
from medguild.foundation.work.services import settle
from medguild.operations.recalls import recording
from medguild.operations.recalls.booking import settle_if_booked
from medguild.operations.recalls.errors import DueAlready, RecallOver
from medguild.operations.recalls.models import Recall, RecallContact, RecallRule
from medguild.operations.recalls.rules import OPEN, TOLD, CloseReason, Origin, Outcome, RecallStatus, Way
from medguild.operations.scheduling.checks import refuse_invisible
from medguild.operations.scheduling.models import Appointment, VisitType
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.patients.identity.models import Patient
from medguild.patients.identity.permissions import PatientsRight


@transaction.atomic
def make_recall(
    *,
    patient: Patient,
    visit_type: VisitType,
    site: Site,
    due_on: dt.date,
    by: Actor,
    clinician: Clinician | None = None,
    note: str = "",
    origin: Origin = Origin.HAND,
    rule: RecallRule | None = None,
    from_visit: Appointment | None = None,
    at: dt.datetime | None = None,
) -> Recall:
    """The patient is due for a kind of visit at a site on or after a day.

    A fitting visit that is booked already settles it at once. Raises DueAlready, NotVisible, NotAllowed, Refusal.
    """
    refuse_invisible(by, site.unit_id, SchedulingRight.BOOK)
    _refuse_patient(patient, by)
    moment = at or now()
    if Recall.objects.unscoped(_ONE).filter(patient=patient, visit_type=visit_type, status__in=OPEN).exists():
        raise DueAlready(_("This patient is due for such a visit already. Change that recall."), field="visit_type")
    made = Recall(
        patient=patient, unit_id=site.unit_id, visit_type=visit_type, clinician=clinician, due_on=due_on,
        note=note.strip(), origin=origin, rule=rule, from_visit=from_visit, made_at=moment,
    )  # fmt: skip
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:  # two wrote it down at once
        raise DueAlready(_("This patient is due for such a visit already. Change that recall.")) from None
    recording.tell(recording.MADE, made, by, origin=origin, due_on=due_on.isoformat())
    settle_if_booked(made, by=by, at=moment)
    return made


_ONE = "one open recall of a kind, whoever asks"


@transaction.atomic
def record_contact(
    *,
    recall: Recall,
    way: Way,
    outcome: Outcome,
    by: Actor,
    note: str = "",
    step: str = "",
    at: dt.datetime | None = None,
) -> RecallContact:
    """A try to reach the patient, with what came of it; a refusal closes the recall. Raises RecallOver."""
    refuse_invisible(by, recall.unit_id, SchedulingRight.BOOK)
    moment = at or now()
    held = locked(recall)
    contact = RecallContact.objects.create(
        recall=held, at=moment, way=way, outcome=outcome, step=step, note=note.strip(), by_id=by.id, by_label=by.label
    )
    held.attempts += 1
    if outcome in TOLD:
        held.contacted_at = moment
        held.status = RecallStatus.CONTACTED
    held.save(update_fields=["attempts", "contacted_at", "status"])
    recording.tell(recording.CONTACTED, held, by, way=way, outcome=outcome)
    if outcome is Outcome.DECLINED:
        _close(held, RecallStatus.DECLINED, CloseReason.PATIENT_DECLINES, by, moment)
    made: RecallContact = contact
    return made


@transaction.atomic
def close_recall(*, recall: Recall, reason: CloseReason, by: Actor, at: dt.datetime | None = None) -> Recall:
    """Nobody is to come any more, with the reason. Raises RecallOver."""
    refuse_invisible(by, recall.unit_id, SchedulingRight.BOOK)
    declined = reason is CloseReason.PATIENT_DECLINES
    return _close(
        locked(recall), RecallStatus.DECLINED if declined else RecallStatus.CLOSED, reason, by, at or now()
    )  # fmt: skip


@transaction.atomic
def change_due(
    *, recall: Recall, due_on: dt.date, by: Actor, note: str | None = None, at: dt.datetime | None = None
) -> Recall:
    """Another day, or other words. Put off, the call that was asked for is too: it is asked for again when its day
    comes. Raises RecallOver."""
    refuse_invisible(by, recall.unit_id, SchedulingRight.BOOK)
    held = locked(recall)
    moment = at or now()
    if due_on > held.due_on:
        held.put_off_at = moment
        settle(source=recording.work_source(held), outcome=recording.PUT_OFF, by=by, at=moment)
    held.due_on = due_on
    held.note = held.note if note is None else note.strip()
    held.save(update_fields=["due_on", "note", "put_off_at"])
    recording.tell(recording.MADE, held, by, origin=held.origin, due_on=due_on.isoformat())
    settle_if_booked(held, by=by, at=moment)
    return held


def _close(held: Recall, status: RecallStatus, reason: CloseReason, by: Actor, moment: dt.datetime) -> Recall:
    held.status, held.close_reason, held.closed_at = status, reason, moment
    held.save(update_fields=["status", "close_reason", "closed_at"])
    settle(source=recording.work_source(held), outcome=str(reason), by=by, at=moment)
    recording.tell(recording.CLOSED, held, by, reason=reason)
    return held


def locked(recall: Recall) -> Recall:
    """The row as it stands, locked. Raises RecallOver when it is no longer open."""
    rows = Recall.objects.unscoped("the caller has decided who may").select_for_update(of=("self",))
    held: Recall = rows.select_related("patient", "visit_type", "unit__site").get(pk=recall.pk)
    if not held.is_open:
        raise RecallOver(_("This recall is booked or closed already. Look at it again."))
    return held


def _refuse_patient(patient: Patient, by: Actor) -> None:
    scope = by.scope(PatientsRight.READ)
    if not (scope.everything or patient.circle_id in scope.circles or patient.pk in scope.patients):
        raise NotVisible
    if patient.deceased_on is not None:
        raise Refusal(_("This patient has died."), code="patient_deceased", field="patient")
