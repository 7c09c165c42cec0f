"""What charges hear: a signed note is charged; a visit that leaves without one is looked after."""

from __future__ import annotations

from uuid import UUID

from medguild.foundation.events.events import EventRecord, SubjectRef
from medguild.foundation.events.subscribers import subscribe
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.work.services import need_item, settle
from medguild.operations.chart.selectors import signed_note
from medguild.revenue.charges.services import capture_visit
from medguild.revenue.charges.work import MISSING_CHARGE


def _hearing(event: EventRecord) -> Actor:
    return Actor.job("revenue.charges", cause=f"event:{event.id}")


@subscribe("note.signed", name="revenue.capture_charges")
def capture(event: EventRecord) -> None:
    """Each service of the note becomes a charge, once; a note without services stays somebody's work."""
    visit_id = UUID(str(event.data["visit_id"]))
    by = _hearing(event)
    signed = signed_note(visit_id)
    if signed is None or not signed.services:
        _need(visit_id, event, by, "no_service")
        return
    capture_visit(visit_id=visit_id, by=by)
    settle(source=f"charge.missing:{visit_id}", outcome="charged", by=by)


@subscribe("visit.checked_out", name="revenue.missing_charges")
def notice_missing(event: EventRecord) -> None:
    """The patient has left; without a signed note that names a service, money may be lost."""
    visit_id = event.subject.id
    if visit_id is None:
        return
    signed = signed_note(visit_id)
    if signed is None:
        _need(visit_id, event, _hearing(event), "note_unsigned")
    elif not signed.services:
        _need(visit_id, event, _hearing(event), "no_service")


def _need(visit_id: UUID, event: EventRecord, by: Actor, category: str) -> None:
    if event.unit_id is None:
        return
    need_item(
        work_type=MISSING_CHARGE,
        unit_id=event.unit_id,
        by=by,
        subject=SubjectRef("visit", visit_id),
        patient_id=event.patient_id,
        category=category,
        source=f"charge.missing:{visit_id}",
    )
