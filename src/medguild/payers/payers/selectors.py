"""Questions about payers and plans. All of it is open to those who hold `payers.read`."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from medguild.foundation.kernel.errors import NotVisible
from medguild.payers.payers.models import Payer, Plan
from medguild.payers.payers.rules import normal_payer_id


def payers(*, on: dt.date | None = None) -> QuerySet[Payer]:
    """Payers by name, with the number of their plans; only those in force on a day when one is given."""
    rows = Payer.objects.annotate(plan_count=Count("plans")).order_by("name")
    return rows.filter(period__contains=on) if on else rows


def payer(payer_id: UUID) -> Payer:
    """Raises NotVisible."""
    found = Payer.objects.filter(pk=payer_id).first()
    if found is None:
        raise NotVisible
    return found


def plans(*, on: dt.date, payer_id: UUID | None = None) -> QuerySet[Plan]:
    """Plans in force on a day, by payer and name."""
    rows = Plan.objects.select_related("payer").filter(period__contains=on, payer__period__contains=on)
    rows = rows.filter(payer_id=payer_id) if payer_id else rows
    return rows.order_by("payer__name", "name")


def plan(plan_id: UUID) -> Plan:
    """Raises NotVisible."""
    found = Plan.objects.select_related("payer").filter(pk=plan_id).first()
    if found is None:
        raise NotVisible
    return found


def plans_of(payer_id: UUID) -> QuerySet[Plan]:
    """All plans of a payer, past ones too."""
    return Plan.objects.filter(payer_id=payer_id).order_by("name")


def payer_by_number(number: str) -> Payer | None:
    """The payer that a file names by its payer id (NM109, N104) or its originator number (TRN03)."""
    try:
        cleaned = normal_payer_id(number)
    except ValueError:
        return None
    return Payer.objects.filter(Q(payer_id=cleaned) | Q(originator=cleaned)).order_by("name").first()


def filing_indicator(payer: Payer, plan: Plan | None) -> str:
    """SBR09 of a claim."""
    return (plan.filing_indicator if plan else "") or payer.filing_indicator
