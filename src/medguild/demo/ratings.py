"""How patients judged their visits, in one number: every seventh answers; who waited long is less content, and so is who
could hardly reach the front desk."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from typing import Any

from medguild.demo import plan
from medguild.demo.copying import copy_rows, id_at
from medguild.demo.flow import Seen
from medguild.demo.group import Group
from medguild.experience.feedback.models import VisitRating

_ANSWER, _DAYS = 0.14, 200
_USUAL, _SPREAD = 9.0, 1.3
_A_MINUTE, _UNREACHED = 0.06, 1.4  # points lost for each minute late, and where the desk is short of people
_COLUMNS = ("id", "appointment_id", "score", "rated_at")


def build_ratings(group: Group, size: plan.Size, today: dt.date) -> None:
    rng = random.Random(plan.SEED + 43)
    since = dt.datetime.combine(today - dt.timedelta(days=_DAYS), dt.time(), tzinfo=dt.UTC)
    midnight = dt.datetime.combine(today, dt.time(), tzinfo=dt.UTC)
    copy_rows(VisitRating, _COLUMNS, _ratings(group, since, midnight, rng))


def _ratings(group: Group, since: dt.datetime, midnight: dt.datetime, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    for seen in group.visits:
        if seen.left_at < since or rng.random() > _ANSWER:
            continue
        rated_at = seen.left_at + dt.timedelta(hours=rng.uniform(2, 60))
        if rated_at < midnight:
            yield id_at(rng, rated_at), seen.booked.id, _score(seen, midnight, rng), rated_at


def _score(seen: Seen, midnight: dt.datetime, rng: random.Random) -> int:
    late = max(0.0, (seen.times[2] - seen.booked.start).total_seconds() / 60)
    _trouble, strength = plan.shortage(seen.booked.site, (midnight - seen.left_at).days)
    content = rng.gauss(_USUAL, _SPREAD) - _A_MINUTE * late - _UNREACHED * strength
    return min(10, max(0, round(content)))
