"""Telephone calls of the sites, one row each."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from medguild.foundation.kernel.models import OpenModel, ScopedModel, one_of
from medguild.foundation.kernel.phi import NO_PHI, Phi
from medguild.foundation.kernel.scoping import Scoping
from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.people import Person
from medguild.operations.calls.hold_rules import AlertCause
from medguild.operations.calls.rules import CallFacts, CallReason, Direction
from medguild.patients.identity.models import Patient


class Call(ScopedModel):
    """One call. `hold_seconds` is time on hold after the answer; the wait before it is `answered_at - received_at`.

    `source_id` is the telephone system's id: the same call told twice is kept once.
    """

    SCOPING = Scoping(right="calls.read", unit="site_id")
    PHI = {"patient": Phi.LINK, "phone": Phi.IDENTIFIER}

    site = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="calls", db_index=False)
    direction = models.TextField(default=Direction.INBOUND)
    reason = models.TextField(default=CallReason.OTHER)
    queue = models.TextField(default="", blank=True)
    received_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField()
    hold_seconds = models.PositiveIntegerField(default=0)
    abandoned = models.BooleanField(default=False)
    phone = models.TextField(default="", blank=True)
    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, null=True, blank=True, related_name="calls", db_index=False
    )
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    source_id = models.TextField(default="", blank=True)

    class Meta:
        constraints = [
            one_of("direction", list(Direction), name="call_direction_known"),
            one_of("reason", list(CallReason), name="call_reason_known"),
            models.UniqueConstraint(
                fields=["site", "source_id"], condition=~Q(source_id=""), name="call_once_per_source"
            ),
            models.CheckConstraint(
                name="call_times_in_order",
                condition=Q(ended_at__gte=F("received_at"))
                & (
                    Q(answered_at__isnull=True)
                    | Q(answered_at__gte=F("received_at")) & Q(ended_at__gte=F("answered_at"))
                ),
            ),
            models.CheckConstraint(
                name="call_abandoned_is_inbound_unanswered",
                condition=Q(abandoned=False) | Q(direction=Direction.INBOUND, answered_at__isnull=True),
            ),
            models.CheckConstraint(
                name="call_unanswered_has_no_talk",
                condition=Q(answered_at__isnull=False) | Q(answered_by__isnull=True, hold_seconds=0),
            ),
        ]
        indexes = [
            models.Index(fields=["site", "received_at"], name="call_of_site"),
            models.Index(fields=["received_at"], name="call_newest"),
            models.Index(fields=["phone", "received_at"], condition=~Q(phone=""), name="call_of_phone"),
            models.Index(fields=["patient", "received_at"], condition=Q(patient__isnull=False), name="call_of_patient"),
        ]

    def label(self) -> str:
        return f"Call of {self.received_at:%Y-%m-%d %H:%M}"

    @property
    def facts(self) -> CallFacts:
        return CallFacts(
            received_at=self.received_at, ended_at=self.ended_at, answered_at=self.answered_at,
            direction=Direction(self.direction), reason=CallReason(self.reason), queue=self.queue,
            hold_seconds=self.hold_seconds, abandoned=self.abandoned, phone=self.phone, source_id=self.source_id,
        )  # fmt: skip

    @property
    def wait_seconds(self) -> int:
        return self.facts.wait_seconds


class TelephoneQueue(OpenModel):
    """How many wait on a site's telephone right now, and since when the first of them, as the telephone system says."""

    OPEN_REASON = "a count of callers tells nothing of patients; pages show the queues of the reader's sites"
    PHI = NO_PHI

    site = models.OneToOneField(Unit, on_delete=models.CASCADE, related_name="+")
    waiting = models.PositiveIntegerField(default=0)
    longest_seconds = models.PositiveIntegerField(default=0)
    told_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="telephone_queue_empty_waits_none", condition=Q(waiting__gt=0) | Q(longest_seconds=0)
            ),
        ]


class HoldAlert(ScopedModel):
    """Callers of a site waited longer than its limit: a failure of management, from its first breach to its end.

    It is explained by whoever answers for the site, with a cause.
    """

    SCOPING = Scoping(right="calls.read", unit="site_id")
    PHI = NO_PHI

    site = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    began_at = models.DateTimeField()
    last_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    limit_seconds = models.PositiveIntegerField()
    worst_seconds = models.PositiveIntegerField()
    breaches = models.PositiveIntegerField(default=1)
    cause = models.TextField(default="", blank=True)
    explanation = models.TextField(default="", blank=True)
    explained_at = models.DateTimeField(null=True, blank=True)
    explained_by_label = models.TextField(default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["site"], condition=Q(ended_at__isnull=True), name="hold_alert_one_at_a_time"
            ),
            models.CheckConstraint(
                name="hold_alert_times_in_order",
                condition=Q(last_at__gte=F("began_at")) & (Q(ended_at__isnull=True) | Q(ended_at__gte=F("last_at"))),
            ),
            models.CheckConstraint(
                name="hold_alert_over_limit", condition=Q(worst_seconds__gt=F("limit_seconds"), breaches__gte=1)
            ),
            one_of("cause", ["", *AlertCause], name="hold_alert_cause_known"),
            models.CheckConstraint(
                name="hold_alert_explained_whole",
                condition=Q(explained_at__isnull=True, cause="", explanation="", explained_by_label="")
                | Q(explained_at__isnull=False) & ~Q(cause="") & ~Q(explained_by_label=""),
            ),
        ]
        indexes = [
            models.Index(fields=["site", "-began_at"], name="hold_alert_of_site"),
            models.Index(fields=["-began_at"], name="hold_alert_newest"),
        ]
