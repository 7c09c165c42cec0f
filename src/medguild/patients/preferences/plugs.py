"""The button on the patient's page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from medguild.patients.identity.permissions import PatientsRight
from medguild.patients.identity.ports import PatientAct, acts

acts.register(
    "contact",
    PatientAct(_("How to reach them"), "patients:contact", PatientsRight.UPDATE, icon="message-cog", order=60),
)
