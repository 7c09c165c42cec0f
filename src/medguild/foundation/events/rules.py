"""Delivery states, retry times and the sealed column list: pure."""

from __future__ import annotations

import datetime as dt
import enum
import hashlib
from collections.abc import Iterable


class DeliveryStatus(enum.StrEnum):
    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"


MOST_ATTEMPTS = 5
GENESIS = bytes(32)

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


def chain_hash(previous: bytes, number: int, columns_version: int, digests: Iterable[bytes]) -> bytes:
    """sha256 over the previous hash, the batch number, the column list's version, and every row digest in order."""
    hasher = hashlib.sha256()
    hasher.update(previous)
    hasher.update(number.to_bytes(8, "big"))
    hasher.update(columns_version.to_bytes(2, "big"))
    for digest in digests:
        hasher.update(digest)
    return hasher.digest()


def cut(digests: bytes) -> list[bytes]:
    """The 32-byte digests held in one string."""
    return [digests[i : i + 32] for i in range(0, len(digests), 32)]
