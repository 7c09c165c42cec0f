"""When nobody is written to, by site."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from medguild.foundation.standards.numbers import declare_number, number
from medguild.foundation.standards.resolution import StandardContext

_AREA = _("Messages to patients")

QUIET_FROM = declare_number(
    "outreach.quiet_from", _("No messages after"), 20, least=17, most=21, unit=_("o'clock"), area=_AREA,
    help=_("Of the site's clock; a patient may name quiet hours of their own."),
)  # fmt: skip
QUIET_TO = declare_number(
    "outreach.quiet_to", _("No messages before"), 9, least=8, most=11, unit=_("o'clock"), area=_AREA,
    help=_("Of the site's clock."),
)  # fmt: skip


def quiet_at(site_id: UUID) -> tuple[int, int]:
    """The quiet minutes of a site's wall clock, over midnight."""
    context = StandardContext(unit_id=site_id)
    begin, end = (number(key, context) for key in (QUIET_FROM, QUIET_TO))
    return begin * 60, end * 60
