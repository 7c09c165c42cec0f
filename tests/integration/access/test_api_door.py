"""Tokens, and answers kept for clients that lost them."""

from __future__ import annotations

import json
import threading
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connections
from django.test import Client

from medguild.foundation.access.models import IdempotencyKey
from medguild.foundation.access.rules import Role
from medguild.foundation.access.services import create_token
from medguild.foundation.organization.models import SharingCircle
from tests.factories.world import HOUSE, World
from tests.integration.access import pages
from tests.integration.events.support import TOLD, everything

pytestmark = pytest.mark.urls("tests.integration.access.pages")
URL = "/api/door/circles"


@pytest.fixture
def token(world: World) -> str:
    pages.runs.clear()
    pages.running.clear()
    return create_token(name="x", role=Role.FRONT_DESK, unit=world.main.entity, by=HOUSE)[1]


def _post(token: str, key: str | None, **body: Any) -> Any:
    headers = {"Authorization": f"Bearer {token}"} | ({"Idempotency-Key": key} if key is not None else {})
    return Client().post(URL, json.dumps({"name": "c", **body}), content_type="application/json", headers=headers)


def _get(token: str, path: str) -> Any:
    return Client().get(path, headers={"Authorization": f"Bearer {token}"})


def test_no_token_no_answer(token: str) -> None:
    assert Client().get("/api/door/managed").status_code == 401
    assert _get("mg_wrong", "/api/door/managed").status_code == 401
    assert _get("", "/api/door/managed").status_code == 401


def test_a_session_is_no_token(world: World, token: str) -> None:
    client = Client()
    client.force_login(world.user(Role.FRONT_DESK))
    assert client.get(f"/api/door/seen/{pages.SEEN}").status_code == 401


def test_a_token_without_the_right_is_refused_and_the_attempt_is_recorded(token: str) -> None:
    assert _get(token, "/api/door/managed").status_code == 403
    assert everything().get(type="access.refused").data["url"] == "door:managed"


def test_what_is_not_visible_is_not_found_and_the_attempt_is_recorded(token: str) -> None:
    assert _get(token, f"/api/door/seen/{uuid4()}").status_code == 404
    assert everything().filter(type="access.refused").count() == 1
    assert everything().filter(type="record.read").count() == 0


def test_reads_by_programs_are_recorded(token: str) -> None:
    assert _get(token, f"/api/door/seen/{pages.SEEN}").status_code == 200
    event = everything().get(type="record.read")
    assert (event.actor_kind, event.patient_ids) == ("service", [pages.SEEN])


@pytest.mark.parametrize("key", [None, "", "k" * 201])
def test_a_post_needs_a_key(token: str, key: str | None) -> None:
    answer = _post(token, key)
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_needed")
    assert pages.runs == []


def test_the_same_request_again_gives_the_first_answer_and_does_nothing(token: str) -> None:
    first, second = _post(token, "k1"), _post(token, "k1")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert "Idempotent-Replay" not in first
    assert second["Idempotent-Replay"] == "true"
    assert pages.runs == ["c"]
    assert everything().filter(type=TOLD).count() == 1
    assert _post(token, "k2").content != first.content


def test_the_key_with_another_body_is_refused(token: str) -> None:
    _post(token, "k1")
    other = _post(token, "k1", name="d")
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")
    assert SharingCircle.objects.filter(name="d").count() == 0


def test_keys_of_two_callers_do_not_meet(token: str, world: World) -> None:
    other = create_token(name="y", role=Role.FRONT_DESK, unit=world.main.entity, by=HOUSE)[1]
    assert _post(token, "k1").json() != _post(other, "k1").json()


def test_a_refusal_frees_the_key_and_leaves_nothing_behind(token: str) -> None:
    refused = _post(token, "k1", fail=True)
    assert (refused.status_code, refused.json()["code"]) == (409, "taken")
    assert IdempotencyKey.objects.count() == 0
    assert SharingCircle.objects.filter(name="c").count() == 0
    assert everything().filter(type=TOLD).count() == 0
    assert _post(token, "k1").status_code == 201


def test_a_second_request_with_the_key_waits_for_the_first(transactional_log: None, token: str) -> None:
    answers: list[Any] = []

    def send() -> None:
        try:
            answers.append(_post(token, "k1", slow=True))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(4)]
    threads[0].start()
    assert pages.running.wait(20)
    for thread in threads[1:]:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [201] * 4
    assert len({answer.content for answer in answers}) == 1
    assert pages.runs == ["c"]
    assert UUID(answers[0].json()["id"]) == SharingCircle.objects.get(name="c").pk


def test_after_a_concurrent_refusal_the_next_in_line_runs(transactional_log: None, token: str) -> None:
    answers: list[int] = []

    def send(**body: Any) -> None:
        try:
            answers.append(_post(token, "k1", **body).status_code)
        finally:
            connections.close_all()

    first = threading.Thread(target=lambda: send(slow=True, fail=True))
    first.start()
    assert pages.running.wait(20)
    second = threading.Thread(target=lambda: send(name="d"))
    second.start()
    first.join()
    second.join()
    assert sorted(answers) == [201, 409]
    assert SharingCircle.objects.filter(name="d").exists()
