"""The telephone of the sites right now: who waits, which alerts stand; and the alerts of the past."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.errors import NotVisible
from medguild.operations.calls.hold_rules import QUEUE_FRESH
from medguild.operations.calls.models import HoldAlert, TelephoneQueue


@dataclass(frozen=True, slots=True)
class SiteNow:
    """One site: how many wait and the longest of them, None where the telephone system says nothing; its alert."""

    site_id: UUID
    name: str
    waiting: int | None
    longest_seconds: int | None
    alert: HoldAlert | None


def telephones_now(actor: Actor, sites: Collection[tuple[UUID, str]], *, at: dt.datetime) -> list[SiteNow]:
    """Sites of the actor (id and name) where something is known of now; two queries."""
    ids = [site_id for site_id, _name in sites]
    queues = {row.site_id: row for row in TelephoneQueue.objects.filter(site_id__in=ids, told_at__gt=at - QUEUE_FRESH)}
    alerts = {row.site_id: row for row in hold_alerts(actor).filter(site_id__in=ids, ended_at__isnull=True)}
    return [
        SiteNow(
            site_id, name, queues[site_id].waiting if site_id in queues else None,
            queues[site_id].longest_seconds if site_id in queues else None, alerts.get(site_id),
        )
        for site_id, name in sites
        if site_id in queues or site_id in alerts
    ]  # fmt: skip


def hold_alerts(actor: Actor) -> QuerySet[HoldAlert]:
    """Alerts of the actor's sites, the newest first."""
    rows: QuerySet[HoldAlert] = HoldAlert.objects.visible_to(actor).select_related("site__site")
    return rows.order_by("-began_at", "-pk")


def hold_alert(actor: Actor, alert_id: UUID) -> HoldAlert:
    """Raises NotVisible."""
    found: HoldAlert | None = hold_alerts(actor).filter(pk=alert_id).first()
    if found is None:
        raise NotVisible
    return found
