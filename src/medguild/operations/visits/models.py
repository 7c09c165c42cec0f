"""Visits as they are now; what happened when stands in the event log."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from medguild.foundation.kernel.models import OpenModel, ScopedModel, one_of
from medguild.foundation.kernel.phi import NO_PHI, Phi
from medguild.foundation.kernel.scoping import Scoping
from medguild.foundation.organization.models import Resource, Unit
from medguild.foundation.organization.people import Clinician
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.rules import Mode
from medguild.operations.visits.queue_rules import Urgency
from medguild.operations.visits.rules import BOARD_STEPS, OPEN, IdentityProof, MarkOutcome, PatientPlace, VisitStatus
from medguild.patients.identity.models import Patient

_OPEN = sorted(status.value for status in OPEN)


class Visit(ScopedModel):
    """A patient is here, or was (FHIR Encounter). Walk-ins have no appointment.

    `since` is when the present step began; `previous_status` and `previous_since` allow one step back for a few
    minutes. `revision` counts changes, so that a screen that is behind is told so. `coded_at` is when a signed note
    told services of it; the database sets it (`chart.models`), so that visits without charge are found without reading
    years of notes.
    """

    SCOPING = Scoping(right="visits.read", unit="site_id", patient="patient_id")
    PHI = {
        "patient": Phi.LINK,
        "appointment": Phi.LINK,
        "reason": Phi.CLINICAL,
        "arrived_at": Phi.CLINICAL,
        "since": Phi.CLINICAL,
        "previous_since": Phi.CLINICAL,
        "checked_in_at": Phi.CLINICAL,
        "called_at": Phi.CLINICAL,
        "urgency": Phi.CLINICAL,
        "ended_at": Phi.CLINICAL,
        "coded_at": Phi.CLINICAL,
    }

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="visits", db_index=False)
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, null=True, blank=True, related_name="visits")
    site = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="visits", db_index=False)
    entity = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    clinician = models.ForeignKey(Clinician, on_delete=models.PROTECT, related_name="visits", db_index=False)
    room = models.ForeignKey(Resource, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    mode = models.TextField(default=Mode.IN_PERSON)
    reason = models.TextField(default="", blank=True)
    urgency = models.TextField(default=Urgency.ROUTINE, db_default=Urgency.ROUTINE.value)
    status = models.TextField(default=VisitStatus.ARRIVED)
    arrived_at = models.DateTimeField()
    checked_in_at = models.DateTimeField(null=True, blank=True)
    called_at = models.DateTimeField(null=True, blank=True)
    since = models.DateTimeField()
    previous_status = models.TextField(default="", blank=True)
    previous_since = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    coded_at = models.DateTimeField(null=True, blank=True, editable=False)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            one_of("status", list(VisitStatus), name="visit_status_known"),
            one_of("previous_status", ["", *BOARD_STEPS], name="visit_previous_status_known"),
            one_of("mode", list(Mode), name="visit_mode_known"),
            one_of("urgency", list(Urgency), name="visit_urgency_known"),
            models.UniqueConstraint(
                fields=["appointment"],
                condition=~Q(status=VisitStatus.CANCELLED),
                name="visit_once_per_appointment",
            ),
            models.UniqueConstraint(
                fields=["patient", "site"], condition=Q(status__in=_OPEN), name="visit_one_open_per_patient_and_site"
            ),
            models.CheckConstraint(
                name="visit_end_has_time",
                condition=Q(status__in=_OPEN, ended_at__isnull=True) | ~Q(status__in=_OPEN) & Q(ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="visit_previous_whole",
                condition=Q(previous_status="", previous_since__isnull=True)
                | ~Q(previous_status="") & Q(previous_since__isnull=False, previous_since__lte=F("since")),
            ),
            models.CheckConstraint(
                name="visit_times_in_order",
                condition=Q(since__gte=F("arrived_at"))
                & (Q(ended_at__isnull=True) | Q(ended_at__gte=F("arrived_at")))
                & (Q(checked_in_at__isnull=True) | Q(checked_in_at__gte=F("arrived_at")))
                & (Q(called_at__isnull=True) | Q(called_at__gte=F("arrived_at"))),
            ),
        ]
        indexes = [
            models.Index(fields=["site", "status"], condition=Q(status__in=_OPEN), name="visit_board"),
            models.Index(fields=["site", "arrived_at"], name="visit_of_site"),
            models.Index(
                fields=["site", "arrived_at"],
                condition=Q(status=VisitStatus.LEFT, coded_at__isnull=True),
                name="visit_uncoded",
            ),
            models.Index(fields=["arrived_at"], name="visit_newest"),
            models.Index(fields=["clinician", "arrived_at"], name="visit_of_clinician"),
            models.Index(fields=["patient", "arrived_at"], name="visit_of_patient"),
        ]

    def label(self) -> str:
        return f"Visit of {self.arrived_at:%Y-%m-%d}"

    @property
    def is_open(self) -> bool:
        return self.status in OPEN


class CheckInMark(ScopedModel):
    """A step of the check-in list was done by a person, or left out for a reason.

    `proof` is what was said with it: how the person was known, or where they are in a remote visit.
    """

    SCOPING = Scoping(right="visits.read", unit="visit__site_id", patient="visit__patient_id")
    PHI = {"visit": Phi.LINK, "reason": Phi.CLINICAL}

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="marks", db_index=False)
    key = models.TextField()
    outcome = models.TextField()
    proof = models.TextField(default="", blank=True)
    reason = models.TextField(default="", blank=True)
    by_id = models.UUIDField(null=True)
    by_label = models.TextField()
    marked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["visit", "key"], name="check_in_mark_once"),
            one_of("outcome", list(MarkOutcome), name="check_in_mark_outcome_known"),
            one_of("proof", ["", *IdentityProof, *PatientPlace], name="check_in_mark_proof_known"),
            models.CheckConstraint(name="check_in_mark_has_key", condition=~Q(key="")),
            models.CheckConstraint(
                name="check_in_mark_skipped_has_reason",
                condition=~Q(outcome=MarkOutcome.SKIPPED) | ~Q(reason=""),
            ),
        ]


class SiteBoard(OpenModel):
    """Counts the changes of a site's day, so that an open screen can ask cheaply whether anything moved."""

    OPEN_REASON = "a counter per site tells nothing of patients"
    PHI = NO_PHI

    site = models.OneToOneField(Unit, on_delete=models.CASCADE, related_name="+")
    version = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(name="site_board_version_positive", condition=Q(version__gte=0))]
