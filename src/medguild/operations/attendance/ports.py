"""What rooms above tell of a visit before it takes place: that the patient was reminded, that they confirmed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple
from uuid import UUID

from medguild.foundation.kernel.ports import Registry


class Engagement(NamedTuple):
    """Since when a visit stands confirmed, and when a reminder first reached the patient; None for never."""

    confirmed_at: dt.datetime | None = None
    reminded_at: dt.datetime | None = None


# Answers for many appointments at once; those left out were neither reminded nor confirmed.
EngagementSource = Callable[[Collection[UUID]], Mapping[UUID, Engagement]]
engagement_sources: Registry[EngagementSource] = Registry("engagement source")


def engagement_of(appointment_ids: Collection[UUID]) -> dict[UUID, Engagement]:
    """What all sources tell, the earliest moment of each kind."""
    found: dict[UUID, Engagement] = {}
    for source in engagement_sources:
        for key, told in source(appointment_ids).items():
            known = found.get(key, Engagement())
            found[key] = Engagement(_first(known[0], told[0]), _first(known[1], told[1]))
    return found


def _first(one: dt.datetime | None, other: dt.datetime | None) -> dt.datetime | None:
    return min(filter(None, (one, other)), default=None)
