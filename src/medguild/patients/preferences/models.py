"""How a patient wants to be reached."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from medguild.foundation.kernel.models import ScopedModel
from medguild.foundation.kernel.phi import Phi
from medguild.foundation.kernel.scoping import Scoping
from medguild.patients.identity.models import Patient
from medguild.patients.preferences.rules import Channel


class ContactPreference(ScopedModel):
    """Channels in the order wanted; none means no messages. Quiet hours of their own, where they named some."""

    SCOPING = Scoping(right="patients.read", circle="patient__circle_id", patient="patient_id")
    PHI = {"patient": Phi.LINK, "channels": Phi.CLINICAL}

    patient = models.OneToOneField(Patient, on_delete=models.PROTECT, related_name="contact_preference")
    channels = ArrayField(models.TextField(), default=list, blank=True)
    quiet_from = models.PositiveSmallIntegerField(null=True, blank=True)
    quiet_to = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="contact_channels_known",
                condition=Q(channels__contained_by=[channel.value for channel in Channel]),
            ),
            models.CheckConstraint(
                name="contact_quiet_hours_whole",
                condition=Q(quiet_from__isnull=True, quiet_to__isnull=True)
                | Q(quiet_from__lt=1440, quiet_to__lt=1440, quiet_from__isnull=False, quiet_to__isnull=False),
            ),
        ]
