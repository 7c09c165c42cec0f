"""Standards of what may be given up."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from medguild.foundation.kernel.money import Cents
from medguild.foundation.standards.ports import Standard, declare_standard
from medguild.foundation.standards.resolution import StandardContext, resolve
from medguild.foundation.standards.rules import Bounds, Kind, Level, Mode

WRITE_OFF_LIMIT = declare_standard(
    Standard(
        key="denials.write_off_limit",
        label=_("Denials that may be written off without approval"),
        kind=Kind.INTEGER,
        default=10_000,
        mode=Mode.BOUNDED,
        levels=(Level.ENTITY, Level.PRACTICE, Level.SITE, Level.PAYER),
        bounds=Bounds(least=0, most=100_000),
        money=True,
        help=_("Up to this amount per claim and category a biller decides; above it, who may approve."),
        area=_("Denials"),
    )
)


def write_off_limit(site_id: UUID, payer_id: UUID, on: dt.date) -> Cents:
    """What may be written off at once without approval."""
    return int(resolve(WRITE_OFF_LIMIT, StandardContext(unit_id=site_id, payer_id=payer_id, on=on)).value)  # type: ignore[arg-type]
