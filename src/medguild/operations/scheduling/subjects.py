"""Booked visits as the subject of work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.ui.instants import instant_text
from medguild.foundation.work.ports import SubjectView, declare_subject
from medguild.operations.scheduling.models import Appointment


def view_appointments(actor: Actor, ids: Iterable[UUID]) -> Mapping[UUID, SubjectView]:
    """Patient and time of visits that the actor may see; one query."""
    visits = Appointment.objects.visible_to(actor).filter(pk__in=list(ids)).select_related("patient", "unit__site")
    return {
        visit.pk: SubjectView(
            f"{visit.patient.label()}, {instant_text(visit.start, visit.unit.site.time_zone, 'datetime')}",
            reverse("scheduling:show", args=[visit.pk]),
            visit.patient_id,
        )
        for visit in visits
    }


APPOINTMENT = declare_subject("appointment", _("Booked visit"), view_appointments)
