"""Every constraint of recalls, violated once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from medguild.foundation.kernel.clock import now
from medguild.operations.recalls.models import Recall, RecallContact, RecallRule
from tests.factories.scheduling import Schedule, schedule, visit_type
from tests.factories.world import World

DAY = dt.date(2027, 1, 2)


def _row(plan: Schedule, **changes: Any) -> Recall:
    values = {
        "patient": plan.patient, "unit": plan.site.unit, "visit_type": plan.kind, "due_on": DAY, "made_at": now(),
    }  # fmt: skip
    made: Recall = Recall.objects.create(**(values | changes))
    return made


def recalls(*rows: dict[str, Any]) -> Callable[[World], Any]:
    def make(world: World) -> None:
        plan = schedule(world)
        for changes in rows:
            _row(plan, **changes)

    return make


def contacts(*rows: dict[str, Any]) -> Callable[[World], Any]:
    def make(world: World) -> None:
        recall = _row(schedule(world))
        for changes in rows:
            values = {"recall": recall, "at": now(), "way": "phone", "outcome": "voicemail", "by_label": "Fran"}
            RecallContact.objects.create(**(values | changes))

    return make


def rules(*rows: dict[str, Any]) -> Callable[[World], Any]:
    def make(world: World) -> None:
        plan = schedule(world)
        for changes in rows:
            values = {"unit": plan.site.unit, "after_type": plan.kind, "due_type": visit_type("physical", 40)}
            RecallRule.objects.create(**(values | {"months": 12} | changes))

    return make


OVER = {"closed_at": now()}


@pytest.mark.parametrize(
    ("name", "violate"),
    [
        ("recall_status_known", recalls({"status": "lost"} | OVER)),
        ("recall_origin_known", recalls({"origin": "stars"})),
        ("recall_close_reason_known", recalls({"status": "closed", "close_reason": "mood"} | OVER)),
        ("recall_one_open_per_kind", recalls({}, {"status": "contacted", "contacted_at": now()})),
        ("recall_closed_whole", recalls(OVER)),
        ("recall_ended_has_reason", recalls({"status": "closed"} | OVER)),
        ("recall_booked_has_visit", recalls({"status": "booked"} | OVER)),
        ("recall_contacted_has_time", recalls({"status": "contacted"})),
        ("recall_by_rule_names_it", recalls({"origin": "rule"})),
        ("recall_contact_way_known", contacts({"way": "pigeon"})),
        ("recall_contact_outcome_known", contacts({"outcome": "shrug"})),
        ("recall_contact_step_once", contacts({"step": "first"}, {"step": "first"})),
        ("recall_rule_months_known", rules({"months": 0})),
        ("recall_rule_once", rules({}, {"months": 6})),
    ],
)
@pytest.mark.django_db
def test_refused_by_the_database(world: World, name: str, violate: Callable[[World], Any]) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        violate(world)
