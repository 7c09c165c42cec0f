"""Event types and helpers of the tests of the log."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

from django.db import connection

from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.models import Event
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.scoping import ScopedQuerySet

TOLD = declare_event("test.told", "Something was told")
HIDDEN = declare_event("test.hidden", "Nobody is told", hidden=True)
TELLER = Actor.job("teller")


def everything() -> ScopedQuerySet[Event]:
    return Event.objects.unscoped("the test looks at the whole log")


def tell(subject_id: UUID | None = None, type: str = TOLD, **fields: Any) -> UUID:
    return record(type, subject=SubjectRef("thing", subject_id or uuid4(), "Thing"), by=TELLER, **fields)


def until(done: Callable[[], object], seconds: float = 120) -> None:
    """Wait for others on the same server: an older transaction, such as of the vacuum, may hold the horizon back."""
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "the horizon of transactions never moved"
        time.sleep(0.02)


@contextmanager
def superuser() -> Iterator[Any]:
    """One who may switch triggers off."""
    with connection.cursor() as cursor:
        cursor.execute("set session_replication_role = replica")
        try:
            yield cursor
        finally:
            cursor.execute("set session_replication_role = origin")
