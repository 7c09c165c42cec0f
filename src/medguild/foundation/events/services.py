"""Writing events. The only way in; rows are never changed afterwards (a trigger refuses)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.ports import event_types
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.ids import new_id

_COLUMNS = """id, version, type, occurred_at, actor_kind, actor_id, actor_label, cause,
              subject_type, subject_id, subject_label, unit_id, patient_id, patient_ids, data"""
_INSERT = f"insert into foundation_event ({_COLUMNS}) values ({', '.join(['%s'] * 15)})"
READ = "record.read"


class EventOutsideTransaction(RuntimeError):
    """An event and the rows it tells of commit together; open a transaction first."""


def record(
    type: str,
    *,
    subject: SubjectRef,
    by: Actor,
    data: Mapping[str, Any] | None = None,
    patient_id: UUID | None = None,
    unit_id: UUID | None = None,
    occurred_at: dt.datetime | None = None,
) -> UUID:
    """Record one event of a declared type in the running transaction; returns its id.

    `data` holds ids, codes and numbers, never names or clinical text.
    """
    if not connection.in_atomic_block:
        raise EventOutsideTransaction(type)
    declared = event_types.get(type)
    event_id = new_id()
    row = (
        event_id, declared.version, type, occurred_at or now(), by.kind.value, by.id, by.label, by.cause,
        subject.type, subject.id, subject.label, unit_id, patient_id, None, _json(data),
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, row)
    return event_id


def record_reads(*, by: Actor, what: str, patient_ids: Iterable[UUID], unit_id: UUID | None = None) -> UUID | None:
    """Record that one request read these patients' data; one event, in a transaction of its own.

    Losing the last reads in a crash is accepted (`synchronous_commit=off`), so a page need not wait for the disk.
    """
    ids = list(dict.fromkeys(patient_ids))
    if not ids:
        return None
    event_id = new_id()
    only = ids[0] if len(ids) == 1 else None
    row = (
        event_id, 1, READ, now(), by.kind.value, by.id, by.label, by.cause,
        "read", None, what, unit_id, only, ids, "{}",
    )  # fmt: skip
    with connection.cursor() as cursor:
        if connection.in_atomic_block:
            cursor.execute(_INSERT, row)
        else:
            # One round trip: the parameters are bound by the client, so that four statements may go together.
            insert = cursor.mogrify(_INSERT, row) if hasattr(cursor, "mogrify") else None
            _execute_relaxed(cursor, insert, row)
    return event_id


def _execute_relaxed(cursor: Any, insert: str | None, row: tuple[Any, ...]) -> None:
    if insert is None:
        cursor.execute("set synchronous_commit = off")
        try:
            cursor.execute(_INSERT, row)
        finally:
            cursor.execute("reset synchronous_commit")
        return
    cursor.execute(f"begin; set local synchronous_commit = off; {insert}; commit")


def _json(data: Mapping[str, Any] | None) -> str:
    return orjson.dumps(data or {}, default=str).decode()
