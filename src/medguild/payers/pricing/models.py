"""What an entity charges and what its payers have agreed to allow. Never visible across entities."""

from __future__ import annotations

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q

from medguild.foundation.kernel.models import ScopedModel, no_overlap, one_of, whole_period
from medguild.foundation.kernel.phi import NO_PHI
from medguild.foundation.kernel.scoping import Scoping
from medguild.foundation.organization.models import Unit
from medguild.payers.payers.models import Payer
from medguild.payers.pricing.rules import ScheduleKind

_CODE = r"^[A-Z0-9]{2,10}$"
_MODIFIER = r"^([A-Z0-9]{2})?$"


class FeeSchedule(ScopedModel):
    """The charge master of an entity for a period; one of a kind at a time."""

    SCOPING = Scoping(right="fees.read", unit="entity_id")
    PHI = NO_PHI

    entity = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="fee_schedules")
    kind = models.TextField(choices=[(kind.value, kind.value) for kind in ScheduleKind])
    name = models.TextField()
    period = DateRangeField()

    class Meta:
        constraints = [
            one_of("kind", list(ScheduleKind), name="fee_schedule_kind_known"),
            models.CheckConstraint(name="fee_schedule_has_name", condition=~Q(name="")),
            no_overlap(name="fee_schedule_once_at_a_time", keys=["entity_id"], texts=["kind"]),
            whole_period(name="fee_schedule_period_whole"),
        ]

    def label(self) -> str:
        return self.name


class FeeLine(ScopedModel):
    """What a code costs, in cents; with a modifier where that has a price of its own (26, TC)."""

    SCOPING = Scoping(right="fees.read", unit="schedule__entity_id")
    PHI = NO_PHI

    schedule = models.ForeignKey(FeeSchedule, on_delete=models.PROTECT, related_name="lines", db_index=False)
    code = models.TextField()
    modifier = models.CharField(max_length=2, default="", blank=True)
    amount = models.BigIntegerField(help_text="cents")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["schedule", "code", "modifier"], name="fee_line_once"),
            models.CheckConstraint(name="fee_line_code_form", condition=Q(code__regex=_CODE)),
            models.CheckConstraint(name="fee_line_modifier_form", condition=Q(modifier__regex=_MODIFIER)),
            models.CheckConstraint(name="fee_line_not_negative", condition=Q(amount__gte=0)),
        ]


class Contract(ScopedModel):
    """An entity's agreement with a payer for a period; the payer's own rates of other entities are not our business."""

    SCOPING = Scoping(right="fees.read", unit="entity_id")
    PHI = NO_PHI

    entity = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="payer_contracts")
    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="contracts")
    name = models.TextField()
    period = DateRangeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="contract_has_name", condition=~Q(name="")),
            no_overlap(name="contract_once_at_a_time", keys=["entity_id", "payer_id"]),
            whole_period(name="contract_period_whole"),
        ]

    def label(self) -> str:
        return self.name


class ContractRate(ScopedModel):
    """Allowed for a code: cents, or basis points of the charge. The empty code stands for every other code."""

    SCOPING = Scoping(right="fees.read", unit="contract__entity_id")
    PHI = NO_PHI

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="rates", db_index=False)
    code = models.TextField(default="", blank=True)
    modifier = models.CharField(max_length=2, default="", blank=True)
    allowed = models.BigIntegerField(null=True, blank=True, help_text="cents")
    percent = models.PositiveIntegerField(null=True, blank=True, help_text="basis points of the charge")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contract", "code", "modifier"], name="contract_rate_once"),
            models.CheckConstraint(name="contract_rate_code_form", condition=Q(code="") | Q(code__regex=_CODE)),
            models.CheckConstraint(name="contract_rate_modifier_form", condition=Q(modifier__regex=_MODIFIER)),
            models.CheckConstraint(
                name="contract_rate_amount_or_percent",
                condition=Q(allowed__gte=0, percent__isnull=True) | Q(allowed__isnull=True, percent__gte=0),
            ),
        ]
