"""Keeping how a patient wants to be reached."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.patients.identity.models import Patient
from medguild.patients.identity.permissions import PatientsRight
from medguild.patients.preferences.models import ContactPreference
from medguild.patients.preferences.rules import Channel

PREFERRED = declare_event("patient.contact_preferred", gettext_lazy("Wishes on contact recorded"), icon="message-cog")


@transaction.atomic
def set_contact_preference(
    *,
    patient: Patient,
    channels: Sequence[Channel],
    by: Actor,
    quiet_from: int | None = None,
    quiet_to: int | None = None,
) -> ContactPreference:
    """Channels in the order wanted, none for no messages; quiet minutes of the wall clock, both or neither."""
    scope = by.scope(PatientsRight.READ)
    if not (scope.everything or patient.circle_id in scope.circles or patient.pk in scope.patients):
        raise NotVisible
    if (quiet_from is None) != (quiet_to is None):
        raise Refusal(_("Write both ends of the quiet hours, or neither."), code="quiet_half", field="quiet_to")
    wanted = list(dict.fromkeys(channel.value for channel in channels))
    kept, _made = ContactPreference.objects.unscoped("the patient was checked").update_or_create(
        patient=patient, defaults={"channels": wanted, "quiet_from": quiet_from, "quiet_to": quiet_to}
    )
    record(
        PREFERRED, subject=SubjectRef("patient", patient.pk, ""), by=by, patient_id=patient.pk,
        unit_id=patient.home_unit_id, data={"channels": wanted},
    )  # fmt: skip
    found: ContactPreference = kept
    return found
