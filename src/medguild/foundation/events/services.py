"""Writing events. The only way in; rows are never changed afterwards (a trigger refuses)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import orjson
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from medguild.foundation.events.events import Happening, SubjectRef
from medguild.foundation.events.ports import declare_event, event_types
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.ids import new_id
from medguild.foundation.kernel.sql import planned_cursor

_COLUMNS = """id, version, type, occurred_at, actor_kind, actor_id, actor_label, cause,
              subject_type, subject_id, subject_label, unit_id, patient_id, patient_ids, data"""
_INSERT = f"insert into foundation_event ({_COLUMNS}) values ({', '.join(['%s'] * 15)})"
# One statement, so that it needs one round trip and can leave no open transaction behind: the setting lasts as long
# as the statement's own transaction, and its commit does not wait for the disk.
_INSERT_RELAXED = (
    f"insert into foundation_event ({_COLUMNS})"
    f" select {', '.join(['%s'] * 15)} from set_config('synchronous_commit', 'off', true)"
)
READ = declare_event("record.read", _("Record read"), icon="eye")


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

    `unit_id` says who may find it in the log; without it, the unit where the actor works.
    `data` holds ids, codes and numbers, never names or clinical text.
    """
    if not connection.in_atomic_block:
        raise EventOutsideTransaction(type)
    declared = event_types.get(type)
    event_id = new_id()
    row = (
        event_id, declared.version, type, occurred_at or now(), by.kind.value, by.id, by.label, by.cause,
        subject.type, subject.id, subject.label, unit_id or by.home, patient_id, None, _json(data),
    )  # fmt: skip
    with planned_cursor() as cursor:
        cursor.execute(_INSERT, row)
    return event_id


def record_many(
    type: str, happenings: Iterable[Happening], *, by: Actor, occurred_at: dt.datetime | None = None
) -> int:
    """Record many events of one declared type by COPY, as a bulk load does; returns how many."""
    if not connection.in_atomic_block:
        raise EventOutsideTransaction(type)
    declared = event_types.get(type)
    moment, count = occurred_at or now(), 0
    with connection.cursor() as cursor, cursor.copy(f"copy foundation_event ({_COLUMNS}) from stdin") as copy:
        for one in happenings:
            subject = one.subject
            copy.write_row(
                (
                    new_id(), declared.version, type, moment, by.kind.value, by.id, by.label, by.cause,
                    subject.type, subject.id, subject.label, one.unit_id or by.home, one.patient_id, None,
                    _json(one.data),
                )
            )  # fmt: skip
            count += 1
    return count


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
        "read", None, what, unit_id or by.home, only, ids, "{}",
    )  # fmt: skip
    if not connection.in_atomic_block:
        with planned_cursor() as cursor:
            cursor.execute(_INSERT_RELAXED, row)
        return event_id
    with transaction.atomic(), planned_cursor() as cursor:
        cursor.execute(_INSERT, row)
    return event_id


def _json(data: Mapping[str, Any] | None) -> str:
    return orjson.dumps(data or {}, default=str).decode()
