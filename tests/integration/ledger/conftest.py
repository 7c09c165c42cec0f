"""Books of two entities that were opened before the first month of the tests."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

import pytest

from medguild.foundation.ledger.periods import open_books
from tests.factories.world import HOUSE, World

BEGIN = dt.date(2026, 1, 1)
DAY = dt.date(2026, 3, 10)


@dataclass(frozen=True)
class Books:
    """`a` and `b` belong to one enterprise."""

    world: World
    a: UUID
    b: UUID


@pytest.fixture
def books(world: World) -> Books:
    for entity in (world.main.entity, world.second.entity):
        open_books(entity=entity, start=BEGIN, by=HOUSE)
    return Books(world, world.main.entity.pk, world.second.entity.pk)
