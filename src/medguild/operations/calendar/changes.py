"""Whether anything in a span of a site's calendar has changed: asked of the rows themselves (docs/adr/0014).

PostgreSQL writes a new version of a row with each change, under the number of the transaction that made it. The
version of a span is therefore made of ids and transaction numbers of its visits and live holds: no service counts
anything, no booking waits for another, and nothing that changes a visit can be forgotten.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import BigIntegerField
from django.db.models.expressions import RawSQL

from medguild.foundation.kernel.clock import at_local
from medguild.foundation.kernel.sql import planned_cursor
from medguild.operations.calendar.rules import Span

# The number of the writing transaction is the seed of the hash of the id, so either changes the sum. A hold that runs
# out changes it too: it is no longer among the live ones.
_LOOK = """
    select coalesce(visits.sum, 0) # coalesce(holds.sum, 0)
      from (select bit_xor(uuid_hash_extended(a.id, a.xmin::text::bigint)) as sum
              from operations_appointment a
             where a.unit_id = %s and a.start >= %s and a.start < %s {only}) visits,
           (select bit_xor(uuid_hash_extended(h.id, h.xmin::text::bigint)) as sum
              from operations_hold h
             where h.expires_at > %s and h.unit_id = %s and h.start >= %s and h.start < %s) holds
"""
_STAMPS = """
    select a.id, a.xmin::text::bigint
      from operations_appointment a
     where a.unit_id = %s and a.start >= %s and a.start < %s and a.status <> 'cancelled' {only}
"""
_ONLY = "and a.clinician_id = any(%s)"


@dataclass(frozen=True, slots=True)
class Since:
    """Visits of a span as they stand: all that are there, and those that a screen has not seen so."""

    here: list[UUID]
    changed: list[UUID]


def look(span: Span, *, at: dt.datetime) -> str:
    """The version of a span: one statement. Read it before the rows: a change in between is then seen twice."""
    start, end = bounds(span)
    only = [list(span.clinicians)] if span.clinicians else []
    sql = _LOOK.format(only=_ONLY if only else "")
    with planned_cursor() as cursor:
        cursor.execute(sql, [span.site_id, start, end, *only, at, span.site_id, start, end])
        (version,) = cursor.fetchone()
    return str(version)


def since(span: Span, known: Mapping[str, int]) -> Since:
    """What became of the span's visits. `known` are those of a screen with the stamps of their rows (see `stamp`)."""
    start, end = bounds(span)
    only = [list(span.clinicians)] if span.clinicians else []
    sql = _STAMPS.format(only=_ONLY if only else "")
    with planned_cursor() as cursor:
        cursor.execute(sql, [span.site_id, start, end, *only])
        rows = cursor.fetchall()
    return Since([pk for pk, _ in rows], [pk for pk, stamp in rows if known.get(str(pk)) != stamp])


def stamp() -> RawSQL:
    """The number of the transaction that wrote a row of appointments, for a query that reads these."""
    return RawSQL("operations_appointment.xmin::text::bigint", (), output_field=BigIntegerField())


def bounds(span: Span) -> tuple[dt.datetime, dt.datetime]:
    """First and (not included) last instant of the span's local days."""
    midnight = dt.time()
    return at_local(span.start, midnight, span.zone), at_local(span.end, midnight, span.zone)
