"""The links in reminders and in messages to those who are due."""

from __future__ import annotations

from uuid import UUID

from medguild.foundation.access.signed_links import record_of, token_for
from medguild.foundation.kernel.errors import NotVisible
from medguild.operations.recalls.models import Recall
from medguild.operations.scheduling.models import Appointment

_PURPOSE = "outreach.visit"
_RECALL = "outreach.recall"


def token_of(appointment_id: UUID) -> str:
    return token_for(_PURPOSE, appointment_id)


def visit_of(token: str) -> Appointment:
    """The visit of a link. Raises NotVisible for one that we did not make."""
    rows = Appointment.objects.unscoped("who has the link may see when and where")
    found: Appointment | None = (
        rows.select_related("clinician__person", "unit__site", "visit_type", "patient")
        .filter(pk=record_of(_PURPOSE, token))
        .first()
    )
    if found is None:
        raise NotVisible
    return found


def recall_token_of(recall_id: UUID) -> str:
    return token_for(_RECALL, recall_id)


def recall_of(token: str) -> Recall:
    """The recall of a link. Raises NotVisible for one that we did not make."""
    rows = Recall.objects.unscoped("who has the link may see where they are to come").select_related("unit__site")
    found: Recall | None = rows.filter(pk=record_of(_RECALL, token)).first()
    if found is None:
        raise NotVisible
    return found
