"""Standards of the flow of visits."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from medguild.foundation.standards.ports import Standard, declare_standard
from medguild.foundation.standards.resolution import StandardContext, resolve
from medguild.foundation.standards.rules import Bounds, Kind, Level, Mode

WAIT_LIMIT = declare_standard(
    Standard(
        key="visits.wait_limit",
        label=_("Longest wait in one step before it is shown"),
        kind=Kind.INTEGER,
        default=15,
        mode=Mode.BOUNDED,
        levels=(Level.ENTITY, Level.PRACTICE, Level.SPECIALTY, Level.SITE),
        bounds=Bounds(least=5, most=60),
        unit=_("minutes"),
        help=_("Patients who wait longer stand out on the flow board and in the front desk's list."),
        area=_("Visits"),
    )
)


def wait_limit(site_id: UUID) -> int:
    """Minutes after which a wait at this site is long."""
    value = resolve(WAIT_LIMIT, StandardContext(unit_id=site_id)).value
    return int(value)  # type: ignore[arg-type]


WALK_IN_MINUTES = declare_standard(
    Standard(
        key="visits.walk_in_minutes",
        label=_("Usual length of a visit without appointment"),
        kind=Kind.INTEGER,
        default=15,
        mode=Mode.BOUNDED,
        levels=(Level.ENTITY, Level.PRACTICE, Level.SPECIALTY, Level.SITE),
        bounds=Bounds(least=5, most=60),
        unit=_("minutes"),
        help=_("From it follows how long those who come after are told to wait."),
        area=_("Visits"),
    )
)


def walk_in_minutes(site_id: UUID) -> int:
    value = resolve(WALK_IN_MINUTES, StandardContext(unit_id=site_id)).value
    return int(value)  # type: ignore[arg-type]
