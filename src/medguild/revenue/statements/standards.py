"""Standards of statements."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from medguild.foundation.kernel.money import Cents
from medguild.foundation.standards.ports import Standard, declare_standard
from medguild.foundation.standards.resolution import StandardContext, resolve
from medguild.foundation.standards.rules import Bounds, Kind, Level, Mode

MINIMUM = declare_standard(
    Standard(
        key="statements.minimum",
        label=_("Smallest balance for a statement"),
        kind=Kind.INTEGER,
        default=500,
        mode=Mode.BOUNDED,
        levels=(Level.STATE, Level.ENTITY),
        bounds=Bounds(least=1, most=5_000),
        money=True,
        help=_("An account that owes less gets no statement; the balance stays and is asked for at the next visit."),
        area=_("Statements"),
    )
)
DUE_DAYS = declare_standard(
    Standard(
        key="statements.due_days",
        label=_("Days to pay a statement"),
        kind=Kind.INTEGER,
        default=30,
        mode=Mode.BOUNDED,
        levels=(Level.STATE, Level.ENTITY),
        bounds=Bounds(least=14, most=90),
        unit=_("days"),
        area=_("Statements"),
    )
)


def minimum(entity_id: UUID) -> Cents:
    return int(resolve(MINIMUM, StandardContext(unit_id=entity_id)).value)  # type: ignore[arg-type]


def due_days(entity_id: UUID) -> int:
    return int(resolve(DUE_DAYS, StandardContext(unit_id=entity_id)).value)  # type: ignore[arg-type]
