"""Services of the front desk: a patient arrives, the check-in list is worked through, an arrival is taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import local_date, now
from medguild.foundation.kernel.errors import Refusal
from medguild.foundation.organization.models import Site
from medguild.foundation.organization.people import Clinician
from medguild.foundation.organization.selectors import circle_of_unit
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.outcomes import mark_arrived, reinstate_appointment
from medguild.operations.scheduling.rules import Mode
from medguild.operations.visits import recording
from medguild.operations.visits.checklist import checklist
from medguild.operations.visits.errors import ChecklistOpen, NotYetTheDay, OpenVisitExists, WrongStep
from medguild.operations.visits.models import CheckInMark, Visit
from medguild.operations.visits.ports import Text, checklist_steps
from medguild.operations.visits.queue_rules import Urgency
from medguild.operations.visits.recording import lock_visit, note
from medguild.operations.visits.rules import (
    ENDED,
    IDENTITY,
    LOCATION,
    OPEN,
    IdentityProof,
    MarkOutcome,
    PatientPlace,
    VisitStatus,
    may_move,
)
from medguild.operations.visits.selectors import session_entity
from medguild.patients.identity.models import Patient
from medguild.patients.identity.selectors import alias_ids

_PROOFS: Mapping[str, tuple[type[IdentityProof | PatientPlace], Text]] = {
    IDENTITY: (IdentityProof, gettext_lazy("Say how you know who this is.")),
    LOCATION: (PatientPlace, gettext_lazy("Say where the patient is.")),
}
EARLIEST = dt.timedelta(hours=12)  # who comes late in the evening for the night is not sent away


@transaction.atomic
def check_in(
    *,
    appointment: Appointment,
    by: Actor,
    identity: IdentityProof | None = None,
    at: dt.datetime | None = None,
) -> Visit:
    """The patient of an appointment is here: the visit begins and the clock runs.

    `identity` marks the first step of the check-in list at once. Raises OpenVisitExists, NotYetTheDay, and what
    scheduling refuses.
    """
    moment = at or now()
    _refuse_before_the_day(appointment, moment)
    _refuse_open_visit(appointment.patient_id, appointment.unit_id)
    arrived = mark_arrived(appointment=appointment, by=by, at=moment)
    visit = Visit(
        patient_id=arrived.patient_id, appointment=arrived, site=arrived.unit, entity_id=arrived.entity_id,
        clinician=arrived.clinician, mode=arrived.mode, reason=arrived.reason, arrived_at=moment, since=moment,
    )  # fmt: skip
    return _begin(visit, by=by, identity=identity)


@transaction.atomic
def walk_in(
    *,
    patient: Patient,
    site: Site,
    clinician: Clinician,
    reason: str,
    by: Actor,
    urgency: Urgency = Urgency.ROUTINE,
    identity: IdentityProof | None = None,
    at: dt.datetime | None = None,
) -> Visit:
    """A patient comes without an appointment; `urgency` decides their turn.

    Raises OpenVisitExists; a patient of another circle is refused.
    """
    moment = at or now()
    if patient.circle_id != circle_of_unit(site.unit_id, on=local_date(moment, site.time_zone)):
        raise Refusal(
            _("This patient is registered with another group. Register them here first."), code="other_circle"
        )
    if not reason.strip():
        raise Refusal(_("Write in a few words why the patient has come."), field="reason")
    entity_id = session_entity(clinician_id=clinician.pk, site=site, moment=moment)
    if entity_id is None:
        raise Refusal(_("No legal entity stands over this site today. Ask the administrator."), code="no_entity")
    _refuse_open_visit(patient.pk, site.unit_id)
    visit = Visit(
        patient=patient, site=site.unit, entity_id=entity_id, clinician=clinician, mode=Mode.IN_PERSON,
        reason=reason.strip(), urgency=urgency, arrived_at=moment, since=moment,
    )  # fmt: skip
    return _begin(visit, by=by, identity=identity)


def _refuse_before_the_day(appointment: Appointment, moment: dt.datetime) -> None:
    zone = appointment.unit.site.time_zone
    if appointment.start - moment > EARLIEST and local_date(appointment.start, zone) > local_date(moment, zone):
        raise NotYetTheDay(
            _("This appointment is on a day to come. Move it to today, or check the patient in as a walk-in.")
        )


def _refuse_open_visit(patient_id: UUID, site_id: UUID) -> None:
    visits = Visit.objects.unscoped("one open visit per person and site, under whichever linked record")
    if visits.filter(patient_id__in=alias_ids(patient_id), site_id=site_id, status__in=OPEN).exists():
        raise OpenVisitExists(_("This patient is here already. Open the visit on the flow board."))


def _begin(visit: Visit, *, by: Actor, identity: IdentityProof | None) -> Visit:
    try:
        with transaction.atomic():
            visit.save(force_insert=True)
    except IntegrityError as error:  # two desks at the same moment: the constraint decides
        raise OpenVisitExists(_("Somebody has just checked this patient in.")) from error
    if identity is not None:
        _put_mark(visit, IDENTITY, MarkOutcome.DONE, by=by, proof=identity, reason="", at=visit.arrived_at)
    note(recording.ARRIVED, visit, by=by, at=visit.arrived_at, data={"to": VisitStatus.ARRIVED, "mode": visit.mode})
    return visit


@transaction.atomic
def mark_step(
    *,
    visit: Visit,
    key: str,
    outcome: MarkOutcome,
    by: Actor,
    proof: IdentityProof | PatientPlace | None = None,
    reason: str = "",
    at: dt.datetime | None = None,
) -> CheckInMark:
    """Say that a step of the check-in list is done, or why it is left out; said again, it replaces what was said."""
    step = checklist_steps.find(key)
    if step is None:
        raise Refusal(_("The check-in list has no such step."), code="no_such_step")
    if visit.status in ENDED:
        raise WrongStep(_("This visit is over."))
    if outcome is MarkOutcome.SKIPPED and step.blocking:
        raise Refusal(_("This step cannot be left out."), code="step_needed", field="reason")
    if outcome is MarkOutcome.SKIPPED and not reason.strip():
        raise Refusal(_("Write why this step is left out."), code="reason_needed", field="reason")
    wanted, asking = _PROOFS.get(key, (None, ""))
    if wanted is not None and outcome is MarkOutcome.DONE and not isinstance(proof, wanted):
        raise Refusal(str(asking), code="proof_needed", field="proof")
    moment = at or now()
    mark = _put_mark(visit, key, outcome, by=by, proof=proof, reason=reason.strip(), at=moment)
    note(recording.STEP_MARKED, visit, by=by, at=moment, data={"key": key, "outcome": outcome})
    return mark


def _put_mark(
    visit: Visit,
    key: str,
    outcome: MarkOutcome,
    *,
    by: Actor,
    proof: IdentityProof | PatientPlace | None,
    reason: str,
    at: dt.datetime,
) -> CheckInMark:
    values = {
        "outcome": outcome, "proof": proof or "", "reason": reason, "by_id": by.id, "by_label": by.label,
        "marked_at": at,
    }  # fmt: skip
    marks = CheckInMark.objects.unscoped("the caller has seen the visit")
    mark: CheckInMark = marks.update_or_create(visit=visit, key=key, defaults=values)[0]
    return mark


@transaction.atomic
def finish_check_in(*, visit: Visit, by: Actor, at: dt.datetime | None = None) -> Visit:
    """Every step is done or left out for a reason. Raises ChecklistOpen with the names of those that are not."""
    held = lock_visit(visit, seen=None)
    if held.checked_in_at is not None:
        return held
    missing = [str(line.step.label) for line in checklist(by, held) if not line.settled]
    if missing:
        raise ChecklistOpen(_("Still open: %(steps)s. Do it, or say why not.") % {"steps": ", ".join(missing)})
    moment = max(at or now(), held.arrived_at)
    held.checked_in_at = moment
    held.revision += 1
    held.save(update_fields=["checked_in_at", "revision"])
    note(recording.CHECKED_IN, held, by=by, at=moment)
    return held


@transaction.atomic
def take_back_arrival(*, visit: Visit, by: Actor, seen: int | None = None, at: dt.datetime | None = None) -> Visit:
    """The arrival was noted by mistake: the visit is cancelled, the appointment waits again."""
    held = lock_visit(visit, seen=seen)
    if not may_move(VisitStatus(held.status), VisitStatus.CANCELLED):
        raise WrongStep(_("The visit has gone on; an arrival can be taken back only before the patient is roomed."))
    moment = max(at or now(), held.since)
    held.status, held.since, held.ended_at = VisitStatus.CANCELLED, moment, moment
    held.previous_status, held.previous_since = "", None
    held.revision += 1
    held.save()
    if held.appointment is not None:
        reinstate_appointment(appointment=held.appointment, by=by, at=moment)
    note(recording.CANCELLED, held, by=by, at=moment, data={"to": VisitStatus.CANCELLED})
    return held
