"""Messages that failed are tried again: each attempt waits longer than the one before, and, like the first, for the
morning."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from functools import cache

from django.db.models import QuerySet

from medguild.experience.outreach.models import Notice
from medguild.foundation.organization.models import Unit
from medguild.patients.preferences.rules import Reach, first_instant, own_quiet
from medguild.patients.preferences.selectors import reaches_of
from medguild.patients.preferences.standards import quiet_at


def usual_wait(attempts: int) -> dt.timedelta:
    return dt.timedelta(minutes=2**attempts)


def to_repeat(
    failed: QuerySet[Notice], *, at: dt.datetime, wait: Callable[[int], dt.timedelta] = usual_wait
) -> Iterator[tuple[Notice, dt.datetime | None]]:
    """Those that have waited long enough, the oldest first, with when they may be sent: now, or as soon as the quiet
    hours of the site and of the patient are over; None where these leave no minute."""
    rows = failed.select_related("unit__site").order_by("sent_at")
    rested = [one for one in rows if at >= one.sent_at + wait(one.attempts)]
    reaches = reaches_of({one.patient_id for one in rested})
    house = cache(quiet_at)
    for one in rested:
        unit: Unit = one.unit
        own = own_quiet(reaches.get(one.patient_id, Reach()))
        yield one, first_instant(at, unit.site.time_zone, [house(unit.pk), *own])
