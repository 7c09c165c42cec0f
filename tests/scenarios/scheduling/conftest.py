"""What tests of races share."""

from __future__ import annotations

import pytest

from tests.factories.scheduling import Schedule, long_monday


@pytest.fixture
def plan(transactional_log: None) -> Schedule:
    """A committed schedule: Monday from 06:00 to 20:00."""
    return long_monday()
