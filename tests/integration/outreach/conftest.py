"""Messages of tests leave into a folder of their own; the patient of the plan can be reached."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.factories.outreach import PHONE
from tests.factories.scheduling import Schedule, schedule
from tests.factories.world import World


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> None:
    settings.OUTBOX = tmp_path


@pytest.fixture
def plan(world: World) -> Schedule:
    made = schedule(world)
    made.patient.phone, made.patient.email = PHONE, "pat@example.org"
    made.patient.save(update_fields=["phone", "email"])
    return made
