"""Visits that are not in the room of their session, as work: one item for a session."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medguild.foundation.access.rules import Role
from medguild.foundation.events.events import SubjectRef
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.ui.instants import clock_text
from medguild.foundation.work.models import UnownedNeed, WorkItem
from medguild.foundation.work.ports import SubjectView, declare_subject, declare_work_type
from medguild.foundation.work.rules import LIVE
from medguild.foundation.work.services import need_item, settle
from medguild.operations.scheduling.models import Session
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.words import WEEKDAYS


def _view(actor: Actor, ids: Iterable[UUID]) -> Mapping[UUID, SubjectView]:
    rows = Session.objects.visible_to(actor).filter(pk__in=list(ids)).select_related("clinician__person")
    return {row.pk: SubjectView(_label(row), reverse("scheduling:revise_session", args=[row.pk])) for row in rows}


def _label(row: Session) -> str:
    begins = clock_text(dt.time(row.start_minute // 60, row.start_minute % 60))
    return f"{row.clinician.label()}, {WEEKDAYS[row.weekday]} {begins}"


_HOUSE = "whose work it is does not matter: its reason is gone"
SESSION = "session"
declare_subject(SESSION, _("Session of a template"), _view)
ROOM_WANTED = declare_work_type(
    "session.rooms_wanted",
    _("Visits that are not in the room of their session"),
    role=Role.PRACTICE_MANAGER,
    backup_role=Role.SCHEDULER,
    due=dt.timedelta(days=3),
    subject_types=(SESSION,),
    right=SchedulingRight.READ,
    icon="door-enter",
)


def _source(session_id: UUID) -> str:
    return f"session_rooms:{session_id}"


def asked_for(session_ids: Iterable[UUID] | None = None) -> dict[UUID, str]:
    """Of these sessions (or of all) those about whose rooms somebody has work, with its words; they may be gone."""
    items = WorkItem.objects.unscoped(_HOUSE).filter(work_type=ROOM_WANTED, status__in=sorted(LIVE))
    needs = UnownedNeed.objects.unscoped(_HOUSE).filter(work_type=ROOM_WANTED, settled_at__isnull=True)
    if session_ids is not None:
        ids = list(session_ids)
        items, needs = items.filter(subject_id__in=ids), needs.filter(subject_id__in=ids)
    rows = [*needs.values_list("subject_id", "summary"), *items.values_list("subject_id", "summary")]
    return {session_id: summary for session_id, summary in rows if session_id is not None}


def end_work(session_ids: Iterable[UUID], *, by: Actor, at: dt.datetime) -> None:
    """No visit of these sessions is left to be looked after."""
    for session_id in sorted(session_ids):
        settle(source=_source(session_id), outcome="housed", by=by, at=at)


def ask_for_rooms(session: Session, words: str, *, by: Actor, at: dt.datetime) -> None:
    """`words` say which visits; without any the work, where there is some, is done."""
    source = _source(session.pk)
    if not words:
        settle(source=source, outcome="housed", by=by, at=at)
        return
    need_item(
        work_type=ROOM_WANTED, unit_id=session.unit_id, source=source, by=by, summary=words, at=at, again=True,
        subject=SubjectRef(SESSION, session.pk),
    )  # fmt: skip
