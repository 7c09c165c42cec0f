"""A visit that ends without a signed note becomes work; signing settles it."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from medguild.foundation.access.rules import Role
from medguild.foundation.events.events import EventRecord, SubjectRef
from medguild.foundation.events.subscribers import subscribe
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.work.ports import declare_work_type
from medguild.foundation.work.services import need_item, settle
from medguild.operations.chart.permissions import ChartRight
from medguild.operations.chart.rules import NoteStatus
from medguild.operations.chart.selectors import noted_visits, treating
from medguild.operations.visits.subjects import VISIT

UNSIGNED = declare_work_type(
    "note.unsigned",
    _("Note to be signed"),
    role=Role.CLINICIAN,
    backup_role=Role.MEDICAL_DIRECTOR,
    due=dt.timedelta(hours=48),
    subject_types=(VISIT.key,),
    categories=(("missing", _("Not begun")), ("draft", _("Draft"))),
    right=ChartRight.CODES,
    icon="signature",
)


def _source(visit_id: UUID) -> str:
    return f"note.unsigned:{visit_id}"


@subscribe("visit.checked_out", name="chart.unsigned_notes")
def ask_for_note(event: EventRecord) -> None:
    """The patient has left: a note that is not signed by now is owed by the clinician of the visit."""
    visit_id = event.subject.id
    if visit_id is None:
        return
    status = noted_visits([visit_id]).get(visit_id)
    if status is NoteStatus.SIGNED:
        return
    need_item(
        work_type=UNSIGNED,
        unit_id=event.unit_id,
        source=_source(visit_id),
        by=Actor.job("chart", cause=f"event:{event.id}"),
        subject=SubjectRef(VISIT.key, visit_id),
        patient_id=event.patient_id,
        category="draft" if status is NoteStatus.DRAFT else "missing",
        summary=treating(visit_id),
        at=event.occurred_at,
    )


@subscribe("note.signed", name="chart.settle_unsigned_notes")
def settle_note(event: EventRecord) -> None:
    settle(
        source=_source(UUID(str(event.data["visit_id"]))),
        outcome="signed",
        by=Actor.job("chart", cause=f"event:{event.id}"),
    )
