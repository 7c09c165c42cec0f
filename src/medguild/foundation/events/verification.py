"""Proof that the sealed log stands as it was written: a walk over all seals, and their anchors kept elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from medguild.foundation.events.models import Seal
from medguild.foundation.events.rules import GENESIS, chain_hash, cut
from medguild.foundation.events.sealing import digest_sql, head_of, last_seal, sealed_until

DELETED = "the event was deleted"
EDITED = "the event was edited"
SLIPPED_IN = "an event was slipped in behind the seals"
FROM_NOWHERE = "an event names a transaction that never ran"
SEAL_CHANGED = "the seal itself was changed"
SEAL_MISSING = "a seal is missing"
NOT_AS_ANCHORED = "the seal is not the one that was anchored"

# A seal covers the stretch of the log from behind the seal before it up to its own last event. All of its own events
# have been found there, so one more row in the stretch is a stranger. Counting walks an index once; a join of all
# events with all sealed ids took minutes.
_IN_STRETCH = "(e.xid, e.id) > (%s::xid8, %s::uuid) and (e.xid, e.id) <= (%s::xid8, %s::uuid)"
_CROWDED_SEAL = """
with stretch as (
    select number, event_ids, last_xid::xid8 as last_xid, last_event_id,
           coalesce(lag(last_xid::xid8) over ordered, '0'::xid8) as after_xid,
           coalesce(lag(last_event_id) over ordered, '00000000-0000-0000-0000-000000000000'::uuid) as after_id
      from foundation_seal window ordered as (order by number))
select number, event_ids, after_xid::text, after_id, last_xid::text, last_event_id
  from stretch
 where cardinality(event_ids) < (
           select count(*) from foundation_event e
            where (e.xid, e.id) > (after_xid, after_id) and (e.xid, e.id) <= (stretch.last_xid, stretch.last_event_id))
 order by number limit 1"""


@dataclass(frozen=True, slots=True)
class Position:
    """A place in the sealed log: batch number and index in it, both from 1 (index 0: the batch as a whole)."""

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


def verify(anchors: Mapping[int, str] | None = None) -> Verification:
    """Walk the chain and compare every sealed row with what stands in the log now; stops at the first fault.

    `anchors` holds the hashes (hex) of seals by number, as exported: they show a chain that was made anew.
    """
    known = anchors or {}
    seals = events = 0
    previous = GENESIS
    for seal in _all_seals():
        fault = _fault_of_seal(seal, seals + 1, previous, known) or _fault_of_rows(seal)
        if fault is not None:
            return Verification(seals, events, 0, *fault)
        seals, events, previous = seals + 1, events + len(seal.event_ids), bytes(seal.hash)
    if known and max(known) > seals:
        return Verification(seals, events, 0, Position(seals + 1, 0, None), SEAL_MISSING)
    fault = _slipped_in() or _from_nowhere(seals)
    return Verification(seals, events, 0 if fault else unsealed(), *(fault or ()))


def _all_seals() -> Iterator[Seal]:
    return Seal.objects.order_by("number").iterator(chunk_size=20)


def _fault_of_seal(seal: Seal, number: int, previous: bytes, anchors: Mapping[int, str]) -> tuple[Position, str] | None:
    if seal.number != number:
        return Position(number, 0, None), SEAL_MISSING
    digests = cut(bytes(seal.digests))
    whole = chain_hash(previous, head_of(seal), digests)
    fits = len(digests) == len(seal.event_ids) > 0 and seal.event_ids[-1] == seal.last_event_id
    if bytes(seal.previous_hash) != previous or bytes(seal.hash) != whole or not fits:
        return Position(number, 0, None), SEAL_CHANGED
    if anchors.get(number, whole.hex()) != whole.hex():
        return Position(number, 0, None), NOT_AS_ANCHORED
    return None


def _fault_of_rows(seal: Seal) -> tuple[Position, str] | None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"select e.id, {digest_sql(seal.columns_version)} from foundation_event e where e.id = any(%s)",
            [seal.event_ids],
        )
        found = {row[0]: bytes(row[1]) for row in cursor.fetchall()}
    pairs = zip(seal.event_ids, cut(bytes(seal.digests)), strict=True)
    for index, (event_id, digest) in enumerate(pairs, start=1):
        if event_id not in found:
            return Position(seal.number, index, event_id), DELETED
        if found[event_id] != digest:
            return Position(seal.number, index, event_id), EDITED
    return None


def _slipped_in() -> tuple[Position, str] | None:
    """The first event that stands before the last sealed place without a seal; the place where it would belong."""
    with connection.cursor() as cursor:
        cursor.execute(_CROWDED_SEAL)
        crowded = cursor.fetchone()
        if crowded is None:
            return None
        number, event_ids, *stretch = crowded
        cursor.execute(
            f"select e.id, e.xid::text from foundation_event e where {_IN_STRETCH} and e.id <> all(%s)"
            " order by e.xid, e.id limit 1",
            [*stretch, event_ids],
        )
        event_id, xid = cursor.fetchone()
        cursor.execute(
            "select count(*) from foundation_event where id = any(%s) and (xid, id) < (%s::xid8, %s::uuid)",
            [event_ids, xid, event_id],
        )
        return Position(number, cursor.fetchone()[0] + 1, event_id), SLIPPED_IN


def _from_nowhere(seals: int) -> tuple[Position, str] | None:
    with connection.cursor() as cursor:
        cursor.execute(
            """select e.id from foundation_event e
                where (e.xid, e.id) > (%s::xid8, %s::uuid) and e.xid >= pg_snapshot_xmax(pg_current_snapshot())
                  and e.xid is distinct from pg_current_xact_id_if_assigned()
                order by e.xid, e.id limit 1""",
            sealed_until(last_seal()),
        )
        found = cursor.fetchone()
        return (Position(seals + 1, 0, found[0]), FROM_NOWHERE) if found else None


def unsealed() -> int:
    """Events that wait for the next seal."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from foundation_event e where (e.xid, e.id) > (%s::xid8, %s::uuid)",
            sealed_until(last_seal()),
        )
        return int(cursor.fetchone()[0])
