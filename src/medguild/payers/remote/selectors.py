"""Questions about payers' rules for remote visits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

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
        if row.payer_id == payer and row.mode == mode and day in row.period
    }


def ending_rules(*, since: dt.date, until: dt.date) -> list[RemoteRule]:
    """Rules that end (the first day on which they no longer hold) after `since` and by `until`, and that no other rule
    follows; one query."""
    next_one = RemoteRule.objects.filter(
        payer=OuterRef("payer"), mode=OuterRef("mode"), period__startswith=OuterRef("period__endswith")
    )
    ending = remote_rules().filter(period__endswith__gt=since, period__endswith__lte=until)
    return list(ending.exclude(Exists(next_one)))
