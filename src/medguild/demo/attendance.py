"""Who misses visits in the synthetic group, so that there is something to learn: some people often, most hardly ever;
more the longer ago they booked, first visits and young adults more than others. About 7 % in all (MGMA polls 5 to 7).

And what the desks did with proposed times. The model itself is learned by the worker's first job.
"""

from __future__ import annotations

import datetime as dt
import math
import random
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from medguild.demo import plan
from medguild.demo.copying import copy_rows, id_at
from medguild.demo.group import Group
from medguild.foundation.access.rules import Role
from medguild.operations.attendance.asking import queue_training
from medguild.operations.attendance.choice_rules import choice_of
from medguild.operations.attendance.models import SlotChoice
from medguild.operations.attendance.selectors import units_to_train

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


_COLUMNS = (
    "id", "appointment_id", "unit_id", "proposed", "place", "choice", "reason", "role", "chosen_at", "chosen_by",
)  # fmt: skip
_CHOSEN_DAYS = 60
_ROLES = (Role.FRONT_DESK, Role.SCHEDULER)
_REASONS = ("The patient asked for this clinician", "Comes with a family member", "Works until five", "", "")
_SOON = 20  # seconds until the worker begins to learn: what it learns with may still be on its way


def build_choices(group: Group, size: plan.Size, today: dt.date) -> None:
    """Of the bookings of the last two months, which proposal was taken."""
    copy_rows(SlotChoice, _COLUMNS, _choices(group, today, random.Random(plan.SEED + 41)))


def ask_for_models(group: Group, size: plan.Size, today: dt.date) -> None:
    """The worker's first jobs learn who misses visits."""
    for unit in units_to_train(on=today):
        queue_training(unit, cause="demo", seconds=_SOON)


def _choices(group: Group, today: dt.date, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    since = dt.datetime.combine(today - dt.timedelta(days=_CHOSEN_DAYS), dt.time(), tzinfo=dt.UTC)
    for booked in group.appointments:
        if booked.booked_at < since or booked.overbooked:
            continue
        proposed = rng.randrange(3, 9)
        place = rng.choices((1, rng.randrange(2, proposed + 1), None), (58, 29, 13))[0]
        yield (
            id_at(rng, booked.booked_at), booked.id, group.units[booked.site].pk, proposed, place,
            choice_of(place).value, rng.choice(_REASONS) if place is None else "", rng.choice(_ROLES).value,
            booked.booked_at, None,
        )  # fmt: skip
