"""Calendars that somebody subscribes to by a secret address."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from medguild.foundation.kernel.models import ScopedModel
from medguild.foundation.kernel.phi import Phi
from medguild.foundation.kernel.scoping import Scoping
from medguild.foundation.organization.people import Clinician
from medguild.patients.identity.models import Patient


class CalendarFeed(ScopedModel):
    """A calendar of one clinician or one patient, opened by whoever has its address. Only a hash of the secret is kept.

    `device` is the owner's word for where it is used.
    """

    SCOPING = Scoping(right="scheduling.read", unit="clinician__resource__unit_id", patient="patient_id")
    PHI = {"patient": Phi.LINK}

    clinician = models.ForeignKey(Clinician, on_delete=models.PROTECT, null=True, blank=True, related_name="feeds")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, null=True, blank=True, related_name="feeds")
    device = models.TextField()
    token_hash = models.TextField()
    made_at = models.DateTimeField()
    made_by_id = models.UUIDField(null=True)
    read_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="feed_of_one",
                condition=Q(clinician__isnull=False, patient__isnull=True)
                | Q(clinician__isnull=True, patient__isnull=False),
            ),
            models.CheckConstraint(name="feed_has_device_and_token", condition=~Q(device="") & ~Q(token_hash="")),
            models.UniqueConstraint(name="feed_token_once", fields=["token_hash"]),
            models.CheckConstraint(
                name="feed_revoked_later", condition=Q(revoked_at__isnull=True) | Q(revoked_at__gte=F("made_at"))
            ),
        ]
