"""Patients who are to come again, the rules that say so, and what was tried to reach them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from medguild.foundation.kernel.models import ScopedModel, one_of
from medguild.foundation.kernel.phi import NO_PHI, Phi
from medguild.foundation.kernel.scoping import Scoping
from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.people import Clinician
from medguild.operations.recalls.rules import OPEN, CloseReason, Origin, Outcome, RecallStatus, Way
from medguild.operations.scheduling.models import Appointment, VisitType
from medguild.patients.identity.models import Patient

_READ = "scheduling.read"
_OPEN = sorted(status.value for status in OPEN)
_ENDED_BY_WORD = [RecallStatus.DECLINED, RecallStatus.CLOSED]


class RecallRule(ScopedModel):
    """After a visit of one type at a unit or below, the patient is due for another so many months later."""

    SCOPING = Scoping(right=_READ, unit="unit_id")
    PHI = NO_PHI

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    after_type = models.ForeignKey(VisitType, on_delete=models.PROTECT, related_name="+")
    due_type = models.ForeignKey(VisitType, on_delete=models.PROTECT, related_name="+")
    months = models.PositiveSmallIntegerField()
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="recall_rule_months_known", condition=Q(months__range=(1, 120))),
            models.UniqueConstraint(
                name="recall_rule_once", fields=["unit", "after_type", "due_type"], condition=Q(active=True)
            ),
        ]


class Recall(ScopedModel):
    """A patient is due for a kind of visit at a site, on or after a day."""

    SCOPING = Scoping(right=_READ, unit="unit_id", patient="patient_id")
    PHI = {
        "patient": Phi.LINK,
        "visit_type": Phi.CLINICAL,
        "due_on": Phi.CLINICAL,
        "note": Phi.CLINICAL,
        "from_visit": Phi.LINK,
        "appointment": Phi.LINK,
    }

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="recalls", db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    visit_type = models.ForeignKey(VisitType, on_delete=models.PROTECT, related_name="+")
    clinician = models.ForeignKey(Clinician, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    due_on = models.DateField()
    note = models.TextField(default="", blank=True)
    origin = models.TextField(default=Origin.HAND)
    rule = models.ForeignKey(RecallRule, on_delete=models.PROTECT, null=True, blank=True, related_name="recalls")
    from_visit = models.ForeignKey(Appointment, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    status = models.TextField(default=RecallStatus.DUE)
    made_at = models.DateTimeField()
    # When the day was last put off: what was said and asked before is about another day.
    put_off_at = models.DateTimeField(null=True, blank=True)
    contacted_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    close_reason = models.TextField(default="", blank=True)

    class Meta:
        constraints = [
            one_of("status", list(RecallStatus), name="recall_status_known"),
            one_of("origin", list(Origin), name="recall_origin_known"),
            one_of("close_reason", ["", *CloseReason], name="recall_close_reason_known"),
            models.UniqueConstraint(
                name="recall_one_open_per_kind", fields=["patient", "visit_type"], condition=Q(status__in=_OPEN)
            ),
            models.CheckConstraint(
                name="recall_closed_whole",
                condition=Q(status__in=_OPEN, closed_at__isnull=True)
                | ~Q(status__in=_OPEN) & Q(closed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="recall_ended_has_reason",
                condition=Q(status__in=_ENDED_BY_WORD) & ~Q(close_reason="")
                | ~Q(status__in=_ENDED_BY_WORD) & Q(close_reason=""),
            ),
            models.CheckConstraint(
                name="recall_booked_has_visit",
                condition=Q(status=RecallStatus.BOOKED, appointment__isnull=False)
                | ~Q(status=RecallStatus.BOOKED) & Q(appointment__isnull=True),
            ),
            models.CheckConstraint(
                name="recall_contacted_has_time",
                condition=~Q(status=RecallStatus.CONTACTED) | Q(contacted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="recall_by_rule_names_it",
                condition=Q(origin=Origin.RULE, rule__isnull=False) | ~Q(origin=Origin.RULE) & Q(rule__isnull=True),
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "due_on"], condition=Q(status__in=_OPEN), name="recall_open_at"),
            models.Index(fields=["unit", "-due_on"], name="recall_of_unit"),
            models.Index(fields=["-due_on"], name="recall_newest"),
            models.Index(fields=["patient", "visit_type"], name="recall_of_patient"),
        ]

    def label(self) -> str:
        return f"Recall for {self.due_on:%Y-%m-%d}"

    @property
    def is_open(self) -> bool:
        return self.status in OPEN


class RecallContact(ScopedModel):
    """One try to reach somebody about a recall; `step` names the house's own message, once each."""

    SCOPING = Scoping(right=_READ, unit="recall__unit_id", patient="recall__patient_id")
    PHI = {"recall": Phi.LINK, "note": Phi.CLINICAL}

    recall = models.ForeignKey(Recall, on_delete=models.CASCADE, related_name="contacts")
    at = models.DateTimeField()
    way = models.TextField()
    outcome = models.TextField()
    step = models.TextField(default="", blank=True)
    note = models.TextField(default="", blank=True)
    by_id = models.UUIDField(null=True)
    by_label = models.TextField()

    class Meta:
        constraints = [
            one_of("way", list(Way), name="recall_contact_way_known"),
            one_of("outcome", list(Outcome), name="recall_contact_outcome_known"),
            models.UniqueConstraint(name="recall_contact_step_once", fields=["recall", "step"], condition=~Q(step="")),
        ]
