"""Sealing: batches of events are hashed row by row and chained, so that an edited or deleted row is found.

docs/algorithms/sealing.md tells what is proved and what is not.
"""

from __future__ import annotations

from uuid import UUID

from django.db import connection, transaction

from medguild.foundation.events.horizon import horizon
from medguild.foundation.events.models import Seal
from medguild.foundation.events.rules import CURRENT_COLUMNS, GENESIS, SEALED_COLUMNS, SealHead, chain_hash
from medguild.foundation.kernel.clock import now

_NIL = UUID(int=0)
_TIMED = frozenset({"occurred_at", "recorded_at"})


def digest_sql(columns_version: int) -> str:
    """SQL of one row's digest: sha256 over the JSON array of the sealed columns, instants as microseconds UTC."""
    parts = [
        f"(extract(epoch from e.{column}) * 1000000)::bigint" if column in _TIMED else f"e.{column}::text"
        for column in SEALED_COLUMNS[columns_version]
    ]
    return f"sha256(convert_to(jsonb_build_array({', '.join(parts)})::text, 'UTF8'))"


def last_seal() -> Seal | None:
    return Seal.objects.order_by("-number").first()


def sealed_until(seal: Seal | None) -> tuple[str, UUID]:
    """Place in commit order up to which everything is sealed: transaction and event."""
    return (seal.last_xid, seal.last_event_id) if seal else ("0", _NIL)


def head_of(seal: Seal) -> SealHead:
    return SealHead(
        seal.number, seal.columns_version, seal.first_xid, seal.last_xid, seal.last_event_id, seal.sealed_at
    )


@transaction.atomic
def seal_batch(*, limit: int = 5000) -> Seal | None:
    """Seal the next events below the oldest running transaction; None when there is nothing new."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('medguild.seal'))")
        last = last_seal()
        cursor.execute(
            f"""select e.id, e.xid::text, {digest_sql(CURRENT_COLUMNS)} from foundation_event e
                 where (e.xid < %s::xid8 or e.xid = pg_current_xact_id_if_assigned())
                   and (e.xid, e.id) > (%s::xid8, %s::uuid)
                 order by e.xid, e.id limit %s""",
            [horizon(), *sealed_until(last), limit],
        )
        rows = cursor.fetchall()
    if not rows:
        return None
    digests = [bytes(row[2]) for row in rows]
    previous = bytes(last.hash) if last else GENESIS
    seal = Seal(
        number=last.number + 1 if last else 1,
        columns_version=CURRENT_COLUMNS,
        first_xid=rows[0][1],
        last_xid=rows[-1][1],
        last_event_id=rows[-1][0],
        event_ids=[row[0] for row in rows],
        digests=b"".join(digests),
        previous_hash=previous,
        sealed_at=now(),
    )
    seal.hash = chain_hash(previous, head_of(seal), digests)
    seal.save(force_insert=True)
    return seal


def seal_all() -> int:
    """Seal until nothing is left; returns the number of batches made."""
    made = 0
    while seal_batch() is not None:
        made += 1
    return made
