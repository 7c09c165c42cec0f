"""When nobody is written to, by site."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from medguild.foundation.standards.ports import Standard, declare_standard
from medguild.foundation.standards.resolution import StandardContext, resolve
from medguild.foundation.standards.rules import Bounds, Kind, Level, Mode

_LEVELS = (Level.ENTITY, Level.PRACTICE, Level.SPECIALTY, Level.SITE)
_AREA = _("Messages to patients")

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


def quiet_at(site_id: UUID) -> tuple[int, int]:
    """The quiet minutes of a site's wall clock, over midnight."""
    context = StandardContext(unit_id=site_id)
    begin, end = (int(str(resolve(key, context).value)) for key in (QUIET_FROM, QUIET_TO))
    return begin * 60, end * 60
