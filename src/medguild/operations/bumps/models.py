"""The bump list: booked visits that the practice cannot keep as they are, and the calls about them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from medguild.foundation.kernel.models import ScopedModel, one_of
from medguild.foundation.kernel.phi import Phi
from medguild.foundation.kernel.scoping import Scoping
from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.people import Clinician
from medguild.operations.bumps.rules import BumpStatus, Cause, Contact
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.rules import ReasonCategory
from medguild.patients.identity.models import Patient

_READ = "scheduling.read"


class Bump(ScopedModel):
    """A visit on the list. Time, clinician and need are those of the moment it was bumped: the visit may move later."""

    SCOPING = Scoping(right=_READ, unit="unit_id", patient="patient_id")
    PHI = {
        "patient": Phi.LINK,
        "appointment": Phi.LINK,
        "visit_start": Phi.CLINICAL,
        "need": Phi.CLINICAL,
        "reason": Phi.CLINICAL,
        "note": Phi.CLINICAL,
    }

    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="bumps", db_index=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    clinician = models.ForeignKey(Clinician, on_delete=models.PROTECT, related_name="+")
    visit_start = models.DateTimeField()
    booked_at = models.DateTimeField()
    need = models.TextField(default=ReasonCategory.OTHER)
    cause = models.TextField()
    reason = models.TextField(help_text="what people are told, such as: clinician on leave")
    times_before = models.PositiveSmallIntegerField(default=0)
    bumped_at = models.DateTimeField()
    status = models.TextField(default=BumpStatus.OPEN)
    settled_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(default="", blank=True)

    class Meta:
        constraints = [
            one_of("cause", list(Cause), name="bump_cause_known"),
            one_of("status", list(BumpStatus), name="bump_status_known"),
            models.CheckConstraint(name="bump_has_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="bump_settled_whole",
                condition=Q(status=BumpStatus.OPEN, settled_at__isnull=True)
                | ~Q(status=BumpStatus.OPEN) & Q(settled_at__isnull=False),
            ),
            models.UniqueConstraint(fields=["appointment"], condition=Q(status=BumpStatus.OPEN), name="bump_open_once"),
        ]
        indexes = [
            models.Index(fields=["unit"], condition=Q(status=BumpStatus.OPEN), name="bump_open"),
            models.Index(fields=["unit", "-bumped_at"], name="bump_of_unit"),
            models.Index(fields=["appointment"], name="bump_of_appointment"),
        ]

    @property
    def again(self) -> bool:
        return self.times_before > 0


class BumpContact(ScopedModel):
    """An attempt to tell the patient."""

    SCOPING = Scoping(right=_READ, unit="bump__unit_id", patient="bump__patient_id")
    PHI = {"bump": Phi.LINK, "note": Phi.CLINICAL}

    bump = models.ForeignKey(Bump, on_delete=models.PROTECT, related_name="contacts")
    outcome = models.TextField()
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True)
    by_label = models.TextField(default="", blank=True)
    note = models.TextField(default="", blank=True)

    class Meta:
        constraints = [one_of("outcome", list(Contact), name="bump_contact_outcome_known")]
