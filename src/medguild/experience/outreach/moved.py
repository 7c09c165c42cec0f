"""Outreach hears that a visit was moved and its patient is to be told: at once when somebody at the desk asked, in the
morning when a job moved it at night.

Whom no message may or can reach in time is called by the desk, as long as they do not know the time that holds.
"""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from medguild.experience.outreach.composing import moved_words
from medguild.experience.outreach.models import Notice
from medguild.experience.outreach.rules import NoticeKind, NoticeStatus
from medguild.experience.outreach.sending import Draft, is_given_up, send
from medguild.foundation.access.rules import Role
from medguild.foundation.events.events import EventRecord, SubjectRef
from medguild.foundation.events.subscribers import subscribe
from medguild.foundation.kernel.actor import Actor, ActorKind
from medguild.foundation.kernel.clock import now
from medguild.foundation.work.models import UnownedNeed, WorkItem
from medguild.foundation.work.ports import declare_work_type
from medguild.foundation.work.rules import LIVE
from medguild.foundation.work.services import need_item, settle_about
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.moves import moves_of
from medguild.operations.scheduling.outcomes import CANCELLED
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.rules import AppointmentStatus
from medguild.operations.scheduling.services import MOVED
from medguild.operations.scheduling.telling import TO_TELL
from medguild.patients.preferences.rules import first_instant, own_quiet
from medguild.patients.preferences.selectors import reach_of
from medguild.patients.preferences.standards import quiet_at

HOUSE = Actor.job("outreach.moved")
CALL = declare_work_type(
    "appointment.call_moved", _("Call about an appointment that was moved"), role=Role.FRONT_DESK,
    backup_role=Role.SCHEDULER, due=dt.timedelta(hours=4), subject_types=("appointment",), right=SchedulingRight.READ,
    icon="phone",
)  # fmt: skip
TASK = "outreach.tell_moved"
_HOUSE_ONLY = "the house writes to its patients"
# A message that would come later than this before the visit is no message.
_TOO_LATE = dt.timedelta(hours=2)


@subscribe(TO_TELL, name="outreach.tell_moved")
def tell_moved(event: EventRecord) -> None:
    """Tells the time that holds now, once for each time. One that failed is tried again."""
    if event.subject.id is not None:
        tell(event.subject.id, at=now(), at_once=event.actor_kind == ActorKind.USER)


def tell(visit_id: UUID, *, at: dt.datetime, at_once: bool = False) -> None:
    """Send it, or have it sent when the quiet hours of the site and of the patient are over."""
    visit = _to_come(visit_id, at)
    if visit is None:
        return
    when = at if at_once else _may_be_told(visit, at)
    if when == at:
        _send(visit, at)
    elif not call_if_too_late(visit, when):
        app.configure_task(TASK, schedule_at=when).defer(visit_id=str(visit.pk))


def call_if_too_late(visit: Appointment, when: dt.datetime | None) -> bool:
    """Whether a message at this time, or never, would come too late; then the patient is called."""
    too_late = when is None or when > visit.start - _TOO_LATE
    if too_late:
        _call(visit)
    return too_late


def _to_come(visit_id: UUID, at: dt.datetime) -> Appointment | None:
    rows = Appointment.objects.unscoped(_HOUSE_ONLY).select_related("patient", "unit__site")
    found: Appointment | None = rows.filter(pk=visit_id, status=AppointmentStatus.BOOKED, start__gt=at).first()
    return found


def _may_be_told(visit: Appointment, at: dt.datetime) -> dt.datetime | None:
    quiet = [quiet_at(visit.unit_id), *own_quiet(reach_of(visit.patient_id))]
    return first_instant(at, visit.unit.site.time_zone, quiet)


def _send(visit: Appointment, at: dt.datetime) -> None:
    draft = Draft(visit.patient, visit.unit, NoticeKind.MOVED, _source(visit), moved_words(visit), visit)
    notice = send(draft=draft, by=HOUSE, at=at)
    if notice is not None:
        after_attempt(notice, visit)


def after_attempt(notice: Notice, visit: Appointment) -> None:
    """Whom the message reached needs no call; whom it may not, or did not for the last time, is called."""
    if notice.status == NoticeStatus.SENT:
        _need_no_call(visit.pk, "told")
    elif notice.source == _source(visit) and is_given_up(notice):
        _call(visit)


def _source(visit: Appointment) -> str:
    """Once for each move: a time that comes back was taken back in between."""
    return f"moved:{visit.pk}:{len(moves_of(visit))}"


def _call(visit: Appointment) -> None:
    need_item(
        work_type=CALL, unit_id=visit.unit_id, source=_source(visit), by=HOUSE, patient_id=visit.patient_id,
        subject=SubjectRef("appointment", visit.pk),
    )  # fmt: skip


def _need_no_call(visit_id: UUID, outcome: str) -> None:
    settle_about(work_type=CALL, subject=SubjectRef("appointment", visit_id), outcome=outcome, by=HOUSE)


@subscribe(MOVED, name="outreach.call_about_new_time")
def bring_call_up_to_date(event: EventRecord) -> None:
    """Whoever asked for the new time knows it; whom we moved again is called about the time that holds now."""
    visit_id = event.subject.id
    if visit_id is None or not _is_to_be_called(visit_id):
        return
    _need_no_call(visit_id, "moved")
    visit = _to_come(visit_id, now())
    if visit is not None and event.data.get("by_practice"):
        _call(visit)


@subscribe(CANCELLED, name="outreach.call_about_no_visit")
def call_nobody(event: EventRecord) -> None:
    """There is no time left to call about."""
    if event.subject.id is not None:
        _need_no_call(event.subject.id, "cancelled")


def _is_to_be_called(visit_id: UUID) -> bool:
    about = {"work_type": CALL, "subject_type": "appointment", "subject_id": visit_id}
    items = WorkItem.objects.unscoped(_HOUSE_ONLY).filter(**about, status__in=sorted(LIVE))
    needs = UnownedNeed.objects.unscoped(_HOUSE_ONLY).filter(**about, settled_at__isnull=True)
    return items.exists() or needs.exists()
