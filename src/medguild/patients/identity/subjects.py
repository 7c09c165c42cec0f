"""Patients as the subject of work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.work.permissions import WorkRight
from medguild.foundation.work.ports import SubjectView, declare_subject
from medguild.patients.identity import selectors
from medguild.patients.identity.ports import PatientAct, acts


def view_patients(actor: Actor, ids: Iterable[UUID]) -> Mapping[UUID, SubjectView]:
    """Names of patients that the actor may see; one query."""
    return {
        pk: SubjectView(held.label(), reverse("patients:detail", args=[pk]), pk)
        for pk, held in selectors.patients_by_id(actor, ids).items()
    }


PATIENT = declare_subject("patient", _("Patient"), view_patients)
acts.register(
    "identity.work",
    PatientAct(_("Open work"), "work:new", right=WorkRight.DO, icon="checklist", order=85, in_query=True),
)
