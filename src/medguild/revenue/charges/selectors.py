"""Questions about charges."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.errors import NotVisible
from medguild.revenue.charges.models import Charge
from medguild.revenue.charges.permissions import ChargesRight


def charges(actor: Actor, right: str = ChargesRight.READ) -> QuerySet[Charge]:
    """Charges that the actor may see, with patient, site and payer."""
    rows = Charge.objects.visible_to(actor, right)
    return rows.select_related("patient", "site", "coverage__payer", "rendering__person")


def charge_for_id(actor: Actor, charge_id: UUID, right: str = ChargesRight.READ) -> Charge:
    """Raises NotVisible."""
    found = charges(actor, right).filter(pk=charge_id).first()
    if found is None:
        raise NotVisible
    return found
