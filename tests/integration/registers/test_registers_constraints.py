"""Each named constraint of the registers, violated once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction

from medguild.foundation.access.rules import Role
from medguild.foundation.registers.models import RegulatoryChange, TechnologyAdoption
from tests.factories.world import World

DAY = dt.date(2026, 1, 1)
NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def refused(name: str, row: models.Model, changes: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        type(row)._base_manager.filter(pk=row.pk).update(**changes)


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("regulation_status_known", {"status": "lost"}),
        ("regulation_has_words", {"source": ""}),
        ("regulation_done_has_date_and_proof", {"status": "done"}),
        ("regulation_underway_is_owned", {"status": "in_progress"}),
    ],
)
def test_regulations(world: World, name: str, changes: dict[str, Any]) -> None:
    row = RegulatoryChange.objects.create(
        title="A rule", unit=world.main.entity, status="new", source="CMS", change="x", added_at=NOW
    )
    refused(name, row, changes)


@pytest.mark.parametrize("empty", ["changes_work", "who_uses", "metrics", "new_risk", "owner"])
def test_go_live_without_an_answer_is_refused_by_the_database(world: World, empty: str) -> None:
    answers: dict[str, Any] = dict.fromkeys(("changes_work", "who_uses", "metrics", "new_risk"), "answered")
    answers |= {"owner": world.user(Role.CLINICIAN)}
    row = TechnologyAdoption.objects.create(
        title="A tool", unit=world.main.entity, status="approved", added_at=NOW, live_on=DAY,
        **(answers | {empty: None if empty == "owner" else " "}),
    )  # fmt: skip
    refused("technology_live_answers_all_four", row, {"status": "live"})


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("technology_status_known", {"status": "lost"}),
        ("technology_has_title", {"title": ""}),
        ("technology_retired_has_date", {"retired_on": DAY}),
    ],
)
def test_tools(world: World, name: str, changes: dict[str, Any]) -> None:
    row = TechnologyAdoption.objects.create(title="A tool", unit=world.main.entity, status="proposed", added_at=NOW)
    refused(name, row, changes)
