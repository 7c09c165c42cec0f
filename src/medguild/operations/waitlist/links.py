"""The link that a person gets with an offer: signed, so that it opens this offer alone and nothing can be guessed."""

from __future__ import annotations

from uuid import UUID

from django.core import signing

from medguild.foundation.kernel.errors import NotVisible
from medguild.operations.waitlist.models import SlotOffer

_SALT = "waitlist.offer"


def token_of(offer_id: UUID) -> str:
    return signing.Signer(salt=_SALT, sep=".").sign(offer_id.hex)


def offer_of(token: str) -> SlotOffer:
    """The offer of a link. Raises NotVisible for one that we did not make."""
    try:
        offer_id = UUID(signing.Signer(salt=_SALT, sep=".").unsign(token))
    except (signing.BadSignature, ValueError):
        raise NotVisible from None
    rows = SlotOffer.objects.unscoped("who has the link may see the offer")
    found: SlotOffer | None = (
        rows.select_related("entry__visit_type", "clinician__person", "unit__site").filter(pk=offer_id).first()
    )
    if found is None:
        raise NotVisible
    return found
