"""What people have written to a site, and when it was answered."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from medguild.foundation.kernel.models import ScopedModel, one_of
from medguild.foundation.kernel.phi import Phi
from medguild.foundation.kernel.scoping import Scoping
from medguild.foundation.organization.models import Unit
from medguild.operations.promises.rules import Answered, Channel
from medguild.patients.identity.models import Patient


class Inquiry(ScopedModel):
    """A message that came in and wants an answer until `due_at` (FHIR Communication). `source` keeps it once."""

    SCOPING = Scoping(right="promises.read", unit="unit_id")
    PHI = {
        "patient": Phi.LINK,
        "sender": Phi.IDENTIFIER,
        "text": Phi.CLINICAL,
        "answer": Phi.CLINICAL,
    }

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, null=True, blank=True, related_name="inquiries", db_index=False
    )
    channel = models.TextField()
    sender = models.TextField(default="", blank=True)
    text = models.TextField()
    received_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_how = models.TextField(default="", blank=True)
    answer = models.TextField(default="", blank=True)
    answered_by_label = models.TextField(default="", blank=True)
    source = models.TextField(default="", blank=True)

    class Meta:
        constraints = [
            one_of("channel", list(Channel), name="inquiry_channel_known"),
            one_of("answered_how", ["", *Answered], name="inquiry_answered_how_known"),
            models.CheckConstraint(name="inquiry_has_text", condition=~Q(text="")),
            models.CheckConstraint(name="inquiry_due_later", condition=Q(due_at__gte=F("received_at"))),
            models.CheckConstraint(
                name="inquiry_answer_whole",
                condition=Q(answered_at__isnull=True, answered_how="", answer="", answered_by_label="")
                | Q(answered_at__isnull=False, answered_at__gte=F("received_at"))
                & ~Q(answered_how="")
                & ~Q(answered_by_label=""),
            ),
            models.UniqueConstraint(name="inquiry_once_per_source", fields=["source"], condition=~Q(source="")),
        ]
        indexes = [
            models.Index(fields=["unit", "-received_at"], name="inquiry_of_unit"),
            models.Index(fields=["-received_at"], name="inquiry_newest"),
            models.Index(fields=["unit", "due_at"], condition=Q(answered_at__isnull=True), name="inquiry_unanswered"),
            models.Index(
                fields=["patient", "received_at"], condition=Q(patient__isnull=False), name="inquiry_of_patient"
            ),
        ]

    def label(self) -> str:
        return f"Message of {self.received_at:%Y-%m-%d}"
