"""The billing desk of the tests."""

from __future__ import annotations

import pytest

from tests.factories.remittances import Desk
from tests.factories.revenue import make_billing
from tests.factories.world import World


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world, make_billing(world))
