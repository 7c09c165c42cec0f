"""The synthetic group, loaded once per module with a shorter history, inside a transaction that is rolled back.

Tests that use it are marked `django_db`, so that the test database is made; each then runs in a savepoint of its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction

from medguild.demo import load, plan, steps

TODAY = dt.date(2026, 11, 18)
SMALLEST = plan.Size(500, 6)
MONTHS = 5


def load_group(patch: pytest.MonkeyPatch, months: int, size: plan.Size = SMALLEST) -> None:
    """All steps but the code sets, which take seconds and decide nothing here; then every constraint at once."""
    patch.setattr(plan, "MONTHS_OF_HISTORY", months)
    patch.setattr(load, "password", lambda: "only-for-tests")
    wanted = [step for step in steps.STEPS if step[0] != "code sets"]
    load.load(size=size, today=TODAY, steps=wanted, say=lambda text: None)
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("set constraints all deferred")


@pytest.fixture(scope="module")
def group(django_db_setup: Any, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, transaction.atomic():
        load_group(patch, MONTHS)
        yield
        transaction.set_rollback(True)
