"""Statements that stay planned, and rows by COPY."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from medguild.foundation.access.models import IdempotencyKey
from medguild.foundation.kernel.sql import copy_in, planned_cursor

pytestmark = pytest.mark.django_db
MOMENT = dt.datetime(2026, 11, 2, 8, tzinfo=dt.UTC)


def _key(**given: object) -> IdempotencyKey:
    known: dict[str, object] = {
        "actor_id": uuid4(), "key": str(uuid4()), "request_digest": b"\x00\xff" * 16, "created_at": MOMENT,
    }  # fmt: skip
    return IdempotencyKey(**(known | given))


def _planned() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("select statement from pg_prepared_statements")
        return [statement for (statement,) in cursor.fetchall()]


def test_a_statement_is_planned_once_and_answers_for_every_value() -> None:
    for number in (1, 2, 3):
        with planned_cursor() as cursor:
            cursor.execute("select %s::int + 41 as planned_here", [number])
            assert cursor.fetchone() == (number + 41,)
    assert len([one for one in _planned() if "planned_here" in one]) == 1


def test_an_error_has_django_s_name_and_the_connection_goes_on() -> None:
    key = _key()
    copy_in([key])
    with pytest.raises(IntegrityError), transaction.atomic(), planned_cursor() as cursor:
        cursor.execute(
            "insert into foundation_idempotencykey (id, actor_id, key, request_digest, created_at)"
            " values (%s, %s, %s, %s, %s)",
            [uuid4(), key.actor_id, key.key, b"", MOMENT],
        )
    with planned_cursor() as cursor:
        cursor.execute("select 1")
        assert cursor.fetchone() == (1,)


def test_rows_that_are_copied_are_the_rows_that_were_given() -> None:
    rows = [_key(status=201, response=b'{"a": "\\t\\n"}'), _key()]
    copy_in(rows)
    for row in rows:
        held = IdempotencyKey.objects.get(pk=row.pk)
        assert bytes(held.request_digest) == row.request_digest
        assert (held.key, held.status, held.created_at) == (row.key, row.status, MOMENT)
        assert not row._state.adding


def test_constraints_hold_for_copied_rows() -> None:
    with pytest.raises(IntegrityError, match="idempotency_answer_whole"), transaction.atomic():
        copy_in([_key(status=200)])


def test_nothing_is_nothing() -> None:
    copy_in([])
