"""Visits as the subject of work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.ui.instants import instant_text
from medguild.foundation.work.ports import SubjectView, declare_subject
from medguild.operations.visits.models import Visit


def view_visits(actor: Actor, ids: Iterable[UUID]) -> Mapping[UUID, SubjectView]:
    """Patient and day of visits that the actor may see; one query."""
    visits = Visit.objects.visible_to(actor).filter(pk__in=list(ids)).select_related("patient", "site__site")
    return {
        visit.pk: SubjectView(
            f"{visit.patient.label()}, {instant_text(visit.arrived_at, visit.site.site.time_zone, 'date')}",
            reverse("visits:show", args=[visit.pk]),
            visit.patient_id,
        )
        for visit in visits
    }


VISIT = declare_subject("visit", _("Visit"), view_visits)
