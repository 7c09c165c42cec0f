"""Standards of reminders, by site."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from medguild.experience.outreach.rules import read_leads
from medguild.foundation.standards.ports import Standard, declare_standard
from medguild.foundation.standards.resolution import StandardContext, resolve
from medguild.foundation.standards.rules import Bounds, Kind, Level, Mode

_LEVELS = (Level.ENTITY, Level.PRACTICE, Level.SPECIALTY, Level.SITE)
_AREA = _("Reminders")
_HOURS = Bounds(least=0, most=336)

FIRST_LEAD = declare_standard(
    Standard(
        key="outreach.first_reminder", label=_("First reminder"), kind=Kind.INTEGER, default=72, mode=Mode.BOUNDED,
        levels=_LEVELS, bounds=_HOURS, unit=_("hours before"), area=_AREA, help=_("0: none."),
    )
)  # fmt: skip
LAST_LEAD = declare_standard(
    Standard(
        key="outreach.last_reminder", label=_("Last reminder"), kind=Kind.INTEGER, default=24, mode=Mode.BOUNDED,
        levels=_LEVELS, bounds=_HOURS, unit=_("hours before"), area=_AREA, help=_("0: none."),
    )
)  # fmt: skip
QUIET_FROM = declare_standard(
    Standard(
        key="outreach.quiet_from", label=_("No messages after"), kind=Kind.INTEGER, default=20, mode=Mode.BOUNDED,
        levels=_LEVELS, bounds=Bounds(least=17, most=21), unit=_("o'clock"), area=_AREA,
        help=_("Of the site's clock; a patient may name quiet hours of their own."),
    )
)  # fmt: skip
QUIET_TO = declare_standard(
    Standard(
        key="outreach.quiet_to", label=_("No messages before"), kind=Kind.INTEGER, default=9, mode=Mode.BOUNDED,
        levels=_LEVELS, bounds=Bounds(least=8, most=11), unit=_("o'clock"), area=_AREA,
        help=_("Of the site's clock."),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Terms:
    """Hours before a visit, the longest first; quiet minutes of the site's clock."""

    leads: list[int]
    quiet_from: int
    quiet_to: int


def terms_at(site_id: UUID) -> Terms:
    context = StandardContext(unit_id=site_id)
    keys = (FIRST_LEAD, LAST_LEAD, QUIET_FROM, QUIET_TO)
    first, last, quiet_from, quiet_to = (int(str(resolve(key, context).value)) for key in keys)
    leads = read_leads(",".join(str(lead) for lead in (first, last) if lead))
    return Terms(leads, quiet_from * 60, quiet_to * 60)
