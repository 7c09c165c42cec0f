"""Messages as the subject of work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.work.ports import SubjectView, declare_subject
from medguild.operations.promises.models import Inquiry
from medguild.operations.promises.words import CHANNELS


def writer_of(inquiry: Inquiry) -> str:
    if inquiry.patient is not None:
        return str(inquiry.patient.label())
    return inquiry.sender or _("Sender not known")


def view_inquiries(actor: Actor, ids: Iterable[UUID]) -> Mapping[UUID, SubjectView]:
    """Who wrote and by what, for messages that the actor may see; one query."""
    rows = Inquiry.objects.visible_to(actor).filter(pk__in=list(ids)).select_related("patient")
    return {
        row.pk: SubjectView(
            _("%(who)s, %(channel)s") % {"who": writer_of(row), "channel": CHANNELS[row.channel]},
            reverse("promises:inquiry", args=[row.pk]),
            row.patient_id,
        )
        for row in rows
    }


INQUIRY = declare_subject("inquiry", gettext_lazy("Message that came in"), view_inquiries)
