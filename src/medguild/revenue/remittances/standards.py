"""Standards of what may be given up."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from medguild.foundation.kernel.money import Cents
from medguild.foundation.standards.numbers import declare_number, number
from medguild.foundation.standards.resolution import StandardContext
from medguild.foundation.standards.rules import Level

WRITE_OFF_LIMIT = declare_number(
    "denials.write_off_limit", _("Denials that may be written off without approval"), 10_000, least=0, most=100_000,
    area=_("Denials"), money=True, levels=(Level.ENTITY, Level.PRACTICE, Level.SITE, Level.PAYER),
    help=_("Up to this amount per claim and category a biller decides; above it, who may approve."),
)  # fmt: skip


def write_off_limit(site_id: UUID, payer_id: UUID, on: dt.date) -> Cents:
    """What may be written off at once without approval."""
    return number(WRITE_OFF_LIMIT, StandardContext(unit_id=site_id, payer_id=payer_id, on=on))
