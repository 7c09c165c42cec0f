"""Standards of recalls, by site."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from medguild.foundation.standards.ports import Standard, declare_standard
from medguild.foundation.standards.resolution import StandardContext, resolve
from medguild.foundation.standards.rules import Bounds, Kind, Level, Mode
from medguild.operations.recalls.rules import Pace

_LEVELS = (Level.ENTITY, Level.PRACTICE, Level.SPECIALTY, Level.SITE)
_AREA = _("Recalls")

FIRST_MESSAGE = declare_standard(
    Standard(
        key="recalls.first_message", label=_("First message that a visit is due"), kind=Kind.INTEGER, default=30,
        mode=Mode.BOUNDED, levels=_LEVELS, bounds=Bounds(least=0, most=120), unit=_("days before"), area=_AREA,
        help=_("Sent the way the patient wants, without a word on health."),
    )
)  # fmt: skip
SECOND_MESSAGE = declare_standard(
    Standard(
        key="recalls.second_message", label=_("Second message that a visit is due"), kind=Kind.INTEGER, default=0,
        mode=Mode.BOUNDED, levels=_LEVELS, bounds=Bounds(least=0, most=60), unit=_("days after"), area=_AREA,
        help=_("Only to those who have not booked since the first."),
    )
)  # fmt: skip
CALL_AFTER = declare_standard(
    Standard(
        key="recalls.call_after", label=_("A person calls about a visit that is due"), kind=Kind.INTEGER, default=14,
        mode=Mode.BOUNDED, levels=_LEVELS, bounds=Bounds(least=1, most=90), unit=_("days after"), area=_AREA,
        help=_("Who cannot be written to is called on the day itself."),
    )
)  # fmt: skip
EARLY = declare_standard(
    Standard(
        key="recalls.early", label=_("How early a visit may be and still count"), kind=Kind.INTEGER, default=60,
        mode=Mode.BOUNDED, levels=_LEVELS, bounds=Bounds(least=0, most=365), unit=_("days before"), area=_AREA,
        help=_("A visit of the kind that is booked for a day nearer than this settles the recall."),
    )
)  # fmt: skip


def pace_at(site_id: UUID) -> Pace:
    context = StandardContext(unit_id=site_id)
    keys = (FIRST_MESSAGE, SECOND_MESSAGE, CALL_AFTER)
    first, second, call = (int(str(resolve(key, context).value)) for key in keys)
    return Pace(first, second, max(call, second + 1))


def early_days(site_id: UUID) -> int:
    return int(str(resolve(EARLY, StandardContext(unit_id=site_id)).value))
