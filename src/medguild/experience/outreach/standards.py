"""Standards of reminders, by site."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from medguild.experience.outreach.rules import leads_of
from medguild.foundation.standards.numbers import declare_number, number
from medguild.foundation.standards.resolution import StandardContext
from medguild.foundation.standards.rules import Bounds
from medguild.patients.preferences.standards import quiet_at

_AREA = _("Reminders")
_HOURS = Bounds(least=0, most=336)

FIRST_LEAD = declare_number(
    "outreach.first_reminder", _("First reminder"), 72, least=0, most=336, unit=_("hours before"), area=_AREA,
    help=_("0: none."),
)  # fmt: skip
LAST_LEAD = declare_number(
    "outreach.last_reminder", _("Last reminder"), 24, least=0, most=336, unit=_("hours before"), area=_AREA,
    help=_("0: none."),
)  # fmt: skip
RATING_DAYS = declare_number(
    "outreach.rating_days", _("Days between questions how a visit was"), 60, least=0, most=365, unit=_("days"),
    area=_AREA, help=_("A patient is asked at most once in so many days, after a visit that took place. 0: never."),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Terms:
    """Hours before a visit, the longest first; quiet minutes of the site's clock."""

    leads: list[int]
    quiet_from: int
    quiet_to: int


def terms_at(site_id: UUID) -> Terms:
    context = StandardContext(unit_id=site_id)
    first, last = (number(key, context) for key in (FIRST_LEAD, LAST_LEAD))
    return Terms(leads_of(first, last), *quiet_at(site_id))
