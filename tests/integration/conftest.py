"""What many tests begin from: a Monday morning that takes visits, and a program that may book it."""

from __future__ import annotations

import pytest

from medguild.foundation.access.rules import Role
from tests.factories.program import Program
from tests.factories.scheduling import Schedule, schedule
from tests.factories.world import World


@pytest.fixture
def plan(world: World) -> Schedule:
    """A file that needs another week has a fixture of this name itself."""
    made = schedule(world)
    _ = made.session
    return made


@pytest.fixture
def program(world: World, plan: Schedule) -> Program:
    return Program(Role.SCHEDULER, world.main.entity)
