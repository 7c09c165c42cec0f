"""What a patient has agreed to or refused, and from when until when that holds."""

from __future__ import annotations

from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models

from medguild.foundation.documents.models import Document
from medguild.foundation.kernel.models import ScopedModel, no_overlap, one_of, whole_period
from medguild.foundation.kernel.phi import Phi
from medguild.foundation.kernel.scoping import Scoping
from medguild.patients.consent.rules import ConsentKind, Decision
from medguild.patients.identity.models import Patient


class Consent(ScopedModel):
    """One decision of one kind; the next decision of that kind ends it."""

    SCOPING = Scoping(right="consent.read", circle="patient__circle_id", patient="patient_id")
    PHI = {
        "patient": Phi.LINK,
        "kind": Phi.CLINICAL,
        "decision": Phi.CLINICAL,
        "signed_by": Phi.IDENTIFIER,
        "document": Phi.LINK,
        "note": Phi.CLINICAL,
    }

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="consents")
    kind = models.TextField(choices=[(kind.value, kind.value) for kind in ConsentKind])
    decision = models.TextField(choices=[(decision.value, decision.value) for decision in Decision])
    signed_by = models.TextField(default="", blank=True, help_text="who decided, when not the patient")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    note = models.TextField(default="", blank=True)
    period = DateTimeRangeField()

    class Meta:
        constraints = [
            one_of("kind", list(ConsentKind), name="consent_kind_known"),
            one_of("decision", list(Decision), name="consent_decision_known"),
            no_overlap(name="consent_one_decision_at_a_time", keys=["patient_id"], texts=["kind"]),
            whole_period(name="consent_period_whole"),
        ]
