"""Standards of booking online, by site."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from medguild.foundation.standards.numbers import declare_number, number
from medguild.foundation.standards.resolution import StandardContext

_AREA = _("Booking online")

BOOK_DAYS = declare_number(
    "portal.book_days", _("Patients book online, days ahead at most"), 90, least=0, most=365, unit=_("days"),
    area=_AREA, help=_("0: not at all. Who may book which kind of visit stands with the kinds of visits."),
)  # fmt: skip
BOOK_NOTICE = declare_number(
    "portal.book_notice_hours", _("Patients book online, hours ahead at least"), 4, least=0, most=336, unit=_("hours"),
    area=_AREA,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Terms:
    days: int
    notice_hours: int


def terms_at(site_id: UUID) -> Terms:
    context = StandardContext(unit_id=site_id)
    return Terms(number(BOOK_DAYS, context), number(BOOK_NOTICE, context))
