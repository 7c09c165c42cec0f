"""Places on the waiting list as the subject of work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.work.ports import SubjectView, declare_subject
from medguild.operations.waitlist.models import WaitlistEntry


def view_entries(actor: Actor, ids: Iterable[UUID]) -> Mapping[UUID, SubjectView]:
    """Patient and kind of visit, for entries that the actor may see; one query."""
    rows = WaitlistEntry.objects.visible_to(actor).filter(pk__in=list(ids)).select_related("patient", "visit_type")
    return {
        row.pk: SubjectView(
            _("%(patient)s, %(visit)s") % {"patient": row.patient.label(), "visit": row.visit_type.name},
            reverse("waitlist:show", args=[row.pk]),
            row.patient_id,
        )
        for row in rows
    }


ENTRY = declare_subject("waitlist_entry", gettext_lazy("Place on the waiting list"), view_entries)
