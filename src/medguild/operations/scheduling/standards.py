"""Standards of booking: notice for a cancellation and its fee, how far a day or a session may be overbooked."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from medguild.foundation.standards.ports import Standard, declare_standard
from medguild.foundation.standards.rules import Bounds, Kind, Level, Mode

_LEVELS = (Level.ENTITY, Level.PRACTICE, Level.SPECIALTY, Level.SITE)
_AREA = _("Booking")

CANCEL_NOTICE = declare_standard(
    Standard(
        key="scheduling.cancel_notice_hours", label=_("Notice for a cancellation"), kind=Kind.INTEGER, default=24,
        mode=Mode.BOUNDED, levels=_LEVELS, bounds=Bounds(least=2, most=72), unit=_("hours"), area=_AREA,
        help=_("A patient who cancels later than this before the visit has cancelled late. Judged once, by the rule"
               " of that day."),
    )
)  # fmt: skip
CANCEL_FEE = declare_standard(
    Standard(
        key="scheduling.cancel_fee", label=_("Fee for a late cancellation"), kind=Kind.INTEGER, default=0,
        mode=Mode.BOUNDED, levels=(Level.ENTITY, Level.PRACTICE), bounds=Bounds(least=0, most=20_000), money=True,
        area=_AREA,
        help=_("Nothing is charged by itself: billing gets a piece of work and decides. Zero: no fee is asked for."),
    )
)  # fmt: skip
OVERBOOK_PER_DAY = declare_standard(
    Standard(
        key="scheduling.overbook_per_day", label=_("Overbooked visits of a clinician in a day, at most"),
        kind=Kind.INTEGER, default=4, mode=Mode.BOUNDED, levels=_LEVELS, bounds=Bounds(least=0, most=8),
        unit=_("visits"), area=_AREA, help=_("Over all sessions of the day. More needs an approved deviation."),
    )
)  # fmt: skip
OVERBOOK_SHARE = declare_standard(
    Standard(
        key="scheduling.overbook_share", label=_("Overbooked share of a session, at most"), kind=Kind.INTEGER,
        default=25, mode=Mode.BOUNDED, levels=_LEVELS, bounds=Bounds(least=0, most=50), unit=_("percent"), area=_AREA,
        help=_("Of the visits that the session takes; one is always allowed unless this is zero. More needs an"
               " approved deviation."),
    )
)  # fmt: skip
