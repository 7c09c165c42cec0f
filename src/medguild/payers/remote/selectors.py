"""Questions about payers' rules for remote visits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from medguild.foundation.kernel.errors import NotVisible
from medguild.payers.remote.models import RemoteRule
from medguild.payers.remote.rules import RemoteTerms


def remote_rules() -> QuerySet[RemoteRule]:
    """All of them, those that hold longest first within payer and mode."""
    return RemoteRule.objects.select_related("payer").order_by("payer__name", "mode", "-period")


def remote_rule(rule_id: UUID) -> RemoteRule:
    found = remote_rules().filter(pk=rule_id).first()
    if found is None:
        raise NotVisible
    return found


Asked = tuple[UUID, str, dt.date]  # payer, mode, day of service


def remote_terms(asked: Collection[Asked]) -> dict[Asked, RemoteTerms]:
    """What payers ask of visits of these modes on these days, in one query; what is not on file is left out."""
    rows = RemoteRule.objects.filter(payer__in={payer for payer, _mode, _day in asked}) if asked else []
    return {
        (payer, mode, day): row.terms
        for payer, mode, day in asked
        for row in rows
        if row.payer_id == payer and row.mode == mode and _holds(row, day)
    }


def _holds(row: RemoteRule, day: dt.date) -> bool:
    upper = row.period.upper
    return bool(row.period.lower <= day and (upper is None or day < upper))


def ending_rules(*, until: dt.date) -> list[RemoteRule]:
    """Rules that end by `until` (the first day on which they no longer hold) and that no other rule follows."""
    rows = remote_rules().filter(period__endswith__lte=until)
    return [row for row in rows if not _followed(row)]


def _followed(row: RemoteRule) -> bool:
    """Another rule begins where this one ends."""
    same = RemoteRule.objects.filter(payer=row.payer, mode=row.mode)
    return same.filter(period__startswith=row.period.upper).exists()
