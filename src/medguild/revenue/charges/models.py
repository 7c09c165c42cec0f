"""Charges: what a service costs, who stood in which part, and who is to pay."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from medguild.foundation.kernel.models import ScopedModel, one_of
from medguild.foundation.kernel.phi import Phi
from medguild.foundation.kernel.scoping import Scoping
from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.people import Clinician, Person
from medguild.operations.chart.models import NoteService
from medguild.operations.visits.models import Visit
from medguild.patients.accounts.models import GuarantorAccount
from medguild.patients.coverage.models import Coverage
from medguild.patients.identity.models import Patient
from medguild.revenue.charges.rules import ChargeStatus, HoldReason


class Charge(ScopedModel):
    """A service with its price, arisen once from a signed note. `amount` is unit price times units, in cents.

    Billed by `entity`, the legal entity of the session. Without `coverage` the patient pays.
    """

    SCOPING = Scoping(right="charges.read", unit="site_id", patient="patient_id")
    PHI = {
        "patient": Phi.LINK,
        "account": Phi.LINK,
        "visit": Phi.LINK,
        "note_service": Phi.LINK,
        "coverage": Phi.LINK,
        "code": Phi.CLINICAL,
        "diagnoses": Phi.CLINICAL,
        "service_date": Phi.CLINICAL,
        "amount": Phi.FINANCIAL,
        "hold_reason": Phi.FINANCIAL,
        "referring_name": Phi.LINK,
    }

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="charges", db_index=False)
    account = models.ForeignKey(
        GuarantorAccount, on_delete=models.PROTECT, null=True, blank=True, related_name="charges", db_index=False
    )
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, null=True, blank=True, related_name="charges")
    note_service = models.OneToOneField(
        NoteService, on_delete=models.PROTECT, null=True, blank=True, related_name="charge"
    )
    entity = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    site = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="charges", db_index=False)
    coverage = models.ForeignKey(
        Coverage, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    code = models.TextField()
    modifiers = ArrayField(models.TextField(), default=list, blank=True)
    units = models.PositiveSmallIntegerField(default=1)
    unit_price = models.BigIntegerField(null=True, blank=True)
    amount = models.BigIntegerField(default=0)
    diagnoses = ArrayField(models.TextField(), default=list, blank=True, help_text="first is the main reason")
    service_date = models.DateField()
    performed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    rendering = models.ForeignKey(Clinician, on_delete=models.PROTECT, related_name="charges", db_index=False)
    supervising = models.ForeignKey(
        Clinician, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    ordering = models.ForeignKey(
        Clinician, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    referring = models.ForeignKey(
        Clinician, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    referring_name = models.TextField(default="", blank=True)
    referring_npi = models.TextField(default="", blank=True)
    status = models.TextField(default=ChargeStatus.READY)
    hold_reason = models.TextField(default="", blank=True)
    captured_at = models.DateTimeField()

    class Meta:
        constraints = [
            one_of("status", list(ChargeStatus), name="charge_status_known"),
            one_of("hold_reason", ["", *HoldReason], name="charge_hold_reason_known"),
            models.CheckConstraint(
                name="charge_held_has_reason",
                condition=(Q(status=ChargeStatus.HELD) & ~Q(hold_reason=""))
                | (~Q(status=ChargeStatus.HELD) & Q(hold_reason=""))
                | Q(status=ChargeStatus.VOID),
            ),
            models.CheckConstraint(
                name="charge_amount_is_price_times_units",
                condition=Q(unit_price__isnull=True, amount=0)
                | Q(unit_price__gte=0, amount=F("unit_price") * F("units")),
            ),
            models.CheckConstraint(
                name="charge_ready_is_whole",
                condition=Q(status__in=[ChargeStatus.HELD.value, ChargeStatus.VOID.value])
                | Q(unit_price__isnull=False, account__isnull=False),
            ),
            models.CheckConstraint(name="charge_units_positive", condition=Q(units__gte=1)),
            models.CheckConstraint(name="charge_code_form", condition=Q(code__regex=r"^[A-Z0-9]{5}$")),
        ]
        indexes = [
            models.Index(fields=["site", "service_date"], name="charge_of_site"),
            models.Index(fields=["patient", "service_date"], name="charge_of_patient"),
            models.Index(fields=["account"], name="charge_of_account"),
            models.Index(fields=["-service_date", "id"], include=["site", "status", "amount"], name="charge_newest"),
            models.Index(fields=["captured_at"], include=["site", "status", "service_date"], name="charge_captured_on"),
            models.Index(
                fields=["entity", "service_date"],
                name="charge_waiting",
                condition=Q(status__in=[ChargeStatus.HELD.value, ChargeStatus.READY.value]),
            ),
        ]

    def label(self) -> str:
        return f"{self.code} {self.service_date:%Y-%m-%d}"
