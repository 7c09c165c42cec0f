"""Delivery states, retry times and the sealed column list: pure."""

from __future__ import annotations

import datetime as dt
import enum
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID


class DeliveryStatus(enum.StrEnum):
    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"


MOST_ATTEMPTS = 5
GENESIS = bytes(32)
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)

# The columns under seal, by version of the list. A new column gets a new version; old seals keep theirs.
SEALED_COLUMNS: dict[int, tuple[str, ...]] = {
    1: (
        "id", "version", "type", "occurred_at", "recorded_at", "xid", "actor_kind", "actor_id", "actor_label", "cause",
        "subject_type", "subject_id", "subject_label", "unit_id", "patient_id", "patient_ids", "data",
    )
}  # fmt: skip
CURRENT_COLUMNS = 1


def retry_delay(attempts: int) -> dt.timedelta:
    """Waiting time after the n-th failed attempt: 2, 8, 32, 128 seconds."""
    return dt.timedelta(seconds=2 * 4 ** (attempts - 1))


def status_after_failure(attempts: int) -> DeliveryStatus:
    return DeliveryStatus.FAILED if attempts >= MOST_ATTEMPTS else DeliveryStatus.PENDING


@dataclass(frozen=True, slots=True)
class SealHead:
    """What a seal says of its batch beside the digests; all of it is under the hash."""

    number: int
    columns_version: int
    first_xid: str
    last_xid: str
    last_event_id: UUID
    sealed_at: dt.datetime

    def written(self) -> bytes:
        instant = round((self.sealed_at - _EPOCH) / dt.timedelta(microseconds=1))
        parts = (self.number, self.columns_version, self.first_xid, self.last_xid, self.last_event_id, instant)
        return "|".join(map(str, parts)).encode()


def chain_hash(previous: bytes, head: SealHead, digests: Sequence[bytes]) -> bytes:
    """sha256 over the hash before, the head of the batch, the count, and every row digest in order."""
    hasher = hashlib.sha256()
    hasher.update(previous)
    hasher.update(head.written())
    hasher.update(len(digests).to_bytes(8, "big"))
    for digest in digests:
        hasher.update(digest)
    return hasher.digest()


def cut(digests: bytes) -> list[bytes]:
    """The 32-byte digests held in one string."""
    return [digests[i : i + 32] for i in range(0, len(digests), 32)]
