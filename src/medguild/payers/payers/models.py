"""Payers and their plans."""

from __future__ import annotations

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q

from medguild.foundation.kernel.models import OpenModel, one_of, whole_period
from medguild.foundation.kernel.phi import NO_PHI
from medguild.payers.payers.rules import FILING_INDICATORS, PayerKind, PlanKind

_PUBLIC = "who a payer is, and which plans it sells, is public"


class Payer(OpenModel):
    """Who pays. `payer_id` is NM109 of the 837 and N104 of the 835; `originator` is TRN03, the payer in a payment."""

    OPEN_REASON = _PUBLIC
    PHI = NO_PHI

    name = models.TextField()
    payer_id = models.TextField(default="", blank=True)
    kind = models.TextField(choices=[(kind.value, kind.value) for kind in PayerKind])
    filing_indicator = models.CharField(max_length=2)
    originator = models.TextField(default="", blank=True)
    line1 = models.TextField(default="", blank=True)
    line2 = models.TextField(default="", blank=True)
    city = models.TextField(default="", blank=True)
    state = models.CharField(max_length=2, default="", blank=True)
    postal_code = models.CharField(max_length=9, default="", blank=True)
    phone = models.TextField(default="", blank=True)
    period = DateRangeField()

    class Meta:
        constraints = [
            one_of("kind", list(PayerKind), name="payer_kind_known"),
            one_of("filing_indicator", sorted(FILING_INDICATORS), name="payer_filing_known"),
            models.CheckConstraint(name="payer_has_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="payer_id_form", condition=Q(payer_id="") | Q(payer_id__regex=r"^[A-Z0-9]{2,20}$")
            ),
            models.CheckConstraint(
                name="payer_has_id_unless_self_pay", condition=~Q(payer_id="") | Q(kind=PayerKind.SELF_PAY)
            ),
            models.UniqueConstraint(fields=["payer_id"], name="payer_id_once", condition=~Q(payer_id="")),
            models.CheckConstraint(
                name="payer_postal_code_form",
                condition=Q(postal_code="") | Q(postal_code__regex=r"^[0-9]{5}([0-9]{4})?$"),
            ),
            whole_period(name="payer_period_whole"),
        ]

    def label(self) -> str:
        return self.name


class Plan(OpenModel):
    """A product of a payer that a patient can be covered by. A filing indicator of its own wins over the payer's."""

    OPEN_REASON = _PUBLIC
    PHI = NO_PHI

    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="plans", db_index=False)
    name = models.TextField()
    kind = models.TextField(choices=[(kind.value, kind.value) for kind in PlanKind])
    filing_indicator = models.CharField(max_length=2, default="", blank=True)
    period = DateRangeField()

    class Meta:
        constraints = [
            one_of("kind", list(PlanKind), name="plan_kind_known"),
            one_of("filing_indicator", ["", *sorted(FILING_INDICATORS)], name="plan_filing_known"),
            models.CheckConstraint(name="plan_has_name", condition=~Q(name="")),
            models.UniqueConstraint(fields=["payer", "name"], name="plan_name_once_per_payer"),
            whole_period(name="plan_period_whole"),
        ]

    def label(self) -> str:
        return f"{self.payer.name}: {self.name}"
