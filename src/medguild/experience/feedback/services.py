"""Taking a complaint, and saying what was done about it."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from medguild.experience.feedback.models import Complaint
from medguild.experience.feedback.permissions import FeedbackRight
from medguild.experience.feedback.recording import COMPLAINT, RECEIVED, RESOLVED
from medguild.experience.feedback.rules import Category, Channel, ComplaintStatus, Severity
from medguild.foundation.access.demand import demand
from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import Conflict, Refusal
from medguild.foundation.organization.models import Site
from medguild.foundation.work.rules import Priority
from medguild.foundation.work.services import need_item, settle
from medguild.patients.identity.models import Patient

_PRIORITIES = {Severity.MINOR: Priority.LOW, Severity.MODERATE: Priority.NORMAL, Severity.SERIOUS: Priority.URGENT}


class ResolvedAlready(Conflict):
    """Somebody was quicker."""

    code = "complaint_resolved_already"


@transaction.atomic
def receive_complaint(
    *,
    site: Site,
    channel: Channel,
    category: Category,
    severity: Severity,
    text: str,
    by: Actor,
    patient: Patient | None = None,
    received_at: dt.datetime | None = None,
    at: dt.datetime | None = None,
) -> Complaint:
    """Write a complaint down and hand it to whoever answers for complaints at the site, with a due time.

    Raises NotAllowed, Refusal without words or with a time to come. The caller has checked that the actor may see the
    patient.
    """
    demand(by, FeedbackRight.RECEIVE, site.unit_id)
    moment = at or now()
    received = received_at or moment
    if not text.strip():
        raise Refusal(_("Write what the person said, as they said it."), field="text")
    if received > moment:
        raise Refusal(_("A complaint cannot be received in the future."), field="received_at")
    complaint = Complaint.objects.create(
        site_id=site.unit_id, received_at=received, channel=channel, category=category, severity=severity,
        patient=patient, text=text.strip(),
    )  # fmt: skip
    _tell(RECEIVED, complaint, by, received)
    need_item(
        work_type=COMPLAINT, unit_id=site.unit_id, source=_source(complaint), by=by, subject=_subject(complaint),
        patient_id=complaint.patient_id, category=complaint.category, priority=_PRIORITIES[severity], at=received,
    )  # fmt: skip
    return complaint


@transaction.atomic
def resolve_complaint(*, complaint: Complaint, resolution: str, by: Actor, at: dt.datetime | None = None) -> Complaint:
    """Say what was done; the work item closes. Raises NotAllowed, ResolvedAlready, Refusal without words."""
    demand(by, FeedbackRight.RESOLVE, complaint.site_id)
    if not resolution.strip():
        raise Refusal(_("Say what was done, and what the person was told."), field="resolution")
    moment = at or now()
    held: Complaint = (
        Complaint.objects.unscoped("the caller was shown this complaint; it is read again under a lock")
        .select_for_update(of=("self",))
        .get(pk=complaint.pk)
    )
    if not held.is_open:
        raise ResolvedAlready(_("%(who)s has resolved this complaint already.") % {"who": held.resolved_by_label})
    held.status, held.resolution, held.resolved_at = ComplaintStatus.RESOLVED, resolution.strip(), moment
    held.resolved_by_id, held.resolved_by_label = by.id, by.label
    held.save(update_fields=["status", "resolution", "resolved_at", "resolved_by_id", "resolved_by_label"])
    _tell(RESOLVED, held, by, moment)
    settle(source=_source(held), outcome="resolved", by=by, at=moment)
    return held


def _source(complaint: Complaint) -> str:
    return f"complaint:{complaint.pk}"


def _subject(complaint: Complaint) -> SubjectRef:
    return SubjectRef("complaint", complaint.pk, complaint.label())


def _tell(event: str, complaint: Complaint, by: Actor, moment: dt.datetime) -> None:
    record(
        event, subject=_subject(complaint), by=by, patient_id=complaint.patient_id, unit_id=complaint.site_id,
        occurred_at=moment, data={"category": complaint.category, "severity": complaint.severity},
    )  # fmt: skip
