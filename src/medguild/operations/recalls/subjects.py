"""Recalls as the subject of work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.work.ports import SubjectView, declare_subject
from medguild.operations.recalls.models import Recall


def view_recalls(actor: Actor, ids: Iterable[UUID]) -> Mapping[UUID, SubjectView]:
    """Patient and kind of visit, for recalls that the actor may see; one query."""
    rows = Recall.objects.visible_to(actor).filter(pk__in=list(ids)).select_related("patient", "visit_type")
    return {
        row.pk: SubjectView(
            _("%(patient)s, %(visit)s") % {"patient": row.patient.label(), "visit": row.visit_type.name},
            reverse("recalls:show", args=[row.pk]),
            row.patient_id,
        )
        for row in rows
    }


RECALL = declare_subject("recall", gettext_lazy("Visit that is due"), view_recalls)
