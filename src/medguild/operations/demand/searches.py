"""Keeps that somebody looked for a time: one row a wish, in one statement, with nothing that leads to a person."""

from __future__ import annotations

import datetime as dt
import hashlib

from django.conf import settings
from django.db import connection

from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.ids import new_id
from medguild.foundation.kernel.sql import planned_cursor
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.search.noting import Searched, listeners

KEPT_FOR = dt.timedelta(days=400)
_AGAIN_WITHIN = 900  # seconds in which one person without a named patient is taken to look for the same wish

# Whoever looks again for the same thing has still one wish; what they found last counts.
_KEEP = """
    insert into operations_slotsearch (id, unit_id, visit_type_id, clinician_id, first_day, end_day, from_minute,
                                       to_minute, found, door, asker, searched_at)
    select %s::uuid, (select place.unit_id from foundation_site place where place.unit_id = %s), kind.id,
           (select one.id from foundation_clinician one where one.id = %s), %s::date, %s::date, %s::int, %s::int,
           %s::int, %s::text, %s::text, %s::timestamptz
      from operations_visittype kind
     where kind.id = %s
    on conflict (asker, visit_type_id, unit_id, first_day)
    do update set found = excluded.found, end_day = excluded.end_day, clinician_id = excluded.clinician_id,
                  from_minute = excluded.from_minute, to_minute = excluded.to_minute,
                  searched_at = excluded.searched_at
"""


def _is_wish(searched: Searched) -> bool:
    """Whether days and hours were asked for, at a site whose times the asker may see."""
    if searched.end <= searched.start or searched.to_minute <= searched.from_minute:
        return False
    scope = searched.actor.scope(SchedulingRight.READ)
    return searched.unit_id is None or scope.everything or searched.unit_id in scope.units


def keep_search(searched: Searched) -> None:
    """One INSERT. What names no kind of visit of the house, no days, or a site that is not the asker's is left out."""
    if not _is_wish(searched):
        return
    moment = now()
    with planned_cursor() as cursor:
        cursor.execute(_KEEP, [
            new_id(), searched.unit_id, searched.clinician_id, searched.start, searched.end, searched.from_minute,
            searched.to_minute, searched.found, searched.door.value, asker_of(searched, moment), moment,
            searched.visit_type_id,
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
