"""Reading events back: timelines, and who has read a patient's data."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from medguild.foundation.events.events import EventRecord, SubjectRef
from medguild.foundation.events.models import Event
from medguild.foundation.events.ports import event_types
from medguild.foundation.events.services import READ


def as_record(event: Event) -> EventRecord:
    return EventRecord(
        id=event.pk,
        type=event.type,
        version=event.version,
        occurred_at=event.occurred_at,
        recorded_at=event.recorded_at,
        actor_kind=event.actor_kind,
        actor_id=event.actor_id,
        actor_label=event.actor_label,
        cause=event.cause,
        subject=SubjectRef(event.subject_type, event.subject_id, event.subject_label),
        unit_id=event.unit_id,
        patient_id=event.patient_id,
        data=event.data,
    )


def timeline(*, subjects: Iterable[SubjectRef], limit: int = 50, before: UUID | None = None) -> list[EventRecord]:
    """Newest first: events of these subjects. The caller has checked that the actor may see the subjects."""
    wanted = Q()
    for subject in subjects:
        wanted |= Q(subject_type=subject.type, subject_id=subject.id)
    return _latest(wanted, limit, before) if wanted else []


def patient_timeline(*, patient_ids: Iterable[UUID], limit: int = 50, before: UUID | None = None) -> list[EventRecord]:
    """Newest first: what happened to a patient under any of the linked ids, reads left out."""
    return _latest(Q(patient_id__in=list(patient_ids)) & ~Q(type=READ), limit, before)


def readers_of(*, patient_ids: Iterable[UUID], limit: int = 200) -> list[EventRecord]:
    """Who has read the data of a patient, newest first."""
    wanted = Q(type=READ, patient_ids__overlap=list(patient_ids))
    return _latest(wanted, limit, None)


def _latest(wanted: Q, limit: int, before: UUID | None) -> list[EventRecord]:
    events = Event.objects.unscoped("the caller has checked that the subject is visible").filter(wanted)
    hidden = [name for name, declared in event_types.items() if declared.hidden]
    if hidden:
        events = events.exclude(type__in=hidden)
    if before is not None:
        events = events.filter(pk__lt=before)
    return [as_record(event) for event in events.order_by("-pk")[:limit]]
