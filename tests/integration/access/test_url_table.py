"""Runs the permission table of all URLs: right role, wrong role, right role of another unit, nobody."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.http import HttpResponseBase, StreamingHttpResponse
from django.test import Client
from django.urls import reverse

from medguild.foundation.access.models import User
from medguild.foundation.access.rules import Role
from medguild.foundation.access.services import create_token
from medguild.foundation.events.models import Event
from medguild.foundation.organization.models import Unit
from tests.factories.patients import make_patient
from tests.factories.world import HOUSE, World
from tests.support_urls import operations, own_url_names
from tests.url_tables import Row, gather

TABLE = gather()
OWN = own_url_names()
OPERATIONS = operations()


def test_every_url_is_in_the_table() -> None:
    missing = sorted((OWN | OPERATIONS.keys()) - TABLE.keys())
    assert not missing, f"add rows to tests/url_tables/<wing>.py (see its README): {', '.join(missing)}"


def test_the_table_names_no_url_that_is_gone() -> None:
    assert sorted(TABLE.keys() - OWN - OPERATIONS.keys()) == []


@dataclass(frozen=True)
class Prepared:
    """A row with its records and callers made; callers are logins, or secrets of tokens for the API."""

    method: str
    path: str
    sent: Mapping[str, Any]
    headers: Mapping[str, str]
    shows: bytes | None
    right: User | str | None
    wrong: User | str | None
    other: User | str | None


def prepared(name: str, row: Row, world: World, *, other: Unit | None = None) -> Prepared:
    _ = world.circle
    kwargs, unit = dict(row.kwargs(world)), row.unit(world)
    if name in OPERATIONS:
        method, path = name.split(" ", 1)
        method, path = method.lower(), path.format(**kwargs)
    else:
        method, path = row.method, reverse(name, kwargs=kwargs or None)
    return Prepared(
        method=method,
        path=path,
        sent=row.query(world) if method == "get" else row.data(world),
        headers=row.headers(world),
        shows=row.shows(world).encode() if row.shows else None,
        right=_caller(name, world, row.right, unit) if row.record is None else _holder(world, row, row.record(world)),
        wrong=_caller(name, world, row.wrong, unit),
        other=_caller(name, world, row.right, other or world.member_a.entity)
        if row.record is None
        else _holder(world, row, make_patient(world, unit=world.main.site_unit).pk),
    )


def _holder(world: World, row: Row, patient_id: UUID) -> User:
    assert row.right is not None
    return world.user(row.right, patient_id=patient_id)


def _caller(name: str, world: World, role: Role | None, unit: Unit) -> User | str | None:
    if role is None:
        return None
    if name in OPERATIONS:
        return create_token(name="table", role=role, unit=unit, by=HOUSE)[1]
    return world.user(role, unit)


@dataclass(frozen=True)
class Answer:
    """What came back, and whether a refusal was recorded; whatever was changed is rolled back."""

    status: int
    body: bytes
    place: str
    noted: bool


def ask(who: User | str | None, row: Prepared) -> Answer:
    bearer = {"Authorization": f"Bearer {who}"} if isinstance(who, str) else {}
    client = Client(raise_request_exception=False, headers={**bearer, **row.headers})
    with transaction.atomic():
        if isinstance(who, User):
            client.force_login(who)
        if row.path.startswith("/api/") and row.method != "get":
            sent = json.dumps(row.sent, default=str)
            answer = client.generic(row.method.upper(), row.path, sent, content_type="application/json")
        else:
            answer = getattr(client, row.method)(row.path, row.sent)
        body = _body(answer)
        noted = Event.objects.unscoped("the test looks at the whole log").filter(type="access.refused").exists()
        transaction.set_rollback(True)
    return Answer(answer.status_code, body, answer.get("Location", ""), noted)


def _body(answer: HttpResponseBase) -> bytes:
    if isinstance(answer, StreamingHttpResponse):
        return b"".join(answer)  # type: ignore[arg-type]
    return answer.content  # type: ignore[attr-defined, no-any-return]


@pytest.mark.parametrize("name", sorted(TABLE))
def test_who_may_open(name: str, world: World, settings: Any) -> None:
    settings.FORCE_SECOND_FACTOR = False
    row = TABLE[name]
    ready = prepared(name, row, world)
    stranger = ask(None, ready)
    if row.right is None:
        assert stranger.status in row.ok, f"everybody may open {name}, but got {stranger.status}"
        return
    asked = stranger.status == 401 or (stranger.status == 302 and stranger.place.startswith("/accounts/login/"))
    assert asked, f"nobody must be asked to sign in at {name}, but got {stranger.status}"
    _check_right(name, row, ready)
    if row.wrong is not None:
        wrong = ask(ready.wrong, ready)
        assert wrong.status == 403, f"{row.wrong} must not open {name}, but got {wrong.status}"
        assert wrong.noted, f"the refusal of {row.wrong} at {name} was not recorded"
    _check_other(name, row, ready)


def _check_right(name: str, row: Row, ready: Prepared) -> None:
    answer = ask(ready.right, ready)
    assert answer.status in row.ok, f"{row.right} may open {name}, but got {answer.status}"
    assert not answer.place.startswith("/accounts/"), f"{row.right} was sent to {answer.place} at {name}"
    if ready.shows is not None:
        assert ready.shows in answer.body, f"{name} does not show {row.right} what the row says"


def _check_other(name: str, row: Row, ready: Prepared) -> None:
    answer = ask(ready.other, ready)
    if row.other == "refused":
        assert answer.status in (403, 404), f"{row.right} of another entity opened {name}: {answer.status}"
        assert answer.noted, f"the refusal of another entity at {name} was not recorded"
    else:
        assert answer.status in row.ok, f"{row.right} of another entity may open {name}, but got {answer.status}"
    if ready.shows is not None:
        assert ready.shows not in answer.body, f"{name} shows another entity what it must not see"
