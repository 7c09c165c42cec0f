"""Standards of the flow of visits."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from medguild.foundation.standards.numbers import declare_number, number
from medguild.foundation.standards.resolution import StandardContext

WAIT_LIMIT = declare_number(
    "visits.wait_limit", _("Longest wait in one step before it is shown"), 15, least=5, most=60, unit=_("minutes"),
    area=_("Visits"),
    help=_("Patients who wait longer stand out on the flow board and in the front desk's list."),
)  # fmt: skip


def wait_limit(site_id: UUID) -> int:
    """Minutes after which a wait at this site is long."""
    return number(WAIT_LIMIT, StandardContext(unit_id=site_id))


WALK_IN_MINUTES = declare_number(
    "visits.walk_in_minutes", _("Usual length of a visit without appointment"), 15, least=5, most=60,
    unit=_("minutes"), area=_("Visits"),
    help=_("From it follows how long those who come after are told to wait."),
)  # fmt: skip


def walk_in_minutes(site_id: UUID) -> int:
    return number(WALK_IN_MINUTES, StandardContext(unit_id=site_id))
