"""The dispatcher: reads the log in commit-safe order, owes each event to its subscribers, and pays.

Sequence and UUID order are not commit order: a transaction that began earlier may commit later. So only events below
the oldest transaction that may still write the log are read (horizon.py), in the order of their transaction ids, and
none can appear behind the cursor.
"""

from __future__ import annotations

import datetime as dt
import traceback
from pathlib import Path
from uuid import UUID

import structlog
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.horizon import horizon
from medguild.foundation.events.models import Delivery, DispatchCursor, Event
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.rules import DeliveryStatus, retry_delay, status_after_failure
from medguild.foundation.events.selectors import as_record
from medguild.foundation.events.services import record
from medguild.foundation.events.subscribers import hearing, subscribers
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now

PACKAGE = Path(__file__).resolve().parents[2]
log = structlog.get_logger(__name__)
DELIVERY_FAILED = declare_event("delivery.failed", _("A subscriber failed"), icon="alert-triangle", hidden=True)

DELIVERY_RETRIED = declare_event("delivery.retried", _("A failed step was tried again"), icon="refresh", hidden=True)
DELIVERY_RECOVERED = declare_event("delivery.recovered", _("A failed step went through"), icon="check", hidden=True)

_FRESH = """
    select e.id, e.xid::text, e.type, e.subject_type, e.subject_id
      from foundation_event e
     where (e.xid < %s::xid8 or e.xid = pg_current_xact_id_if_assigned())
       and (e.xid, e.id) > (%s::xid8, %s::uuid)
     order by e.xid, e.id
     limit %s
"""
_NEXT = """
    select d.id from foundation_delivery d
     where d.status = 'pending' and d.next_try_at <= %s
       and not exists (
           select 1 from foundation_delivery earlier
            where earlier.subscriber = d.subscriber and earlier.subject_key = d.subject_key
              and earlier.status <> 'done'
              and (earlier.sequence, earlier.event_id) < (d.sequence, d.event_id))
     order by d.sequence, d.event_id
     limit 1 for update of d skip locked
"""
_NIL = "00000000-0000-0000-0000-000000000000"


def owe(*, limit: int = 500) -> int:
    """Read the next events and write what is owed to whom; returns how many events were read."""
    with transaction.atomic():
        cursor_row, _ = DispatchCursor.objects.select_for_update().get_or_create(name="main")
        with connection.cursor() as cursor:
            cursor.execute(_FRESH, [horizon(), cursor_row.xid, cursor_row.event_id or _NIL, limit])
            fresh = cursor.fetchall()
        if not fresh:
            return 0
        moment = now()
        owed = [
            Delivery(
                event_id=event_id,
                subscriber=subscriber.name,
                subject_key=f"{subject_type}:{subject_id}",
                sequence=int(xid),
                next_try_at=moment,
            )
            for event_id, xid, type_, subject_type, subject_id in fresh
            for subscriber in hearing(type_)
        ]
        Delivery.objects.bulk_create(owed, ignore_conflicts=True)
        cursor_row.event_id, cursor_row.xid = fresh[-1][0], fresh[-1][1]
        cursor_row.save(update_fields=["event_id", "xid"])
        return len(fresh)


def pay_one() -> bool:
    """Run the next delivery that is due; returns False when none is."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_NEXT, [now()])
            found = cursor.fetchone()
        if found is None:
            return False
        delivery = Delivery.objects.get(pk=found[0])
        _deliver(delivery)
    return True


def _deliver(delivery: Delivery) -> None:
    try:
        with transaction.atomic():
            event = Event.objects.unscoped("the dispatcher serves every subscriber").get(pk=delivery.event_id)
            subscribers.get(delivery.subscriber).handler(as_record(event))
    except Exception as error:  # noqa: BLE001 - whatever a subscriber raises must not stop the others
        _note_failure(delivery, error)
        return
    delivery.status, delivery.done_at = DeliveryStatus.DONE, now()
    delivery.save(update_fields=["status", "done_at"])
    if delivery.error:
        _tell(DELIVERY_RECOVERED, delivery, Actor.job("dispatcher"))


def _note_failure(delivery: Delivery, error: Exception) -> None:
    """The class of the error and its place in our program are kept, never its text: texts may carry patient data."""
    delivery.attempts += 1
    delivery.error = f"{type(error).__name__} {_place(error)}".strip()
    delivery.status = status_after_failure(delivery.attempts)
    delivery.next_try_at = now() + retry_delay(delivery.attempts)
    delivery.save(update_fields=["attempts", "error", "status", "next_try_at"])
    log.warning(
        "delivery failed", subscriber=delivery.subscriber, event_id=str(delivery.event_id), error=delivery.error
    )
    if delivery.status == DeliveryStatus.FAILED:
        _tell(DELIVERY_FAILED, delivery, Actor.job("dispatcher"))


def _place(error: Exception) -> str:
    """The last line of ours that was reached, `medguild/revenue/charges/services.py:41`; empty where none was."""
    ours = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if PACKAGE in Path(frame.filename).parents and frame.filename != __file__
    ]
    if not ours:
        return ""
    return f"{Path(ours[-1].filename).relative_to(PACKAGE.parent)}:{ours[-1].lineno}"


def _tell(event: str, delivery: Delivery, by: Actor) -> None:
    record(
        event,
        subject=SubjectRef("delivery", delivery.pk, delivery.subscriber),
        by=by,
        data={"event_id": delivery.event_id, "subscriber": delivery.subscriber, "error": delivery.error},
    )


def dispatch_pending(*, most: int = 10_000) -> int:
    """Read and deliver until nothing is due; returns the deliveries made. Used by the worker and by tests."""
    paid = 0
    while paid < most:
        read = owe()
        worked = False
        while paid < most and pay_one():
            paid, worked = paid + 1, True
        if not read and not worked:
            break
    return paid


@transaction.atomic
def forget_done(*, before: dt.datetime, most: int = 50_000) -> int:
    """Delete deliveries made before a moment; returns how many. The events stay."""
    done = Delivery.objects.filter(status=DeliveryStatus.DONE, done_at__lt=before).values("pk")[:most]
    return Delivery.objects.filter(pk__in=done).delete()[0]


@transaction.atomic
def retry_failed(*, delivery_id: UUID, by: Actor) -> bool:
    """Put a failed delivery back in the queue, after its cause is mended.

    Returns whether it was failed: one that is in the queue already or done is left alone, so asking twice is harmless.
    """
    failed = Delivery.objects.select_for_update().filter(status=DeliveryStatus.FAILED)
    delivery = failed.filter(pk=delivery_id).first()
    if delivery is None:
        return False
    delivery.status, delivery.attempts, delivery.next_try_at = DeliveryStatus.PENDING, 0, now()
    delivery.save(update_fields=["status", "attempts", "next_try_at"])
    _tell(DELIVERY_RETRIED, delivery, by)
    return True
