"""The link in a reminder: signed, so that it opens this visit alone."""

from __future__ import annotations

from uuid import UUID

from django.core import signing

from medguild.foundation.kernel.errors import NotVisible
from medguild.operations.scheduling.models import Appointment

_SALT = "outreach.visit"


def token_of(appointment_id: UUID) -> str:
    return signing.Signer(salt=_SALT, sep=".").sign(appointment_id.hex)


def visit_of(token: str) -> Appointment:
    """The visit of a link. Raises NotVisible for one that we did not make."""
    try:
        visit_id = UUID(signing.Signer(salt=_SALT, sep=".").unsign(token))
    except (signing.BadSignature, ValueError):
        raise NotVisible from None
    rows = Appointment.objects.unscoped("who has the link may see when and where")
    found: Appointment | None = (
        rows.select_related("clinician__person", "unit__site", "visit_type", "patient").filter(pk=visit_id).first()
    )
    if found is None:
        raise NotVisible
    return found
