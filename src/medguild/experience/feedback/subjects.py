"""Complaints as the subject of work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medguild.experience.feedback.models import Complaint
from medguild.experience.feedback.words import CATEGORIES
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.ui.instants import instant_text
from medguild.foundation.work.ports import SubjectView, declare_subject


def view_complaints(actor: Actor, ids: Iterable[UUID]) -> Mapping[UUID, SubjectView]:
    """What complaints that the actor may see are about, and of which day; one query."""
    rows = Complaint.objects.visible_to(actor).filter(pk__in=list(ids)).select_related("site__site")
    return {
        row.pk: SubjectView(
            f"{CATEGORIES[row.category]}, {instant_text(row.received_at, row.site.site.time_zone, 'date')}",
            reverse("feedback:show", args=[row.pk]),
            row.patient_id,
        )
        for row in rows
    }


SUBJECT = declare_subject("complaint", _("Complaint"), view_complaints)
