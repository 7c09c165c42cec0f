"""Standards of the front desk's money."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from medguild.foundation.kernel.money import Cents
from medguild.foundation.standards.numbers import declare_number, number
from medguild.foundation.standards.resolution import StandardContext
from medguild.foundation.standards.rules import Level

COPAY = declare_number(
    "checkin.copay", _("Co-pay to take at check-in"), 0, least=0, most=50_000, area=_("Receipts"), money=True,
    levels=(Level.ENTITY, Level.PRACTICE, Level.SPECIALTY, Level.SITE, Level.PAYER),
    help=_("Expected of insured patients at each visit; 0 asks for none. Set it per payer where plans differ."),
)  # fmt: skip


def usual_copay(site_id: UUID, payer_id: UUID, on: dt.date) -> Cents:
    """What patients of this payer pay at a visit here."""
    return number(COPAY, StandardContext(unit_id=site_id, payer_id=payer_id, on=on))
