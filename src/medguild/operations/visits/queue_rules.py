"""Who is called in next, and how long the others will wait. Pure.

The order is a rule, not a favour: urgent ones first; then by the time at which somebody could be seen at the earliest
(their appointment, or their arrival when that was later; a walk-in comes after those booked for the same time).
"""

from __future__ import annotations

import enum


class Urgency(enum.StrEnum):
    """In order. An emergency is not queued."""

    URGENT = "urgent"
    SOON = "soon"
    ROUTINE = "routine"
