"""The link that a person gets with an offer."""

from __future__ import annotations

from uuid import UUID

from medguild.foundation.access.signed_links import record_of, token_for
from medguild.foundation.kernel.errors import NotVisible
from medguild.operations.waitlist.models import SlotOffer

_PURPOSE = "waitlist.offer"


def token_of(offer_id: UUID) -> str:
    return token_for(_PURPOSE, offer_id)


def offer_of(token: str) -> SlotOffer:
    """The offer of a link. Raises NotVisible for one that we did not make."""
    rows = SlotOffer.objects.unscoped("who has the link may see the offer").filter(pk=record_of(_PURPOSE, token))
    found: SlotOffer | None = rows.select_related(
        "entry__visit_type", "entry__patient", "clinician__person", "unit__site"
    ).first()
    if found is None:
        raise NotVisible
    return found
