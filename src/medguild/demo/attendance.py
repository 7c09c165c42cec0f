"""Who misses visits in the synthetic group, so that there is something to learn: some people often, most hardly ever;
more the longer ago they booked, first visits and young adults more than others. About 6 % in all (MGMA polls 5 to 7).
"""

from __future__ import annotations

import math
from uuid import UUID

# Share of the people, and how many times as often as average they miss.
_PEOPLE = ((10, 4.2), (40, 1.1), (100, 0.45))
_FIRST = 1.5
_YOUNG = 1.4
_MOST = 0.7


def habit(patient_id: UUID) -> float:
    """How many times as often as others somebody misses visits: theirs for good, by their id."""
    place = patient_id.int % 100
    return next(times for below, times in _PEOPLE if place < below)


def chance_to_miss(patient_id: UUID, *, lead: int, kind: str, age: float, more: float) -> float:
    """`lead` in days, `kind` a code of `schedule.VISIT_TYPES`, `more` the times of the site's trouble."""
    base = 0.013 if lead == 0 else 0.018 + 0.0125 * math.sqrt(lead)
    times = habit(patient_id) * (_FIRST if kind == "new" else 1.0) * (_YOUNG if 18 <= age < 35 else 1.0)
    return min(_MOST, base * times * more)
