"""Shapes of events: what is recorded, and what subscribers and timelines get back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class SubjectRef:
    """What the event is about: type (`patient`, `appointment`, ...), id, and a snapshot of its label."""

    type: str
    id: UUID | None
    label: str = ""

    @property
    def key(self) -> str:
        return f"{self.type}:{self.id}"


@dataclass(frozen=True, slots=True)
class Happening:
    """One of many events of a bulk load: whom it is about, and where."""

    subject: SubjectRef
    patient_id: UUID | None = None
    unit_id: UUID | None = None
    data: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class EventType:
    """A declared kind of event: its name, the sentence shown on timelines, an icon, the version of its data."""

    name: str
    label: str | Promise
    icon: str = "point"
    version: int = 1
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class EventRecord:
    """An event as read back."""

    id: UUID
    type: str
    version: int
    occurred_at: dt.datetime
    recorded_at: dt.datetime
    actor_kind: str
    actor_id: UUID | None
    actor_label: str
    cause: str
    subject: SubjectRef
    unit_id: UUID | None
    patient_id: UUID | None
    data: Mapping[str, Any] = field(default_factory=dict)
