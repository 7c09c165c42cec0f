"""Those who want to know that somebody looked for a time: demand is what people asked for, not only what they got."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.ports import Registry
from medguild.operations.scheduling.rules import Origin


@dataclass(frozen=True, slots=True)
class Searched:
    """A search for a time by somebody who wants one: on the half-open days, between wall-clock minutes.

    `unit_id` and `clinician_id` None are any; `found` counts the free starts that were shown. `patient_id` only tells
    repeated looks from new wishes: listeners must not keep it.
    """

    actor: Actor
    visit_type_id: UUID
    start: dt.date
    end: dt.date
    found: int
    door: Origin = Origin.STAFF
    unit_id: UUID | None = None
    clinician_id: UUID | None = None
    patient_id: UUID | None = None
    from_minute: int = 0
    to_minute: int = 1440


listeners: Registry[Callable[[Searched], None]] = Registry("search listener")


def tell_searched(searched: Searched) -> None:
    """Called by doors (pages, API, portal) after a search; programs that only measure do not call it."""
    for listener in listeners.all():
        listener(searched)
