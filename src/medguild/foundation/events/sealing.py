"""Sealing: batches of events are hashed row by row and chained, so that an edited or deleted row is found.

docs/algorithms/sealing.md tells what is proved and what is not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction

from medguild.foundation.events.models import Seal
from medguild.foundation.events.rules import CURRENT_COLUMNS, GENESIS, SEALED_COLUMNS, chain_hash, cut
from medguild.foundation.kernel.clock import now

_NIL = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Position:
    """A place in the sealed log: batch number and index in it, both from 1, and the event that stood there."""

    seal: int
    index: int
    event_id: UUID | None


@dataclass(frozen=True, slots=True)
class Verification:
    """Result of a walk over all seals. `broken` is the first wrong place, `fault` says how."""

    seals: int
    events: int
    unsealed: int
    broken: Position | None = None
    fault: str = ""

    @property
    def ok(self) -> bool:
        return self.broken is None


def _digest_sql(columns_version: int) -> str:
    """SQL of one row's digest: sha256 over the JSON array of the sealed columns, instants as microseconds UTC."""
    timed = {"occurred_at", "recorded_at"}
    parts = [
        f"(extract(epoch from e.{column}) * 1000000)::bigint" if column in timed else f"e.{column}::text"
        for column in SEALED_COLUMNS[columns_version]
    ]
    return f"sha256(convert_to(jsonb_build_array({', '.join(parts)})::text, 'UTF8'))"


def seal_batch(*, limit: int = 5000, export: Callable[[Seal], None] | None = None) -> Seal | None:
    """Seal the next events below the oldest running transaction; None when there is nothing new.

    `export` receives the new seal before the transaction commits, to keep its hash elsewhere.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('medguild.seal'))")
        last = Seal.objects.order_by("-number").first()
        after = (last.last_xid, last.last_event_id) if last else ("0", _NIL)
        cursor.execute(
            f"""select e.id, e.xid::text, {_digest_sql(CURRENT_COLUMNS)} from foundation_event e
                 where (e.xid < pg_snapshot_xmin(pg_current_snapshot()) or e.xid = pg_current_xact_id_if_assigned())
                   and (e.xid, e.id) > (%s::xid8, %s::uuid)
                 order by e.xid, e.id limit %s""",
            [*after, limit],
        )
        rows = cursor.fetchall()
        if not rows:
            return None
        digests = [bytes(row[2]) for row in rows]
        number = last.number + 1 if last else 1
        previous = bytes(last.hash) if last else GENESIS
        seal = Seal(
            number=number,
            columns_version=CURRENT_COLUMNS,
            first_xid=rows[0][1],
            last_xid=rows[-1][1],
            last_event_id=rows[-1][0],
            event_ids=[row[0] for row in rows],
            digests=b"".join(digests),
            previous_hash=previous,
            hash=chain_hash(previous, number, CURRENT_COLUMNS, digests),
            sealed_at=now(),
        )
        seal.save(force_insert=True)
        if export is not None:
            export(seal)
        return seal


def seal_all(*, export: Callable[[Seal], None] | None = None) -> int:
    """Seal until nothing is left; returns the number of batches made."""
    made = 0
    while seal_batch(export=export) is not None:
        made += 1
    return made


def verify() -> Verification:
    """Walk the chain and compare every sealed row with what stands in the log now; stops at the first fault."""
    seals = events = 0
    previous = GENESIS
    for seal in _all_seals():
        seals += 1
        if seal.number != seals:
            return Verification(seals, events, 0, Position(seals, 0, None), "a seal is missing")
        digests = cut(bytes(seal.digests))
        whole = chain_hash(previous, seal.number, seal.columns_version, digests)
        if bytes(seal.previous_hash) != previous or bytes(seal.hash) != whole or len(digests) != len(seal.event_ids):
            return Verification(seals, events, 0, Position(seal.number, 0, None), "the seal itself was changed")
        fault = _first_fault(seal, digests)
        if fault is not None:
            position, text = fault
            return Verification(seals, events, 0, position, text)
        events += len(digests)
        previous = bytes(seal.hash)
    stray = _unsealed_behind()
    if stray is not None:
        return Verification(seals, events, 0, Position(seals, 0, stray), "an event was slipped in behind the seals")
    return Verification(seals, events, _unsealed())


def _all_seals() -> Iterator[Seal]:
    return Seal.objects.order_by("number").iterator(chunk_size=20)


def _first_fault(seal: Seal, digests: list[bytes]) -> tuple[Position, str] | None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"select e.id, {_digest_sql(seal.columns_version)} from foundation_event e where e.id = any(%s)",
            [seal.event_ids],
        )
        found = {row[0]: bytes(row[1]) for row in cursor.fetchall()}
    for index, (event_id, digest) in enumerate(zip(seal.event_ids, digests, strict=True), start=1):
        if event_id not in found:
            return Position(seal.number, index, event_id), "the event was deleted"
        if found[event_id] != digest:
            return Position(seal.number, index, event_id), "the event was edited"
    return None


def _last() -> tuple[str, UUID]:
    last = Seal.objects.order_by("-number").first()
    return (last.last_xid, last.last_event_id) if last else ("0", _NIL)


def _unsealed() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from foundation_event e where (e.xid, e.id) > (%s::xid8, %s::uuid)", _last())
        return int(cursor.fetchone()[0])


def _unsealed_behind() -> UUID | None:
    """An event that stands before the last sealed place without a seal."""
    with connection.cursor() as cursor:
        cursor.execute(
            """select e.id from foundation_event e
                 left join (select unnest(event_ids) as id from foundation_seal) s on s.id = e.id
                where (e.xid, e.id) <= (%s::xid8, %s::uuid) and s.id is null
                limit 1""",
            _last(),
        )
        found = cursor.fetchone()
        return found[0] if found else None
