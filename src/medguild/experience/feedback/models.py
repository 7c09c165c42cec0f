"""Complaints, and how patients judge their visits."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from medguild.experience.feedback.rules import BEST, Category, Channel, ComplaintStatus, Severity
from medguild.foundation.kernel.models import ScopedModel, one_of
from medguild.foundation.kernel.phi import Phi
from medguild.foundation.kernel.scoping import Scoping
from medguild.foundation.organization.models import Unit
from medguild.operations.scheduling.models import Appointment
from medguild.patients.identity.models import Patient


class VisitRating(ScopedModel):
    """How a patient judged a kept visit, from 0 (worst) to 10 (best); the last word counts."""

    SCOPING = Scoping(right="feedback.read", unit="appointment__unit_id")
    PHI = {"appointment": Phi.LINK, "score": Phi.CLINICAL}

    appointment = models.OneToOneField(Appointment, on_delete=models.PROTECT, related_name="rating")
    score = models.PositiveSmallIntegerField()
    rated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="visit_rating_0_to_10", condition=Q(score__range=(0, BEST))),
        ]  # fmt: skip


class Complaint(ScopedModel):
    """What somebody was not content with at a site, in their words, and what was done about it."""

    SCOPING = Scoping(right="feedback.read", unit="site_id")
    PHI = {"patient": Phi.LINK, "text": Phi.CLINICAL, "resolution": Phi.CLINICAL}

    site = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="complaints", db_index=False)
    received_at = models.DateTimeField()
    channel = models.TextField()
    category = models.TextField()
    severity = models.TextField(default=Severity.MODERATE)
    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, null=True, blank=True, related_name="complaints", db_index=False
    )
    text = models.TextField()
    status = models.TextField(default=ComplaintStatus.OPEN)
    resolution = models.TextField(default="", blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by_id = models.UUIDField(null=True, blank=True)
    resolved_by_label = models.TextField(default="", blank=True)

    class Meta:
        constraints = [
            one_of("channel", list(Channel), name="complaint_channel_known"),
            one_of("category", list(Category), name="complaint_category_known"),
            one_of("severity", list(Severity), name="complaint_severity_known"),
            one_of("status", list(ComplaintStatus), name="complaint_status_known"),
            models.CheckConstraint(name="complaint_has_text", condition=~Q(text="")),
            models.CheckConstraint(
                name="complaint_resolved_whole",
                condition=Q(
                    status=ComplaintStatus.OPEN,
                    resolved_at__isnull=True,
                    resolution="",
                    resolved_by_label="",
                    resolved_by_id__isnull=True,
                )
                | ~Q(status=ComplaintStatus.OPEN) & Q(resolved_at__isnull=False) & ~Q(resolution=""),
            ),
            models.CheckConstraint(
                name="complaint_times_in_order",
                condition=Q(resolved_at__isnull=True) | Q(resolved_at__gte=F("received_at")),
            ),
        ]
        indexes = [
            models.Index(fields=["site", "received_at"], name="complaint_of_site"),
            models.Index(
                fields=["patient", "received_at"], condition=Q(patient__isnull=False), name="complaint_of_patient"
            ),
        ]

    def label(self) -> str:
        return f"Complaint of {self.received_at:%Y-%m-%d}"

    @property
    def is_open(self) -> bool:
        return self.status == ComplaintStatus.OPEN
