"""Monthly partitions of the event log."""

from __future__ import annotations

import datetime as dt

from django.db import connection

from medguild.foundation.kernel.ids import first_id_at

# Row triggers of the parent reach its partitions; those of statements do not.
_NEVER_EMPTIED = (
    "create trigger event_never_emptied before truncate on {name}"
    " for each statement execute function foundation_event_is_final()"
)


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
                f"create table {name} partition of foundation_event for values from ('{bounds[0]}') to ('{bounds[1]}')"
            )
            cursor.execute(_NEVER_EMPTIED.format(name=name))
            made.append(name)
    return made


def guard_partitions() -> None:
    """Give the trigger against truncation to partitions that were made without it."""
    with connection.cursor() as cursor:
        cursor.execute(
            """select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
                where i.inhparent = 'foundation_event'::regclass
                  and not exists (select 1 from pg_trigger t
                                   where t.tgrelid = c.oid and t.tgname = 'event_never_emptied')"""
        )
        for (name,) in cursor.fetchall():
            cursor.execute(_NEVER_EMPTIED.format(name=name))
