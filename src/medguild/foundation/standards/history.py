"""The story of a record as pages show it."""

from __future__ import annotations

from uuid import UUID

from medguild.foundation.events.actors import who
from medguild.foundation.events.events import EventRecord, SubjectRef
from medguild.foundation.events.ports import event_types
from medguild.foundation.events.selectors import timeline
from medguild.foundation.ui.parts import Moment


def story(kind: str, *ids: UUID, limit: int = 50) -> list[Moment]:
    """What happened to records, newest first. The caller has checked that the actor may see them."""
    return [_moment(event) for event in timeline(subjects=[SubjectRef(kind, id_) for id_ in ids], limit=limit)]


def _moment(event: EventRecord) -> Moment:
    declared = event_types.find(event.type)
    label = declared.label if declared else event.type
    return Moment(label, event.occurred_at, who(event), declared.icon if declared else "point")
