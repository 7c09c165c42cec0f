"""Charges beside the numbers of visits: what was charged for each, void charges left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medguild.foundation.kernel.actor import Actor
from medguild.operations.demand.ports import Aspect, VisitMeasure, visit_measures
from medguild.revenue.charges.models import Charge
from medguild.revenue.charges.permissions import ChargesRight
from medguild.revenue.charges.rules import ChargeStatus


def _charged(actor: Actor, visits: QuerySet[Any], keys: Sequence[str]) -> Mapping[tuple[Any, ...], float]:
    rows = Charge.objects.visible_to(actor, ChargesRight.READ).exclude(status=ChargeStatus.VOID)
    rows = rows.filter(visit__appointment__in=visits.order_by().values("pk")).order_by()
    found = rows.values_list(*(f"visit__appointment__{key}" for key in keys)).annotate(total=Sum("amount"))
    return {tuple(key): total for *key, total in found}


def _rows(asked: Mapping[str, str]) -> str:
    """The charges of these visits: their day of service is the visit's."""
    days = {"day_from": "service_date_from", "day_to": "service_date_to"}
    query = {days.get(name, name): value for name, value in asked.items()}
    return f"{reverse('charges:list')}?{urlencode(query | {'counted': 'on'})}"


CHARGED = VisitMeasure(
    "charges.charged", _("Charged per visit"), Aspect.REVENUE, ChargesRight.READ, _charged, _rows, cents=True,
    less_is_better=False,
)  # fmt: skip
visit_measures.register(CHARGED.key, CHARGED)
