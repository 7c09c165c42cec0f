"""Every named constraint of the room, violated once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from medguild.foundation.access.models import ApiToken, BrokenGlass, Grant, IdempotencyKey, User
from medguild.foundation.access.rules import Role
from medguild.foundation.kernel.clock import now
from tests.factories.world import START, World

HOUR = dt.timedelta(hours=1)


def _grant(world: World, **fields: Any) -> Grant:
    given = {
        "user": world.user(Role.NURSE), "role": Role.CODER, "unit": world.main.entity, "period": DateRange(START, None)
    }  # fmt: skip
    return Grant.objects.create(**{**given, **fields})


def _glass(world: World, **fields: Any) -> BrokenGlass:
    given = {
        "user": world.user(Role.NURSE), "patient_id": uuid4(), "reason": "x", "started_at": now(),
        "ends_at": now() + HOUR,
    }  # fmt: skip
    return BrokenGlass.objects.create(**{**given, **fields})


def _token(world: World, **fields: Any) -> ApiToken:
    given = {
        "name": "x", "digest": b"x" * 32, "role": Role.CODER, "unit": world.main.entity, "created_at": now(),
        "expires_at": now() + HOUR,
    }  # fmt: skip
    return ApiToken.objects.create(**{**given, **fields})


def _key(world: World, **fields: Any) -> IdempotencyKey:
    given = {"actor_id": uuid4(), "key": "k", "request_digest": b"x", "created_at": now()}
    return IdempotencyKey.objects.create(**{**given, **fields})


def _twice(make: Callable[..., object], *args: object, **fields: Any) -> None:
    make(*args, **fields)
    make(*args, **fields)


VIOLATIONS: dict[str, Callable[[World], object]] = {
    "user_email_once": lambda w: [User.objects.create(email=email) for email in ("a@example.org", "A@example.org")],
    "grant_role_known": lambda w: _grant(w, role="king"),
    "grant_on_unit_or_record": lambda w: _grant(w, unit=None),
    "grant_once_at_a_time": lambda w: _twice(_grant, w),
    "grant_period_whole": lambda w: _grant(w, period=DateRange(None, None)),
    "glass_ends_after_start": lambda w: _glass(w, ends_at=now() - HOUR),
    "glass_has_reason": lambda w: _glass(w, reason=""),
    "glass_review_whole": lambda w: _glass(w, reviewed_at=now()),
    "glass_reviewed_by_another": lambda w: _glass(w, reviewed_at=now(), reviewed_by=w.user(Role.NURSE), finding="fine"),
    "token_role_known": lambda w: _token(w, role=Role.PATIENT),
    "token_digest_once": lambda w: _twice(_token, w),
    "token_expires_later": lambda w: _token(w, expires_at=now() - HOUR),
    "idempotency_key_once": lambda w: _twice(_key, w, actor_id=uuid4()),
    "idempotency_answer_whole": lambda w: _key(w, status=200),
}


@pytest.mark.parametrize("name", VIOLATIONS)
def test_the_database_refuses(world: World, name: str) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        VIOLATIONS[name](world)
