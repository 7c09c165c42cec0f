"""Whether anything in a span of a site's calendar has changed: asked of the rows themselves (docs/adr/0014).

PostgreSQL writes a new version of a row with each change, under the number of the transaction that made it. The
version of a span is therefore made of ids and transaction numbers of its visits and live holds: no service counts
anything, no booking waits for another, and nothing that changes a visit can be forgotten.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from medguild.foundation.kernel.clock import at_local
from medguild.foundation.kernel.sql import planned_cursor
from medguild.operations.calendar.rules import Span

# The number of the writing transaction is the seed of the hash of the id, so either changes the sum. A hold that runs
# out changes it too: it is no longer among the live ones.
_LOOK = """
    select coalesce(visits.sum, 0) # coalesce(holds.sum, 0), pg_snapshot_xmin(pg_current_snapshot())::text::bigint
      from (select bit_xor(uuid_hash_extended(a.id, a.xmin::text::bigint)) as sum
              from operations_appointment a
             where a.unit_id = %s and a.start >= %s and a.start < %s {only}) visits,
           (select bit_xor(uuid_hash_extended(h.id, h.xmin::text::bigint)) as sum
              from operations_hold h
             where h.expires_at > %s and h.unit_id = %s and h.start >= %s and h.start < %s) holds
"""
# Written by a transaction that was running then, or began later. The number of a savepoint is greater than that of its
# transaction, so the oldest one that was running is the border; what it shows twice does no harm. `xmin` holds the
# lower half of the number; the upper half is that of the next number, or one less beyond it.
_SINCE = """
    select a.id, a.xmin::text::bigint + next.high
                 - case when a.xmin::text::bigint > next.low then 4294967296 else 0 end >= %s::bigint
      from operations_appointment a,
           (select all_of / 4294967296 * 4294967296 as high, all_of %% 4294967296 as low
              from (select pg_snapshot_xmax(pg_current_snapshot())::text::bigint as all_of) counted) next
     where a.unit_id = %s and a.start >= %s and a.start < %s and a.status <> 'cancelled' {only}
"""
_ONLY = "and a.clinician_id = any(%s)"


@dataclass(frozen=True, slots=True)
class Version:
    """What a screen has seen: a sum that changes with the rows, and the oldest transaction that was running then."""

    sum: str
    oldest: int


@dataclass(frozen=True, slots=True)
class Since:
    """Visits of a span as they stand: all that are there, and those that were written after a version."""

    here: list[UUID]
    changed: list[UUID]


def look(span: Span, *, at: dt.datetime) -> Version:
    """The version of a span: one statement. Read it before the rows: a change in between is then seen twice."""
    start, end = bounds(span)
    only = [list(span.clinicians)] if span.clinicians else []
    sql = _LOOK.format(only=_ONLY if only else "")
    with planned_cursor() as cursor:
        cursor.execute(sql, [span.site_id, start, end, *only, at, span.site_id, start, end])
        total, oldest = cursor.fetchone()
    return Version(str(total), oldest)


def since(span: Span, version: Version) -> Since:
    """What became of the span's visits since a version. A visit may be named that was shown already."""
    start, end = bounds(span)
    only = [list(span.clinicians)] if span.clinicians else []
    sql = _SINCE.format(only=_ONLY if only else "")
    with planned_cursor() as cursor:
        cursor.execute(sql, [version.oldest, span.site_id, start, end, *only])
        rows = cursor.fetchall()
    return Since([pk for pk, _ in rows], [pk for pk, changed in rows if changed])


def bounds(span: Span) -> tuple[dt.datetime, dt.datetime]:
    """First and (not included) last instant of the span's local days."""
    midnight = dt.time()
    return at_local(span.start, midnight, span.zone), at_local(span.end, midnight, span.zone)
