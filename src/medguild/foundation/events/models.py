"""What happened. `Event` is a partitioned, append-only table made by a migration in SQL; the rest is bookkeeping."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from medguild.foundation.events.rules import DeliveryStatus
from medguild.foundation.kernel.models import OpenModel, ScopedModel, one_of
from medguild.foundation.kernel.phi import NO_PHI, Phi
from medguild.foundation.kernel.scoping import Scoping


class Event(ScopedModel):
    """One thing that happened to one subject. No foreign keys: an event outlives what it tells of."""

    SCOPING = Scoping(right="events.read", unit="unit_id", patient="patient_id")
    PHI = {
        "subject_id": Phi.LINK,
        "subject_label": Phi.IDENTIFIER,
        "patient_id": Phi.LINK,
        "patient_ids": Phi.LINK,
        "data": Phi.LINK,
    }

    version = models.SmallIntegerField(default=1)
    type = models.TextField()
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor_kind = models.TextField()
    actor_id = models.UUIDField(null=True)
    actor_label = models.TextField()
    cause = models.TextField(default="")
    subject_type = models.TextField()
    subject_id = models.UUIDField(null=True)
    subject_label = models.TextField(default="")
    unit_id = models.UUIDField(null=True)
    patient_id = models.UUIDField(null=True)
    patient_ids = ArrayField(models.UUIDField(), null=True)
    data = models.JSONField(default=dict)

    class Meta:
        managed = False
        db_table = "foundation_event"


class Seal(OpenModel):
    """A batch of events, hashed and chained to the batch before. `digests` holds 32 bytes per event, in order."""

    OPEN_REASON = "hashes tell nothing of patients; anybody may verify them"
    PHI = NO_PHI

    number = models.BigIntegerField()
    columns_version = models.SmallIntegerField()
    first_xid = models.TextField()
    last_xid = models.TextField()
    last_event_id = models.UUIDField()
    event_ids = ArrayField(models.UUIDField())
    digests = models.BinaryField()
    previous_hash = models.BinaryField()
    hash = models.BinaryField()
    sealed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number"], name="seal_number_once"),
            models.CheckConstraint(name="seal_number_positive", condition=models.Q(number__gte=1)),
        ]


class DispatchCursor(OpenModel):
    """How far the dispatcher has read: one row for the house."""

    OPEN_REASON = "bookkeeping of the dispatcher"
    PHI = NO_PHI

    name = models.TextField()
    xid = models.TextField(default="0")
    event_id = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name"], name="dispatch_cursor_once")]


class Delivery(OpenModel):
    """One event owed to one subscriber. Done in the same transaction as the subscriber's own writes."""

    OPEN_REASON = "bookkeeping of the dispatcher"
    PHI = {"subject_key": Phi.LINK}

    event_id = models.UUIDField()
    subscriber = models.TextField()
    subject_key = models.TextField()
    sequence = models.BigIntegerField()
    status = models.TextField(default=DeliveryStatus.PENDING)
    attempts = models.SmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    error = models.TextField(default="")
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event_id", "subscriber"], name="delivery_once_per_subscriber"),
            one_of("status", list(DeliveryStatus), name="delivery_status_known"),
            models.CheckConstraint(
                name="delivery_done_has_time",
                condition=models.Q(status=DeliveryStatus.DONE, done_at__isnull=False)
                | (~models.Q(status=DeliveryStatus.DONE) & models.Q(done_at__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(
                fields=["subscriber", "subject_key", "sequence", "event_id"],
                name="delivery_open",
                condition=~models.Q(status=DeliveryStatus.DONE),
            ),
            models.Index(
                fields=["sequence", "event_id"],
                name="delivery_next",
                condition=models.Q(status=DeliveryStatus.PENDING),
            ),
        ]
