"""Who may open the pages of messages to patients."""

from __future__ import annotations

from typing import Any

from medguild.experience.outreach.links import recall_token_of, token_of
from medguild.experience.outreach.models import Notice
from medguild.experience.outreach.terms import set_terms
from medguild.foundation.access.rules import Role
from medguild.foundation.kernel.clock import now, today
from tests.factories.world import HOUSE, World
from tests.url_tables import Row
from tests.url_tables.operations_recalls import recalled
from tests.url_tables.operations_scheduling import booked, plan


def noticed(world: World) -> str:
    visit = booked(world)
    Notice.objects.unscoped("test").get_or_create(
        source="test",
        defaults={
            "patient": visit.patient, "unit": visit.unit, "appointment": visit, "kind": "reminder", "channel": "text",
            "address": "+15035550142", "status": "sent", "sent_at": now(),
        },
    )  # fmt: skip
    return str(visit.patient_id)


def link(world: World) -> dict[str, Any]:
    return {"token": token_of(booked(world).pk)}


def recall_link(world: World) -> dict[str, Any]:
    return {"token": recall_token_of(recalled(world).pk)}


def terms(world: World) -> dict[str, Any]:
    if "outreach.terms" not in world.kept:
        world.kept["outreach.terms"] = set_terms(
            visit_type=plan(world).kind, first_hours=96, last_hours=24, start=today(), by=HOUSE
        )
    return {"terms_id": world.kept["outreach.terms"].pk}


URLS = {
    "outreach:kinds": Row(Role.PRACTICE_MANAGER, wrong=Role.FRONT_DESK, other="own"),
    "outreach:end_terms": Row(
        Role.PRACTICE_MANAGER,
        wrong=Role.FRONT_DESK,
        method="post",
        kwargs=terms,
        unit=lambda world: world.enterprise,
    ),
    "outreach:list": Row(Role.FRONT_DESK, wrong=Role.BILLER, other="own", shows=noticed),
    "outreach:recall": Row(None, kwargs=recall_link),
    "outreach:visit": Row(None, kwargs=link),
    "outreach:invitation": Row(None, kwargs=link),
    "POST /api/v1/replies": Row(
        Role.PRACTICE_MANAGER,
        wrong=Role.FRONT_DESK,
        method="post",
        other="own",
        data=lambda world: {"sender": "+15035550142", "text": "hello"},
        headers=lambda world: {"Idempotency-Key": "test-replies"},
    ),
}
