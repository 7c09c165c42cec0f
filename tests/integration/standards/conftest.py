from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from medguild.foundation.access.rules import Role
from medguild.foundation.standards.deviations import propose_deviation
from medguild.foundation.standards.models import Deviation
from tests.factories.world import World

TODAY = dt.datetime.now(dt.UTC).date()


@pytest.fixture
def propose(world: World) -> Callable[..., Deviation]:
    """Propose a deviation of the escalation step at the main practice, as its manager."""

    def make(**changes: object) -> Deviation:
        wanted: dict[str, object] = {
            "key": "work.escalation_step",
            "unit": world.main.practice,
            "value": dt.timedelta(days=20),
            "reason": "two of four desks stand empty until spring",
            "start": TODAY,
            "end": TODAY + dt.timedelta(days=60),
            "by": world.actor(Role.PRACTICE_MANAGER),
        }
        return propose_deviation(**(wanted | changes))  # type: ignore[arg-type]

    return make
