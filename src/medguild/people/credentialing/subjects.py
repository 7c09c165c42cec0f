"""People who work here as the subject of work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.organization.people import Clinician
from medguild.foundation.work.ports import SubjectView, declare_subject


def view_people(actor: Actor, ids: Iterable[UUID]) -> Mapping[UUID, SubjectView]:
    """Clinicians by the id of their person, with their credentials; names of colleagues are known to everybody."""
    rows = Clinician.objects.select_related("person").filter(person__in=list(ids))
    return {row.person_id: SubjectView(row.label(), reverse("credentialing:clinician", args=[row.pk])) for row in rows}


PERSON = declare_subject("person", _("Person who works here"), view_people)
