"""Standards of statements."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from medguild.foundation.kernel.money import Cents
from medguild.foundation.standards.numbers import declare_number, number
from medguild.foundation.standards.resolution import StandardContext
from medguild.foundation.standards.rules import Level

MINIMUM = declare_number(
    "statements.minimum", _("Smallest balance for a statement"), 500, least=1, most=5_000, area=_("Statements"),
    money=True, levels=(Level.STATE, Level.ENTITY),
    help=_("An account that owes less gets no statement; the balance stays and is asked for at the next visit."),
)  # fmt: skip
DUE_DAYS = declare_number(
    "statements.due_days", _("Days to pay a statement"), 30, least=14, most=90, unit=_("days"), area=_("Statements"),
    levels=(Level.STATE, Level.ENTITY),
)  # fmt: skip


def minimum(entity_id: UUID) -> Cents:
    return number(MINIMUM, StandardContext(unit_id=entity_id))


def due_days(entity_id: UUID) -> int:
    return number(DUE_DAYS, StandardContext(unit_id=entity_id))
