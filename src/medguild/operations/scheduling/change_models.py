"""What became of the times of a visit: where it stood before each move, and how a cancellation was judged."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from medguild.foundation.kernel.models import ScopedModel, one_of
from medguild.foundation.kernel.phi import Phi
from medguild.foundation.kernel.scoping import Scoping
from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.people import Clinician
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.rules import CancelReason

_READ = "scheduling.read"


class AppointmentMove(ScopedModel):
    """The n-th time that a visit was moved, and the time, clinician and site that it left."""

    SCOPING = Scoping(right=_READ, unit="appointment__unit_id", patient="appointment__patient_id")
    PHI = {"appointment": Phi.LINK, "former_start": Phi.CLINICAL, "former_end": Phi.CLINICAL}

    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="moves", db_index=False)
    number = models.PositiveSmallIntegerField()
    moved_at = models.DateTimeField()
    former_start = models.DateTimeField()
    former_end = models.DateTimeField()
    former_clinician = models.ForeignKey(Clinician, on_delete=models.PROTECT, related_name="+", db_index=False)
    former_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    by_practice = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["appointment", "number"], name="appointment_move_number_once"),
            models.CheckConstraint(name="appointment_move_counts_from_one", condition=Q(number__gte=1)),
            models.CheckConstraint(
                name="appointment_move_former_in_order", condition=Q(former_end__gt=F("former_start"))
            ),
        ]
        indexes = [
            models.Index(fields=["moved_at"], name="appointment_move_newest"),
            models.Index(fields=["former_unit", "former_start"], name="appointment_move_left"),
        ]


class Cancellation(ScopedModel):
    """How a cancelled visit was judged by the rule of that day: notice given, notice wanted, late or not, the fee."""

    SCOPING = Scoping(right=_READ, unit="appointment__unit_id", patient="appointment__patient_id")
    PHI = {"appointment": Phi.LINK, "waived_reason": Phi.CLINICAL}

    appointment = models.OneToOneField(Appointment, on_delete=models.PROTECT, related_name="cancellation")
    cancelled_at = models.DateTimeField()
    reason = models.TextField()
    notice_minutes = models.IntegerField(help_text="from the cancellation to the start; negative after it")
    wanted_minutes = models.PositiveIntegerField(help_text="what the rule asked for at that time")
    rule_level = models.TextField(default="", blank=True, help_text="where the rule was set; empty is the default")
    late = models.BooleanField()
    fee_cents = models.PositiveIntegerField(default=0)
    waived_at = models.DateTimeField(null=True)
    waived_by = models.UUIDField(null=True)
    waived_reason = models.TextField(default="", blank=True)

    class Meta:
        constraints = [
            one_of("reason", list(CancelReason), name="cancellation_reason_known"),
            models.CheckConstraint(
                name="cancellation_late_is_short",
                condition=Q(late=False) | Q(notice_minutes__lt=F("wanted_minutes")),
            ),
            models.CheckConstraint(name="cancellation_fee_only_late", condition=Q(late=True) | Q(fee_cents=0)),
            models.CheckConstraint(
                name="cancellation_waived_whole",
                condition=Q(waived_at__isnull=True, waived_by__isnull=True, waived_reason="")
                | Q(waived_at__isnull=False, late=True) & ~Q(waived_reason=""),
            ),
        ]
        indexes = [models.Index(fields=["cancelled_at"], name="cancellation_newest")]
