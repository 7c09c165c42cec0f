"""Every named constraint of the room, violated once."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from medguild.foundation.events.models import Delivery, DispatchCursor, Seal
from medguild.foundation.kernel.clock import now


def _seal(**fields: Any) -> Seal:
    event_id = uuid4()
    return Seal.objects.create(
        **{
            "number": 1, "columns_version": 1, "first_xid": "1", "last_xid": "1", "last_event_id": event_id,
            "event_ids": [event_id], "digests": b"", "previous_hash": b"", "hash": b"", "sealed_at": now(), **fields,
        }
    )  # fmt: skip


def _delivery(**fields: Any) -> Delivery:
    given: dict[str, Any] = {
        "event_id": uuid4(), "subscriber": "x", "subject_key": "x", "sequence": 1, "next_try_at": now(), **fields
    }  # fmt: skip
    return Delivery.objects.create(**given)


def _twice(make: Any, **fields: Any) -> None:
    make(**fields)
    make(**fields)


VIOLATIONS = {
    "seal_number_once": lambda: _twice(_seal, number=5),
    "seal_number_positive": lambda: _seal(number=0),
    "dispatch_cursor_once": lambda: _twice(DispatchCursor.objects.create, name="x"),
    "delivery_once_per_subscriber": lambda: _twice(_delivery, event_id=uuid4()),
    "delivery_status_known": lambda: _delivery(status="lost"),
    "delivery_done_has_time": lambda: _delivery(status="done"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", VIOLATIONS)
def test_the_database_refuses(name: str) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        VIOLATIONS[name]()
