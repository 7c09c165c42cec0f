"""Keeps that somebody looked for a time: one row a wish, in one statement, with nothing that leads to a person."""

from __future__ import annotations

import datetime as dt
import hashlib

from django.conf import settings
from django.db import connection

from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.ids import new_id
from medguild.foundation.kernel.sql import planned_cursor
from medguild.operations.scheduling.searches import Searched, listeners

KEPT_FOR = dt.timedelta(days=400)
_AGAIN_WITHIN = 900  # seconds in which one person without a named patient is taken to look for the same wish

# Whoever looks again for the same thing has still one wish; what they found last counts.
_KEEP = """
    insert into operations_slotsearch (id, unit_id, visit_type_id, clinician_id, first_day, end_day, from_minute,
                                       to_minute, found, door, asker, searched_at)
    values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
    on conflict (asker, visit_type_id, unit_id, first_day)
    do update set found = excluded.found, end_day = excluded.end_day, clinician_id = excluded.clinician_id,
                  from_minute = excluded.from_minute, to_minute = excluded.to_minute,
                  searched_at = excluded.searched_at
"""


def keep_search(searched: Searched) -> None:
    """One INSERT. A search that is no wish (no days) is left out."""
    if searched.end <= searched.start or searched.to_minute <= searched.from_minute:
        return
    moment = now()
    with planned_cursor() as cursor:
        cursor.execute(_KEEP, [
            new_id(), searched.unit_id, searched.visit_type_id, searched.clinician_id, searched.start, searched.end,
            searched.from_minute, searched.to_minute, searched.found, searched.door.value, asker_of(searched, moment),
            moment,
        ])  # fmt: skip


def asker_of(searched: Searched, moment: dt.datetime) -> str:
    """A keyed hash of who looks for whom on which day; without the key of the house it leads to nobody."""
    about = f"{searched.patient_id}|{moment:%Y-%m-%d}"
    if searched.patient_id is None:
        about = f"{searched.actor.id}|{int(moment.timestamp()) // _AGAIN_WITHIN}"
    key = settings.SECRET_KEY.encode()[:64]
    return hashlib.blake2b(f"demand|{about}".encode(), key=key, digest_size=12).hexdigest()


def forget_searches(*, at: dt.datetime | None = None) -> int:
    """Remove searches that no page looks at any more; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute("delete from operations_slotsearch where searched_at < %s", [(at or now()) - KEPT_FOR])
        return int(cursor.rowcount)


listeners.register("demand.searches", keep_search)
