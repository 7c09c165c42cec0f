"""Monthly partitions of the event log."""

from __future__ import annotations

import datetime as dt

from django.db import connection

from medguild.foundation.kernel.ids import first_id_at


def month_start(day: dt.date, months: int = 0) -> dt.date:
    index = day.year * 12 + day.month - 1 + months
    return dt.date(index // 12, index % 12 + 1, 1)


def ensure_partitions(*, today: dt.date, back: int = 1, ahead: int = 3) -> list[str]:
    """Make the partitions of the months around today where they are missing; returns the names of new ones."""
    made = []
    with connection.cursor() as cursor:
        for offset in range(-back, ahead + 1):
            first, after = month_start(today, offset), month_start(today, offset + 1)
            name = f"foundation_event_{first:%Y%m}"
            cursor.execute("select to_regclass(%s)", [name])
            if cursor.fetchone()[0] is not None:
                continue
            bounds = [first_id_at(dt.datetime(d.year, d.month, 1, tzinfo=dt.UTC)) for d in (first, after)]
            cursor.execute(
                f"create table {name} partition of foundation_event"
                f" for values from ('{bounds[0]}') to ('{bounds[1]}')"
            )
            made.append(name)
    return made
