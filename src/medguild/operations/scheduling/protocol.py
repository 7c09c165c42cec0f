"""The booking protocol: lock the resources, look, allocate. docs/algorithms/booking.md tells why each step is there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext as _

from medguild.foundation.kernel.ids import new_id
from medguild.foundation.kernel.sql import planned_cursor
from medguild.operations.scheduling.errors import SlotTaken
from medguild.operations.scheduling.models import Appointment
from medguild.patients.identity.models import Patient

_Result = TypeVar("_Result")
GUARD = "allocation_lane_once_at_a_time"
_TRY_AGAIN = {"40P01", "40001"}  # deadlock detected, serialization failure
_ATTEMPTS = 2

_INSERT = """
    insert into operations_allocation
           (id, resource_id, lane, during, unit_id, appointment_id, hold_id, expires_at, active)
    values """
_ROW = "(%s, %s, %s, %s, %s, %s, %s, %s, true)"


@dataclass(frozen=True, slots=True)
class Claim:
    """A lane of a resource that is wanted, from `before` minutes before the visit until `after` minutes after it."""

    resource_id: UUID
    lane: int = 0
    before: int = 0
    after: int = 0


def as_resource(patient: Patient) -> UUID:
    """The id under which a patient is allocated: of linked records the survivor's."""
    survivor: UUID | None = patient.survivor_id
    return survivor or patient.pk


def lock_resources(resource_ids: Iterable[UUID]) -> None:
    """Wait until nobody else changes what these resources hold; freed at the end of the transaction.

    Everybody locks in the same order, so nobody waits in a circle. The key is the random half of the id.
    """
    keys = sorted({int.from_bytes(resource_id.bytes[8:], signed=True) for resource_id in resource_ids})
    with planned_cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(key) from unnest(%s::bigint[]) as key", [keys])


def drop_expired_holds(resource_ids: Iterable[UUID], *, at: dt.datetime) -> int:
    """Remove allocations of holds that have run out on these resources; returns how many. Call it under the locks."""
    with planned_cursor() as cursor:
        cursor.execute(
            "delete from operations_allocation where resource_id = any(%s) and active and expires_at <= %s",
            [list(resource_ids), at],
        )
        dropped: int = cursor.rowcount
    return dropped


def allocate(
    claims: Sequence[Claim],
    *,
    start: dt.datetime,
    end: dt.datetime,
    unit_id: UUID,
    appointment_id: UUID | None = None,
    hold_id: UUID | None = None,
    expires_at: dt.datetime | None = None,
) -> None:
    """Insert the allocations in one statement; the exclusion constraint has the last word."""
    sql, values = _allocations(claims, start, end, (unit_id, appointment_id, hold_id, expires_at))
    with planned_cursor() as cursor:
        cursor.execute(sql, values)


def insert_with_allocations(appointment: Appointment, claims: Sequence[Claim]) -> None:
    """Insert an appointment and its allocations in one statement: the hottest write of the house."""
    fields = Appointment._meta.concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    holes = ", ".join(["%s"] * len(fields))
    booked = [getattr(appointment, field.attname) for field in fields]
    holder = (appointment.unit_id, appointment.pk, None, None)
    sql, values = _allocations(claims, appointment.start, appointment.end, holder)
    with planned_cursor() as cursor:
        cursor.execute(
            f"with booked as (insert into operations_appointment ({columns}) values ({holes})) {sql}", booked + values
        )
    appointment._state.adding = False


def _allocations(
    claims: Sequence[Claim], start: dt.datetime, end: dt.datetime, holder: tuple[Any, ...]
) -> tuple[str, list[Any]]:
    whole = DateTimeTZRange(start, end)
    values: list[Any] = []
    for claim in claims:
        during = whole
        if claim.before or claim.after:
            lead, tail = dt.timedelta(minutes=claim.before), dt.timedelta(minutes=claim.after)
            during = DateTimeTZRange(start - lead, end + tail)
        values += [new_id(), claim.resource_id, claim.lane, during, *holder]
    return _INSERT + ", ".join([_ROW] * len(claims)), values


def guarded_transaction(run: Callable[[], _Result], *, whole: bool = False) -> _Result:
    """Run in a transaction. A broken guard becomes `SlotTaken`; a deadlock or serialization failure is tried once more.

    Inside somebody else's transaction nothing can be tried again: the error passes on. There `whole` says that a
    refusal ends that transaction too, so that no savepoint is needed.
    """
    nested = connection.in_atomic_block
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            with nullcontext() if whole and nested else transaction.atomic():
                return run()
        except IntegrityError as error:
            if constraint_of(error) != GUARD:
                raise
            raise SlotTaken(_("This time is already taken. Choose another one.")) from error
        except OperationalError as error:
            if nested or attempt == _ATTEMPTS or sqlstate_of(error) not in _TRY_AGAIN:
                raise
    raise AssertionError("the loop returns or raises")


def constraint_of(error: IntegrityError) -> str | None:
    """The name of the constraint that was broken."""
    return getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)


def sqlstate_of(error: OperationalError) -> str | None:
    return getattr(error.__cause__, "sqlstate", None)
