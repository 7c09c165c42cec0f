"""What happens in this room."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.ports import declare_event
from medguild.patients.identity.models import Patient

REGISTERED = declare_event("patient.registered", _("Registered"), icon="user-plus")
UPDATED = declare_event("patient.updated", _("Details changed"), icon="user-edit")
LINKED = declare_event("patient.linked", _("Linked to another record of the same person"), icon="link")
UNLINKED = declare_event("patient.unlinked", _("Link to another record undone"), icon="unlink")


def subject_of(patient: Patient) -> SubjectRef:
    return SubjectRef("patient", patient.pk, patient.label())
