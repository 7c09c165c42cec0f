"""Standards of recalls, by site."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from medguild.foundation.standards.numbers import declare_number, number
from medguild.foundation.standards.resolution import StandardContext
from medguild.operations.recalls.rules import Pace

_AREA = _("Recalls")

FIRST_MESSAGE = declare_number(
    "recalls.first_message", _("First message that a visit is due"), 30, least=0, most=120, unit=_("days before"),
    area=_AREA,
    help=_("Sent the way the patient wants, without a word on health."),
)  # fmt: skip
SECOND_MESSAGE = declare_number(
    "recalls.second_message", _("Second message that a visit is due"), 0, least=0, most=60, unit=_("days after"),
    area=_AREA,
    help=_("Only to those who have not booked since the first."),
)  # fmt: skip
CALL_AFTER = declare_number(
    "recalls.call_after", _("A person calls about a visit that is due"), 14, least=1, most=90, unit=_("days after"),
    area=_AREA,
    help=_("Who cannot be written to is called on the day itself."),
)  # fmt: skip
EARLY = declare_number(
    "recalls.early", _("How early a visit may be and still count"), 60, least=0, most=365, unit=_("days before"),
    area=_AREA,
    help=_("A visit of the kind that is booked for a day nearer than this settles the recall."),
)  # fmt: skip


def pace_at(site_id: UUID) -> Pace:
    context = StandardContext(unit_id=site_id)
    keys = (FIRST_MESSAGE, SECOND_MESSAGE, CALL_AFTER)
    first, second, call = (number(key, context) for key in keys)
    return Pace(first, second, max(call, second + 1))


def early_days(site_id: UUID) -> int:
    return number(EARLY, StandardContext(unit_id=site_id))
