"""Standards of the front desk's money."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from medguild.foundation.kernel.money import Cents
from medguild.foundation.standards.ports import Standard, declare_standard
from medguild.foundation.standards.resolution import StandardContext, resolve
from medguild.foundation.standards.rules import Bounds, Kind, Level, Mode

COPAY = declare_standard(
    Standard(
        key="checkin.copay",
        label=_("Co-pay to take at check-in"),
        kind=Kind.INTEGER,
        default=0,
        mode=Mode.BOUNDED,
        levels=(Level.ENTITY, Level.PRACTICE, Level.SPECIALTY, Level.SITE, Level.PAYER),
        bounds=Bounds(least=0, most=50_000),
        money=True,
        help=_("Expected of insured patients at each visit; 0 asks for none. Set it per payer where plans differ."),
        area=_("Receipts"),
    )
)


def usual_copay(site_id: UUID, payer_id: UUID, on: dt.date) -> Cents:
    """What patients of this payer pay at a visit here."""
    return int(resolve(COPAY, StandardContext(unit_id=site_id, payer_id=payer_id, on=on)).value)  # type: ignore[arg-type]
