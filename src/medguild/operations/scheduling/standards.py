"""Standards of booking: notice for a cancellation and its fee, how far a day or a session may be overbooked."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from medguild.foundation.standards.numbers import declare_number
from medguild.foundation.standards.rules import Level

_AREA = _("Booking")

CANCEL_NOTICE = declare_number(
    "scheduling.cancel_notice_hours", _("Notice for a cancellation"), 24, least=2, most=72, unit=_("hours"),
    area=_AREA,
    help=_("A patient who cancels later than this before the visit has cancelled late. Judged once, by the rule"
               " of that day."),
)  # fmt: skip
CANCEL_FEE = declare_number(
    "scheduling.cancel_fee", _("Fee for a late cancellation"), 0, least=0, most=20_000, area=_AREA, money=True,
    levels=(Level.ENTITY, Level.PRACTICE),
    help=_("Nothing is charged by itself: billing gets a piece of work and decides. Zero: no fee is asked for."),
)  # fmt: skip
OVERBOOK_PER_DAY = declare_number(
    "scheduling.overbook_per_day", _("Overbooked visits of a clinician in a day, at most"), 4, least=0, most=8,
    unit=_("visits"), area=_AREA,
    help=_("Over all sessions of the day. More needs an approved deviation."),
)  # fmt: skip
OVERBOOK_SHARE = declare_number(
    "scheduling.overbook_share", _("Overbooked share of a session, at most"), 25, least=0, most=50, unit=_("percent"),
    area=_AREA,
    help=_("Of the visits that the session takes; one is always allowed unless this is zero. More needs an"
               " approved deviation."),
)  # fmt: skip
