"""Standards of the waiting list, by site."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from medguild.foundation.standards.numbers import declare_number, number
from medguild.foundation.standards.ports import Standard, declare_standard
from medguild.foundation.standards.resolution import StandardContext, resolve
from medguild.foundation.standards.rules import Kind, Level, Mode

_LEVELS = (Level.ENTITY, Level.PRACTICE, Level.SPECIALTY, Level.SITE)
_AREA = _("Waiting list")

OFFERS_AT_ONCE = declare_number(
    "waitlist.offers_at_once", _("People asked at once"), 3, least=1, most=20, area=_AREA,
    help=_("A time that comes free is offered to so many at once; the first yes wins."),
)  # fmt: skip
OFFER_MINUTES = declare_number(
    "waitlist.offer_minutes", _("Time to answer an offer"), 60, least=10, most=1440, unit=_("minutes"), area=_AREA,
    help=_("Then the next are asked. Close to the visit it is less: half of what is left."),
)  # fmt: skip
AUTOMATIC = declare_standard(
    Standard(
        key="waitlist.automatic", label=_("Offer by itself what comes free"), kind=Kind.BOOLEAN, default=True,
        mode=Mode.LOCAL, levels=_LEVELS, area=_AREA,
        help=_("When off, the desk decides for each time that comes free."),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Terms:
    """How a site offers: so many at once, for so long, by itself or not."""

    at_once: int
    lasts: dt.timedelta
    automatic: bool


def terms_at(site_id: UUID) -> Terms:
    context = StandardContext(unit_id=site_id)
    lasts = dt.timedelta(minutes=number(OFFER_MINUTES, context))
    return Terms(number(OFFERS_AT_ONCE, context), lasts, bool(resolve(AUTOMATIC, context).value))
