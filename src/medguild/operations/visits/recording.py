"""What every change of a visit shares: the lock, the event, the count of changes of the site."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.events.actors import who
from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.selectors import timeline
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.ids import new_id
from medguild.operations.visits.errors import MovedAlready
from medguild.operations.visits.models import Visit
from medguild.operations.visits.rules import VisitStatus
from medguild.operations.visits.words import STATUS_WORDS

ARRIVED = declare_event("visit.arrived", gettext_lazy("Arrived"), icon="door-enter")
CHECKED_IN = declare_event("visit.checked_in", gettext_lazy("Check-in finished"), icon="checklist")
STEP_MARKED = declare_event("visit.step_marked", gettext_lazy("Check-in step marked"), icon="square-check")
ROOMED = declare_event("visit.roomed", gettext_lazy("Brought to a room"), icon="bed")
WITH_CLINICIAN = declare_event("visit.with_clinician", gettext_lazy("Clinician began"), icon="stethoscope")
READY = declare_event("visit.ready", gettext_lazy("Ready to leave"), icon="clipboard-check")
CHECKED_OUT = declare_event("visit.checked_out", gettext_lazy("Left"), icon="door-exit")
LEFT_UNSEEN = declare_event("visit.left_without_being_seen", gettext_lazy("Left without being seen"), icon="mood-sad")
CANCELLED = declare_event("visit.cancelled", gettext_lazy("Arrival taken back"), icon="circle-x")
STEP_UNDONE = declare_event("visit.step_undone", gettext_lazy("Step taken back"), icon="arrow-back-up")
CLINICIAN_CHANGED = declare_event(
    "visit.clinician_changed", gettext_lazy("Clinician changed"), icon="switch-horizontal"
)

# To which step an event brings the visit; the fold of these is the history (`rules.step_times`).
STEP_OF_EVENT: Mapping[str, VisitStatus] = {
    ARRIVED: VisitStatus.ARRIVED,
    ROOMED: VisitStatus.ROOMED,
    WITH_CLINICIAN: VisitStatus.WITH_CLINICIAN,
    READY: VisitStatus.READY_TO_LEAVE,
    CHECKED_OUT: VisitStatus.LEFT,
    LEFT_UNSEEN: VisitStatus.LEFT_WITHOUT_BEING_SEEN,
    CANCELLED: VisitStatus.CANCELLED,
}

_TOUCH = """
    insert into operations_siteboard (id, site_id, version) values (%s, %s, 1)
    on conflict (site_id) do update set version = operations_siteboard.version + 1
"""


def subject_of(visit: Visit) -> SubjectRef:
    return SubjectRef("visit", visit.pk, visit.label())


def touch_board(site_id: UUID) -> None:
    """Count a change of the site's day. It locks the site's counter until the transaction ends: call it last."""
    with connection.cursor() as cursor:
        cursor.execute(_TOUCH, [new_id(), site_id])


def lock_visit(visit: Visit, *, seen: int | None) -> Visit:
    """The visit as it stands now, locked. Raises MovedAlready when it is past the revision that the screen showed."""
    held: Visit = (
        Visit.objects.unscoped("the caller was shown this visit; it is read again under a lock")
        .select_for_update(of=("self",))
        .select_related("appointment__clinician", "appointment__patient", "room", "site__site")
        .get(pk=visit.pk)
    )
    if held.revision != (visit.revision if seen is None else seen):
        raise MovedAlready(_moved_text(held))
    return held


def _moved_text(visit: Visit) -> str:
    latest = timeline(subjects=[subject_of(visit)], limit=1)
    words = {"who": who(latest[0]) if latest else _("somebody"), "step": STATUS_WORDS[VisitStatus(visit.status)]}
    return _("%(who)s changed this visit a moment ago. It now stands at “%(step)s”. Look again.") % words


def note(event: str, visit: Visit, *, by: Actor, at: dt.datetime, data: Mapping[str, Any] | None = None) -> None:
    """Record an event of the visit and count the change of its site."""
    always = {
        "appointment_id": visit.appointment_id,
        "clinician_id": visit.clinician_id,
        "entity_id": visit.entity_id,
        "site_id": visit.site_id,
    }
    record(
        event,
        subject=subject_of(visit),
        by=by,
        patient_id=visit.patient_id,
        unit_id=visit.site_id,
        occurred_at=at,
        data={**always, **(data or {})},
    )
    touch_board(visit.site_id)
