"""What rooms above plug into the schedule: panels on its pages, and who hears which proposed time was booked."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.ports import Registry
from medguild.operations.scheduling.models import Appointment


class PanelPlace(enum.StrEnum):
    """On the page of an appointment, or beside the form that overbooks."""

    VISIT = "visit"
    OVERBOOK = "overbook"


@dataclass(frozen=True, slots=True)
class PanelRef:
    """What a page is about; `appointment` only on its own page, `day` as far as it is known."""

    clinician_id: UUID
    site_id: UUID
    appointment: Appointment | None = None
    day: dt.date | None = None


@dataclass(frozen=True, slots=True)
class SchedulePanel:
    """A fragment of another room; gets `panel.data` (what `context` returns). Nothing is shown where that is empty or
    the actor lacks `right`."""

    key: str
    place: PanelPlace
    order: int
    template: str
    context: Callable[[Actor, PanelRef], Mapping[str, Any]]
    right: str


schedule_panels: Registry[SchedulePanel] = Registry("schedule panel")


@dataclass(frozen=True, slots=True)
class ShownPanel:
    template: str
    data: Mapping[str, Any]


def panels_at(place: PanelPlace, actor: Actor, ref: PanelRef) -> list[ShownPanel]:
    """The panels that have something to say, in order."""
    asked = sorted((one for one in schedule_panels if one.place is place), key=lambda one: (one.order, one.key))
    found = [(one, one.context(actor, ref)) for one in asked if actor.may(one.right)]
    return [ShownPanel(one.template, data) for one, data in found if data]


@dataclass(frozen=True, slots=True)
class TimeChosen:
    """A visit was booked at the `place`-th of the times proposed, 1 the first; None for a time of one's own."""

    appointment: Appointment
    proposed: int
    place: int | None
    by: Actor
    reason: str = ""


choice_listeners: Registry[Callable[[TimeChosen], None]] = Registry("choice listener")


def tell_choice(told: TimeChosen) -> None:
    for listener in choice_listeners:
        listener(told)
